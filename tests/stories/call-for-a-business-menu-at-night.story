# A menu without cover at night calls nobody then; in the morning staff are called, and never the partner (S17, S27).
contract C-001 business en 2026-01-01..2026-12-31 Acme
asker C-001 Ann <ann@acme.example>
staff en Sato <sato@desk.example>
partner ja 夜間窓口 <night@partner.example>

at 2026-04-04 03:00 +0900
> question
    From: Ann <ann@acme.example>
    Subject: production is down

    Our production system is down, pgpool-II 4.5 crashes again after every restart.
    We cannot work at all, and it is mission critical.
= open
< ack
    to ann@acme.example
    says we will start at Mon 6 Apr 2026 09:00 JST
< staff
    to sato@desk.example
    subject URGENT New
nothing
at +5h
nothing
at 2026-04-06 09:00 +0900
< call
    to sato@desk.example
    subject URGENT: please take it
# It changes nothing for the asker, so nothing is said.
> not urgent
    From: Sato <sato@desk.example>
    Answers: call

    not urgent
= orders
< told
    to sato@desk.example
    says handled as a normal question
nothing
at +1d
nothing
