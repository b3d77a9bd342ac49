# The company is closed from 29 December to 3 January; 4 January 2027 is a Monday (S16).
contract C-002 business en 2026-01-01..2027-03-31 Acme Ltd
asker C-002 Ann Archer <ann@acme.example>
staff ja 佐藤 <sato@desk.example>

at 2026-12-28 17:30 +0900
> question
    From: Ann Archer <ann@acme.example>
    Subject: Upgrade

    How do we upgrade from pgpool-II 4.4 to pgpool-II 4.5?
= open
< ack
    to ann@acme.example
    says We will answer by Mon 4 Jan 2027 09:30 JST.
    not outside our support hours
< staff
    to sato@desk.example

explain INC-2026-000001
    says arrived: Mon 2026-12-28 17:30:00 JST
    says due: Mon 2027-01-04 09:30:00 JST
    says 60 min 00 s of the covered time left
    says Mon 2026-12-28 17:30:00 Mon 2026-12-28 18:00:00 30:00 30:00 counts
    says Mon 2026-12-28 18:00:00 Mon 2027-01-04 09:00:00 closed Tue 2026-12-29 Sun 2027-01-03 the company's closing over
    says Mon 2027-01-04 09:00:00 Mon 2027-01-04 09:30:00 30:00 60:00 counts
    not New Year's Day

# Numbers begin anew with the year in Tokyo, where it is 2027 already.
at 2026-12-31 15:30 +0000
> new year
    From: Ann Archer <ann@acme.example>
    Subject: New year's question

    What is the default of num_init_children in pgpool-II 4.5?
< ack of the new year
    to ann@acme.example
    subject [INC-2027-000001]
    says We will answer by Mon 4 Jan 2027 10:00 JST.
< staff
    to sato@desk.example
explain INC-2027-000001
    says Fri 2027-01-01 00:30:00 Mon 2027-01-04 09:00:00 closed Fri 2027-01-01 Sun 2027-01-03 the company's closing over
    says Mon 2027-01-04 09:00:00 Mon 2027-01-04 10:00:00 60:00 60:00 counts
