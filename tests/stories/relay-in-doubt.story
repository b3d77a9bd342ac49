# The line dies behind the final dot: the very same letter goes again, so that it can be known for one (RFC 1047).
contract C-002 business en 2026-01-01..2026-12-31 Acme Ltd
asker C-002 Ann Archer <ann@acme.example>
staff ja 佐藤 <sato@desk.example>

at 2026-04-01 10:00 +0900
relay hangs up
> question
    From: Ann Archer <ann@acme.example>
    Subject: Watchdog

    How do we configure the watchdog of pgpool-II 4.5 please?
= open
< ack
    to ann@acme.example
< staff
    to sato@desk.example
incident INC-2026-000001 new 1
relay works
at +1m
< ack again
    to ann@acme.example
< staff again
    to sato@desk.example
incident INC-2026-000001 acknowledged 1
at +1d
nothing
