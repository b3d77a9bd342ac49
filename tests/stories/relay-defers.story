# The relay is down for a while: nothing is lost, and the moment that counts is its 250 (S18, P3).
contract C-002 business en 2026-01-01..2026-12-31 Acme Ltd
asker C-002 Ann Archer <ann@acme.example>
staff ja 佐藤 <sato@desk.example>

at 2026-04-01 10:00 +0900
relay defers
> question
    From: Ann Archer <ann@acme.example>
    Subject: Watchdog

    How do we configure the watchdog of pgpool-II 4.5 please?
= open
nothing
incident INC-2026-000001 new 1
at +1m
at +1m
nothing
relay works
at +1m
< ack
    to ann@acme.example
    says We will answer by Wed 1 Apr 2026 11:00 JST.
< staff
    to sato@desk.example
incident INC-2026-000001 acknowledged 1
explain INC-2026-000001
    says acknowledged: Wed 2026-04-01 10:03:00 JST; 57 min 00 s of the covered time left
    says relay said: 250 2.0.0 taken
    says Wed 2026-04-01 10:00:00 Wed 2026-04-01 11:00:00 60:00 60:00 counts
