# A question comes on Wednesday evening; later that evening the company decides to close on Thursday. What was promised
# stands; who asks from then on is promised Friday. And no later edit of the rules, however naive, rewrites the proofs.
contract C-002 business en 2026-01-01..2026-12-31 Acme Ltd
asker C-002 Ann Archer <ann@acme.example>
staff ja 佐藤 <sato@desk.example>

at 2026-08-12 17:30 +0900
> question
    From: Ann Archer <ann@acme.example>
    Subject: Query cache

    Is the query cache of pgpool-II 4.5 safe with temporary tables?
= open
< ack
    to ann@acme.example
    says Thu 13 Aug 2026 09:30 JST
< staff
    to sato@desk.example

at 2026-08-12 18:30 +0900
closes business 2026-08-13 from now: the typhoon
explain INC-2026-000001
    says due: Thu 2026-08-13 09:30:00 JST
    not the typhoon

at 2026-08-12 19:00 +0900
> another question
    From: Ann Archer <ann@acme.example>
    Subject: Watchdog

    How do we configure the watchdog of pgpool-II 4.5 please?
= open
< another ack
    to ann@acme.example
    says Fri 14 Aug 2026 10:00 JST
< another word to staff
    to sato@desk.example
explain INC-2026-000002
    says due: Fri 2026-08-14 10:00:00 JST
    says Wed 2026-08-12 19:00:00 Fri 2026-08-14 09:00:00 closed Thu 2026-08-13 the typhoon
    says Fri 2026-08-14 09:00:00 Fri 2026-08-14 10:00:00 60:00 60:00 counts

# Somebody tidies up and writes the days in as if they had always been known.
at 2026-08-20 12:00 +0900
closes business 2026-08-12..2026-08-14: the week of the typhoon
explain INC-2026-000001
    says due: Thu 2026-08-13 09:30:00 JST
    says Wed 2026-08-12 17:30:00 Wed 2026-08-12 18:00:00 30:00 30:00 counts
    says Thu 2026-08-13 09:00:00 Thu 2026-08-13 09:30:00 30:00 60:00 counts
    not the week of the typhoon
    not NOTE
explain INC-2026-000002
    says due: Fri 2026-08-14 10:00:00 JST
    says closed Thu 2026-08-13 the typhoon
    not the week of the typhoon
    not NOTE
