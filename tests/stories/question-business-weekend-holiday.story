# Friday night before Golden Week 2026: the next business day is Thursday, 7 May (S16).
contract C-002 business en 2026-01-01..2026-12-31 Acme Ltd
asker C-002 Ann Archer <ann@acme.example>
staff ja 佐藤 <sato@desk.example>

at 2026-05-01 20:00 +0900
> question
    From: Ann Archer <ann@acme.example>
    Subject: Query cache

    Is the query cache of pgpool-II 4.5 safe with temporary tables?
= open
< ack
    to ann@acme.example
    says we will start at Thu 7 May 2026 09:00 JST.
    says We will answer by Thu 7 May 2026 10:00 JST.
< staff
    to sato@desk.example
