# The old contract ended, the new one has another number. A question goes to the one that runs; nobody is told that the
# service has ended. An answer in an incident of the old one is shown to staff.
contract C-2025 premium ja 2025-04-01..2026-03-31 株式会社サンプル
contract C-2026 premium ja 2026-04-01..2027-03-31 株式会社サンプル
asker C-2025 山田 太郎 <yamada@customer.example>
asker C-2026 山田 太郎 <yamada@customer.example>
staff en Sato <sato@desk.example>

at 2026-03-30 10:00 +0900
> the last question of the old year
    From: 山田 太郎 <yamada@customer.example>
    Subject: 設定について

    pgpool-II 4.5 の num_init_children の設定を教えてください。
= open
< old ack
    to yamada@customer.example
    says C-2025
< to staff
    to sato@desk.example

at 2026-04-01 10:00 +0900
> a new question
    From: 山田 太郎 <yamada@customer.example>
    Subject: 負荷分散

    pgpool-II 4.5 の負荷分散について教えてください。
= open
< new ack
    to yamada@customer.example
    says C-2026
    not C-2025
< word of the new one
    to sato@desk.example

> an answer to the old one
    From: 山田 太郎 <yamada@customer.example>
    Answers: old ack

    設定の件、もう一つ教えてください。
= hold ended
< digest
    to sato@desk.example
incidents 2
