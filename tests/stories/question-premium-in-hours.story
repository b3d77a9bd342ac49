# A question under Premium, in business hours: acknowledged at once, due in 30 minutes (S16-S19).
contract C-001 premium ja 2026-01-01..2026-12-31 株式会社サンプル
asker C-001 山田 太郎 <yamada@customer.example>
staff en Sato <sato@desk.example>

at 2026-04-01 10:00 +0900
> question
    From: 山田 太郎 <yamada@customer.example>
    Subject: フェイルオーバーについて

    お世話になっております。
    pgpool-II 4.5.2 のフェイルオーバーの設定について教えてください。

    山田
= open
< ack
    to yamada@customer.example
    answers question
    subject Re: [INC-2026-000001] フェイルオーバーについて
    says 山田 太郎 様
    says 契約番号　　: C-001
    says メニュー　　: プレミアム
    says 対象製品　　: pgpool-II 4.5.2
    says 緊急度　　　: 通常
    says 2026年4月1日(水) 10:30 JST までに
    not 対応時間外
    not Sato
< word to staff
    to sato@desk.example
    subject [INC-2026-000001] New: フェイルオーバーについて
    says Asker: 山田 太郎 <yamada@customer.example>
    says Due: Wed 1 Apr 2026 10:30 JST
incident INC-2026-000001 acknowledged 1
at +2d
nothing
