# Real hours that end at night: staff are told while they are there, and called when they come back.
sells business | answer_minutes = 540 | answer_time = "real"
contract C-001 business en 2026-01-01..2026-12-31 Example Inc.
asker C-001 Ann <ann@customer.example>
staff en Sato <sato@desk.example>

at 2026-04-01 16:00 +0900
> question
    From: Ann <ann@customer.example>
    Subject: failover

    How do I set failover_command in pgpool-II 4.5?
= open
< ack
    to ann@customer.example
    says Thu 2 Apr 2026 01:00 JST
< staff
    to sato@desk.example

# 50 and 80 per cent would be at 20:30 and 23:12: one word, half an hour before they go home.
at 2026-04-01 17:29 +0900
nothing
at +1m
< before
    to sato@desk.example
    subject Reminder: INC-2026-000001 is to be answered by Thu 2 Apr 2026 01:00 JST
at 2026-04-02 01:00 +0900
nothing
at 2026-04-02 08:59 +0900
nothing
at +1m
< alarm
    to sato@desk.example
    subject URGENT: answers are late: INC-2026-000001
< late
    to sato@desk.example
    subject LATE: INC-2026-000001 was to be answered by Thu 2 Apr 2026 01:00 JST
at +5m
nothing
answered INC-2026-000001 sato@desk.example
at +10d
nothing
