# Five past six on a Friday, and Monday is a holiday: both menus count from Tuesday morning (S16, S18).
contract C-001 premium ja 2026-01-01..2026-12-31 株式会社サンプル
asker C-001 山田 太郎 <yamada@customer.example>
contract C-002 business en 2026-01-01..2026-12-31 Acme Ltd
asker C-002 Ann Archer <ann@acme.example>
staff ja 佐藤 <sato@desk.example>

at 2026-11-20 18:05 +0900
> question
    From: Ann Archer <ann@acme.example>
    Subject: Query cache

    Is the query cache of pgpool-II 4.5 safe with temporary tables?
= open
< ack
    to ann@acme.example
    says Tue 24 Nov 2026 09:00 JST
    says Tue 24 Nov 2026 10:00 JST
< staff
    to sato@desk.example
> premium question
    From: 山田 太郎 <yamada@customer.example>
    Subject: ログの意味

    pgpool-II 4.5 のログの見方を教えてください。
= open
< premium ack
    to yamada@customer.example
    says 2026年11月24日(火) 09:30 JST
< premium staff
    to sato@desk.example
explain INC-2026-000001
    says menu: business: the first response within 60 covered minutes
    says urgency: normal, decided by the rules
    says due: Tue 2026-11-24 10:00:00 JST
    says acknowledged: Fri 2026-11-20 18:05:00 JST; 60 min 00 s of the covered time left
    says relay said: 250 2.0.0 taken
    says Fri 2026-11-20 18:05:00 Tue 2026-11-24 09:00:00 closed Sat 2026-11-21 Saturday Sun 2026-11-22 Sunday
    says Mon 2026-11-23 Labor Thanksgiving Day
    says Tue 2026-11-24 09:00:00 Tue 2026-11-24 10:00:00 60:00 60:00 counts
    not NOTE
explain INC-2026-000002
    says Tue 2026-11-24 09:00:00 Tue 2026-11-24 09:30:00 30:00 30:00 counts
