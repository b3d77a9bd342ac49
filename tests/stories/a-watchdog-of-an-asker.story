# A machine of an asker's writes by itself: nobody answers a machine (RFC 3834), but staff see what it says. What a machine
# answers, an absence note say, is nothing to anybody.
contract C-001 premium en 2026-01-01..2026-12-31 Acme Ltd
asker C-001 Ann Archer <ann@acme.example>
staff en Sato <sato@desk.example>

at 2026-04-01 10:00 +0900
> watchdog
    From: Ann Archer <ann@acme.example>
    Auto-Submitted: auto-generated
    Subject: node 1 is down

    pgpool-II 4.5 on host db1: node 1 is down.
= hold machine
< digest
    to sato@desk.example
    says a machine of an asker wrote it by itself
    says release 1
    says node 1 is down

> order
    From: Sato <sato@desk.example>
    Answers: digest

    release 1
= orders
< ack
    to ann@acme.example
    answers watchdog
< transcript
    to sato@desk.example
< question
    to sato@desk.example

> absence
    From: Ann Archer <ann@acme.example>
    Auto-Submitted: auto-replied
    Subject: I am away

    Until Monday.
= ignore automatic
