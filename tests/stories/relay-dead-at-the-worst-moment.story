# The relay dies when an urgent question comes in at night: the acknowledgement leaves by the second one at once, and
# people hear of it there within a minute, though their own mail cannot come (S18, S21).
contract C-001 premium en 2026-01-01..2026-12-31 Acme Ltd
asker C-001 Ann Archer <ann@acme.example>
staff en Sato <sato@desk.example>
second relay works

at 2026-04-01 03:00 +0900
relay refuses connections
> question
    From: Ann Archer <ann@acme.example>
    Subject: [URGENT] Our production cluster is down

    pgpool-II 4.5 crashed on our production system, after several restarts it does not come up again.
    This is mission critical: all our work has stopped.
= open
< ack
    to ann@acme.example
    by second
< call
    to sato@desk.example
    by second
    subject [INC-2026-000001] URGENT: please take it
incident INC-2026-000001 acknowledged 1
at +10s
nothing
at +20s
nothing
at +5s
< alarm
    to sato@desk.example
    by second
    subject ALARM: the first relay fails
    says Since Wed 1 Apr 2026 03:00 JST
    says connection refused
    says Acknowledgements that have not left: 0
    says go by the second relay meanwhile

# She answers the call, so that nobody is called again; what tells her so waits for the first relay.
> mine
    From: Sato <sato@desk.example>
    Answers: call

    I phone them.
= orders

# The outage goes on: nobody is alarmed twice. Further acknowledgements go by the second relay.
at +10m
> another
    From: Ann Archer <ann@acme.example>
    Subject: Another question

    How do we configure the watchdog of pgpool-II 4.5 please?
= open
< ack2
    to ann@acme.example
    by second
incident INC-2026-000002 acknowledged 1
at +30m
nothing

# It is back: what waited leaves, and people hear of that, once.
relay works
at +2h
< staff
    to sato@desk.example
    by first
    subject INC-2026-000001
< taken
    to sato@desk.example
    by first
    subject Done
< staff2
    to sato@desk.example
    by first
    subject INC-2026-000002
at +5s
< recovery
    to sato@desk.example
    subject Works again: the first relay
at +1d
nothing
