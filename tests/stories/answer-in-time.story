# A menu that promises answers: within nine covered hours, then news every two days while it is the desk's turn.
sells business | answer_minutes = 540 | update_minutes = 1080
contract C-001 business en 2026-01-01..2026-12-31 Example Inc.
asker C-001 Ann <ann@customer.example>
staff en Sato <sato@desk.example>

at 2026-04-01 10:00 +0900
> question
    From: Ann <ann@customer.example>
    Subject: failover

    How do I set failover_command in pgpool-II 4.5?
= open
< ack
    to ann@customer.example
    says Thu 2 Apr 2026 10:00 JST
< staff
    to sato@desk.example

# Half of the time is over.
at 2026-04-01 14:29 +0900
nothing
at +1m
< half
    to sato@desk.example
    subject Reminder: INC-2026-000001 is to be answered by Thu 2 Apr 2026 10:00 JST
    says Our customer waits for this answer:
    says Taken by: nobody yet

# A person answers, by phone say: no word of it is due any more, but news are in two days.
at +30m
answered INC-2026-000001 sato@desk.example
incident INC-2026-000001 acknowledged 1
at 2026-04-02 10:00 +0900
nothing
at 2026-04-02 15:00 +0900
< news
    to sato@desk.example
    subject Reminder: INC-2026-000001 is to be answered by Fri 3 Apr 2026 15:00 JST
    says (news)
at +1m
close INC-2026-000001
incident INC-2026-000001 closed 1
at +30d
nothing
