# Sold after its first day: the guide goes out at once. Whoever is contact and asker in one gets one guide.
at 2026-04-10 22:15 +0900
sold C-002 business en 2026-04-01..2027-03-31 Example Inc.
    contact Jane Roe <jane@customer.example>
    asker Jane Roe <jane@customer.example>
    asker John Doe <john@customer.example>
< for both
    to jane@customer.example
    subject Welcome to the pgpool-II support service (contract C-002)
    says Dear Jane Roe,
    says You are registered as contract contact, too
    says John Doe <john@customer.example>
< for the asker
    to john@customer.example
    says Dear John Doe,
    says Questions: Mon-Fri 9:00-18:00 JST, except public holidays, 29 Dec-3 Jan
    says First response: within 60 minutes
    says Cluster: (none registered)
    says Please tell us soon when askers, machines, operating systems or versions change: registry@desk.example
    not Urgent:
    not jane@customer.example
nothing
