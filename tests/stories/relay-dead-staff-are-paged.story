# The relay dies at the worst moment. Alarms leave by another way: at 50 and 80 per cent of the hour, and at its end.
# What leaves at last is late, and is written down as late; then there is nothing more to tell (S18).
contract C-002 business en 2026-01-01..2026-12-31 Acme Ltd
asker C-002 Ann Archer <ann@acme.example>
staff en Sato <sato@desk.example>

at 2026-04-01 17:40 +0900
relay takes alarms alone
> question
    From: Ann Archer <ann@acme.example>
    Subject: Watchdog

    How do we configure the watchdog of pgpool-II 4.5 please?
= open
nothing

# Twenty minutes count before the closing, forty on the next morning.
at 2026-04-02 09:09 +0900
nothing
at +1m
< half
    to sato@desk.example
    subject URGENT: acknowledgements that have not left: 1
    says INC-2026-000001 50 % of the time is over
    says Contract: C-002
    says Due: Thu 2 Apr 2026 09:40 JST
    says To: ann@acme.example
    says waits to be sent, or sent again
    says Relay: 450 4.2.0 try again later
    not Watchdog
at +18m
< most
    to sato@desk.example
    says 80 % of the time is over
at +11m
nothing
at +1m
< breach
    to sato@desk.example
    subject BREACH: acknowledgements that have not left: 1
    says 100 % of the time is over
incident INC-2026-000001 new 1
at +10m
nothing

relay works
at +2h
< ack
    to ann@acme.example
    says INC-2026-000001
< staff
    to sato@desk.example
incident INC-2026-000001 acknowledged 1
late INC-2026-000001
at +1d
nothing
