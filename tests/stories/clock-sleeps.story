# The machine sleeps for a night. Its clocks agree: nothing is in doubt. What fell due meanwhile is done once, late.
contract C-001 premium en 2026-01-01..2028-12-31 Acme Ltd
asker C-001 Ann Archer <ann@acme.example>
staff en Sato <sato@desk.example>

at 2026-03-31 22:00 +0900
sold C-002 premium en 2026-04-01..2027-03-31 Beta Ltd
    asker Bob Baker <bob@beta.example>
relay defers
> question
    From: Ann Archer <ann@acme.example>
    Subject: Watchdog

    How do we configure the watchdog of pgpool-II 4.5 please?
= open
nothing

clock sleeps 12h
nothing
relay works
at +1m
< ack
    to ann@acme.example
< staff
    to sato@desk.example
< alarm
    to sato@desk.example
    subject ALARM: mailbot stood still for 12 h
    says Its clock agrees
    not SUSPENDED
< breach
    to sato@desk.example
    subject BREACH: acknowledgements that have not left: 1
< guide
    to bob@beta.example
clock sleeps 1m
nothing
clock restarts 10m
nothing
