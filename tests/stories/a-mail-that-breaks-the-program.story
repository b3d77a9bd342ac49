# A mail that breaks the program is set aside and told to staff, once; the others go on; retried, it is acknowledged.
contract C-002 business en 2026-01-01..2026-12-31 Acme Ltd
asker C-002 Ann Archer <ann@acme.example>
staff ja 佐藤 <sato@desk.example>
asker C-002 Bob <bob@acme.example>

at 2026-04-01 10:00 +0900
template breaks on bomb
> bomb
    From: Ann Archer <ann@acme.example>
    Subject: This is a bomb

    How do we configure the watchdog of pgpool-II 4.5 please?
= failed
< word of the failure
    to sato@desk.example
    subject 処理できなかったメール #1
    says ZeroDivisionError
    says mailbot inbound retry 1
incidents 0

> another
    From: Bob <bob@acme.example>
    Subject: Load balancing

    How does load balancing work in pgpool-II 4.5?
= open
< ack of the other
    to bob@acme.example
< staff
    to sato@desk.example
at +1d
nothing

template mended
retry bomb
= open
< ack
    to ann@acme.example
    subject Re: [INC-2026-000002] This is a bomb
    says Received: Wed 1 Apr 2026 10:00 JST
    says We will answer as soon as we can, and are sorry that you had to wait.
    not We will answer by
< staff
    to sato@desk.example
incidents 2
