# Renewed under another menu: the old one is paid for to its last day, the new one holds from the next (S16-S18, S24).
contract C-001 business en 2026-01-01..2026-12-31 Harbor Ltd
asker C-001 Emma Hill <emma@harbor.example>

at 2026-12-01 10:00 +0900
renew C-001 2027-12-31 premium

# A Thursday in the old term: Business time answers within 60 minutes.
at 2026-12-03 10:00 +0900
> before
    From: Emma Hill <emma@harbor.example>
    Subject: Connection limits

    How do I choose max_pool in pgpool-II 4.5.2?
= open
< ack
    to emma@harbor.example
    says Thu 3 Dec 2026 11:00 JST

# A Thursday in the new term: Premium answers within 30.
at 2027-01-07 10:00 +0900
> after
    From: Emma Hill <emma@harbor.example>
    Subject: Load balancing

    How do I send all reads to one node with pgpool-II 4.5.2?
= open
< ack of the new term
    to emma@harbor.example
    says Thu 7 Jan 2027 10:30 JST
