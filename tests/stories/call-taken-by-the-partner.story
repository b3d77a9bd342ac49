# The partner takes what it was called for: staff sleep on, and hear in the morning who has it and what was done (S27).
contract C-001 premium en 2026-01-01..2026-12-31 Acme
asker C-001 Ann <ann@acme.example>
staff en Sato <sato@desk.example>
partner en Night Desk <night@partner.example>

at 2026-04-04 03:00 +0900
> question
    From: Ann <ann@acme.example>
    Subject: production is down

    Our production system is down, pgpool-II 4.5 crashes again after every restart.
    We cannot work at all, and it is mission critical.
= open
< ack
    to ann@acme.example
< staff
    to sato@desk.example
    subject URGENT New
< call
    to night@partner.example
    subject [INC-2026-000001] URGENT: production is down
    says please take this question outside our hours
    says Customer: Acme
    says pgpool-II 4.5 crashes again
at +3m
> answer
    From: Night Desk <night@partner.example>
    Answers: call

    We have it. Their phone is busy, we try again.
= orders
< told
    to night@partner.example
    subject It is yours. Nobody else is called any more.
    says It was not sent to the customer.
    answers answer
    not sato
< claimed
    to sato@desk.example
    subject [INC-2026-000001] Taken: production is down
    says Night Desk <night@partner.example> has taken INC-2026-000001.
    says Their phone is busy
at +2h
nothing
# What the partner writes later is kept, and changes nothing.
> more
    From: Night Desk <night@partner.example>
    Answers: call

    It runs again.
= orders
< heard
    to night@partner.example
    says It is yours
incident INC-2026-000001 acknowledged 3
