# The second relay fails when it is needed: people hear of it by the first.
contract C-001 premium en 2026-01-01..2026-12-31 Acme Ltd
asker C-001 Ann Archer <ann@acme.example>
staff en Sato <sato@desk.example>
second relay refuses connections

at 2026-04-01 10:00 +0900
relay refuses connections
> question
    From: Ann Archer <ann@acme.example>
    Subject: Watchdog

    How do we configure the watchdog of pgpool-II 4.5 please?
= open
nothing
at +10s
at +20s
at +5s
nothing
relay works
at +1m
< ack
    to ann@acme.example
    by first
< alarm
    to sato@desk.example
    by first
    subject ALARM: the second relay fails
    says there is nothing to fall back on.
< staff
    to sato@desk.example
    subject INC-2026-000001
< alarm
    to sato@desk.example
    by first
    subject ALARM: the first relay fails
at +5s
< recovery
    to sato@desk.example
    by first
    subject Works again: the first relay
at +1d
nothing
