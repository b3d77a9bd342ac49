# 17:59 leaves one minute today; 18:00 sharp is tomorrow: hours are half-open (S16, S18).
contract C-002 business en 2026-01-01..2026-12-31 Acme Ltd
asker C-002 Ann Archer <ann@acme.example>
staff ja 佐藤 <sato@desk.example>

at 2026-04-01 17:59 +0900
> one minute before
    From: Ann Archer <ann@acme.example>
    Subject: Load balancing

    How does load balancing work in pgpool-II 4.5?
< first
    to ann@acme.example
    says We will answer by Thu 2 Apr 2026 09:59 JST.
    not outside our support hours
< staff
    to sato@desk.example

at 2026-04-01 18:00 +0900
> at the stroke
    From: Ann Archer <ann@acme.example>
    Subject: Online recovery

    How does online recovery work in pgpool-II 4.5?
< second
    to ann@acme.example
    says It is outside our support hours now; we will start at Thu 2 Apr 2026 09:00 JST.
    says We will answer by Thu 2 Apr 2026 10:00 JST.
< staff
    to sato@desk.example
