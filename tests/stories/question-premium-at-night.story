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
< staff
    to sato@desk.example
    subject [INC-2026-000001] New: ログの意味
