# Sold, but beginning tomorrow (S7).
contract C-001 premium ja 2026-04-02..2027-04-01 株式会社サンプル
asker C-001 山田 太郎 <yamada@customer.example>
staff en Sato <sato@desk.example>

at 2026-04-01 23:59 +0900
> too early
    From: 山田 太郎 <yamada@customer.example>
    Subject: 設定について

    pgpool-II 4.5 について教えてください。
= hold not-begun
< digest
    to sato@desk.example
incidents 0

at 2026-04-02 00:00 +0900
> in time
    From: 山田 太郎 <yamada@customer.example>
    Subject: 設定の質問

    pgpool-II 4.5 について教えてください。
= open
< ack
    to yamada@customer.example
< staff
    to sato@desk.example
