# A robot without any sign answers every acknowledgement with the same words: the second repetition is the last one
# that is acknowledged; staff are told, and the incident waits for them (attack row 15).
contract C-001 premium ja 2026-01-01..2026-12-31 株式会社サンプル
asker C-001 山田 太郎 <yamada@customer.example>
staff en Sato <sato@desk.example>

at 2026-04-01 10:00 +0900
> robot one
    From: yamada@customer.example
    Subject: Thank you for your mail

    We shall see to it.
= open
< ack one
    to yamada@customer.example
< staff
    to sato@desk.example
    not ATTENTION
at +1m
> robot two
    From: yamada@customer.example
    Subject: Thank you for your mail

    We shall see to it.
= open
< ack two
    to yamada@customer.example
< staff
    to sato@desk.example
at +1m
> robot three
    From: yamada@customer.example
    Subject: Thank you for your mail

    We shall see to it.
= open
< staff
    to sato@desk.example
    subject [INC-2026-000003] New: Thank you for your mail
    says ATTENTION: the same question keeps coming
    says This one was NOT acknowledged
nothing
incident INC-2026-000003 new 1
