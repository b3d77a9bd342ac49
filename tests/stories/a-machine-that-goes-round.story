# A robot without any sign answers every acknowledgement with the same words: the second time is the last one that is
# acknowledged; the third waits for staff, who are told once (attack row 15).
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
= hold goes-round
< digest
    to sato@desk.example
    says the same keeps coming, perhaps from a machine that answers our mails: it was NOT acknowledged
at +1m
> robot four
    From: yamada@customer.example
    Subject: Thank you for your mail

    We shall see to it.
= hold goes-round
nothing
incidents 2

# Yamada himself is served as ever.
at +1m
> a person
    From: 山田 太郎 <yamada@customer.example>
    Subject: フェイルオーバーについて

    pgpool-II 4.5 のフェイルオーバーについて教えてください。
= open
< ack
    to yamada@customer.example
< staff
    to sato@desk.example
