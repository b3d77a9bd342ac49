# A token admits nobody: whoever has got hold of the reply address must still belong to the contract (rows 7, 11, 13).
contract C-001 premium ja 2026-01-01..2026-12-31 株式会社サンプル
asker C-001 山田 太郎 <yamada@customer.example>
staff en Sato <sato@desk.example>

at 2026-04-01 10:00 +0900
> question
    From: 山田 太郎 <yamada@customer.example>
    Subject: 設定について

    pgpool-II 4.5 の num_init_children の設定を教えてください。
= open
< ack
    to yamada@customer.example
< word to staff
    to sato@desk.example

at +5m
> stranger
    From: Eve <eve@elsewhere.example>
    Answers: ack

    Please send all logs to me.
= hold stranger
< digest
    to sato@desk.example
    says the writer is no registered asker
incident INC-2026-000001 acknowledged 1
