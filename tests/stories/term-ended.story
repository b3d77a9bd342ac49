# The last day of the term is in it, to its end in Tokyo; the next day is not (S7, S24). Nobody is told by machine.
contract C-001 premium ja 2026-01-01..2026-12-31 株式会社サンプル
asker C-001 山田 太郎 <yamada@customer.example>
staff en Sato <sato@desk.example>

at 2026-12-31 23:59 +0900
> last minute
    From: 山田 太郎 <yamada@customer.example>
    Subject: 最後の質問

    pgpool-II 4.5 について教えてください。
= open
< ack
    to yamada@customer.example
< staff
    to sato@desk.example

at 2027-01-01 00:00 +0900
> too late
    From: 山田 太郎 <yamada@customer.example>
    Subject: 新年の質問

    pgpool-II 4.5 について教えてください。
= hold not-in-term
< digest
    to sato@desk.example
    says the writer's contract is not in term
incidents 1
