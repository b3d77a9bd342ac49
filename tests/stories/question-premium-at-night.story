# Premium covers a normal question in business hours only (S17).
contract C-001 premium ja 2026-01-01..2026-12-31 株式会社サンプル
asker C-001 山田 太郎 <yamada@customer.example>
staff en Sato <sato@desk.example>

at 2026-04-01 18:05 +0900
> question
    From: 山田 太郎 <yamada@customer.example>
    Subject: ログの意味

    pgpool-II 4.5 のログの見方を教えてください。
= open
< ack
    to yamada@customer.example
    says ただいまは対応時間外のため、2026年4月2日(木) 09:00 JST より対応を開始いたします。
    says 2026年4月2日(木) 09:30 JST までに
    says 次の対応時間で数えて 30 分以内にご回答します。 月曜～金曜 9:00～18:00 JST（祝日、12月29日～1月3日を除く） （緊急のお問い合わせは 24 時間 365 日）
    not お電話
< staff
    to sato@desk.example
    subject [INC-2026-000001] New: ログの意味
