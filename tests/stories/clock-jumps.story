# Somebody sets the clock of the machine wrong by a year, and back. Questions are acknowledged as always; the guides to a
# contract that begins in October are not sent in April (promises, row 36), and people know of it at once.
contract C-001 premium en 2026-01-01..2028-12-31 Acme Ltd
asker C-001 Ann Archer <ann@acme.example>
staff en Sato <sato@desk.example>

at 2026-04-01 10:00 +0900
sold C-002 premium en 2026-10-01..2027-09-30 Beta Ltd
    asker Bob Baker <bob@beta.example>
nothing

clock jumps +365d
< alarm
    to sato@desk.example
    subject ALARM: the clock was set forwards by 365 d
    says Last seen: Wed 1 Apr 2026 10:00 JST
    says Now: Thu 1 Apr 2027 10:00 JST
    says SUSPENDED
    says mailbot clock accept
    not bob@beta.example
> question
    From: Ann Archer <ann@acme.example>
    Subject: Watchdog

    How do we configure the watchdog of pgpool-II 4.5 please?
= open
< ack
    to ann@acme.example
< staff
    to sato@desk.example

# The clock comes back: what was suspended goes on by itself, and there is nothing to send yet.
clock jumps -365d
< back
    to sato@desk.example
    subject ALARM: the clock was set back by 365 d
    says The clock is back
    not mailbot clock accept
> another question
    From: Ann Archer <ann@acme.example>
    Subject: Failover

    How long may a failover of pgpool-II 4.5 take?
= open
< ack two
    to ann@acme.example
    says Wed 1 Apr 2026 10:30 JST
< staff two
    to sato@desk.example

at 2026-10-01 09:00 +0900
< guide
    to bob@beta.example
nothing
