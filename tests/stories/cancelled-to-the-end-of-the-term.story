# Cancelled in spring: the service goes on to the last day of the term, and no day longer (S24).
contract C-001 premium en 2026-01-01..2026-12-28 Harbor Ltd
asker C-001 Emma Hill <emma@harbor.example>
staff en Sato <sato@desk.example>

at 2026-04-01 10:00 +0900
cancel C-001
nothing

at 2026-12-28 09:59 +0900
> on the last day
    From: Emma Hill <emma@harbor.example>
    Subject: Connection limits

    How do I choose max_pool in pgpool-II 4.5.2?
= open
< ack
    to emma@harbor.example
< staff
    to sato@desk.example

at 2026-12-29 00:00 +0900
> a day later
    From: Emma Hill <emma@harbor.example>
    Subject: Load balancing

    How do I send all reads to one node with pgpool-II 4.5.2?
= hold ended
< told
    to emma@harbor.example
< digest
    to sato@desk.example
incidents 1
