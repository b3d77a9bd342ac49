# The same mail twice is one mail; another mail under the same Message-ID is another (row 17).
contract C-002 business en 2026-01-01..2026-12-31 Acme Ltd
asker C-002 Ann Archer <ann@acme.example>
staff ja 佐藤 <sato@desk.example>

at 2026-04-01 10:00 +0900
> question
    From: Ann Archer <ann@acme.example>
    Subject: Watchdog

    How do we configure the watchdog of pgpool-II 4.5 please?
= open
< ack
    to ann@acme.example
< word to staff
    to sato@desk.example
> again question
> again question
nothing
incidents 1

# Another text under the first one's id is not dropped, else an attacker could take ids before their owners do.
> the same id
    From: Ann Archer <ann@acme.example>
    Message-ID: {id question}
    Subject: Watchdog

    I forgot: we have three nodes.
= append same-message-id
< staff
    to sato@desk.example
incident INC-2026-000001 acknowledged 2
