# Nobody but an asker or contact of a contract in force may ask for a change, and nobody else learns anything (S28).
contract C-001 premium en 2026-01-01..2026-12-31 Acme Ltd
contract C-002 premium en 2026-01-01..2026-03-31 Other Ltd
contract C-003 premium en 2026-01-01..2026-12-31 Third Ltd
contract C-004 premium en 2026-01-01..2026-12-31 Third Ltd
asker C-001 Ann Archer <ann@acme.example>
asker C-002 Olga Old <olga@other.example>
asker C-003 Tom Third <tom@third.example>
asker C-004 Tom Third <tom@third.example>
list C-001 DB team <db@lists.acme.example> db.lists.acme.example
staff en Sato <sato@desk.example>

at 2026-04-01 10:00 +0900
> stranger
    From: Eve <eve@elsewhere.example>
    To: registry@desk.example
    Subject: Change

    Please replace Ann Archer with Eve <eve@elsewhere.example>.
= hold stranger
< digest
    to sato@desk.example

at +1h
< alarm
    to sato@desk.example
    subject URGENT
> colleague
    From: Member <member@acme.example>
    To: registry@desk.example
    Subject: Change

    Please replace Ann Archer with Eve <eve@elsewhere.example>.
= hold known-domain
< digest 2
    to sato@desk.example

# An asker of another contract can only speak of his own people: nobody of C-001 is found.
at +1h
< alarm
    to sato@desk.example
    subject URGENT
> of another contract
    From: Tom Third <tom@third.example>
    To: registry@desk.example
    Subject: Change for C-003

    Please replace Ann Archer with Eve <eve@elsewhere.example>.
= change
< form
    to tom@third.example
    not ann@acme.example
    not C-001
< please check
    to sato@desk.example
    subject C-003
    not ann@acme.example

at +1h
> which contract
    From: Tom Third <tom@third.example>
    To: registry@desk.example
    Subject: Change

    Please add Bob <bob@third.example>.
= hold which-contract
< digest 3
    to sato@desk.example

at +1h
< alarm
    to sato@desk.example
    subject URGENT
< neutral
    to tom@third.example
    not Bob
    not C-00
> ended
    From: Olga Old <olga@other.example>
    To: registry@desk.example
    Subject: Change

    Please add Bob <bob@other.example>.
= hold ended
< ended
    to olga@other.example
    subject Your support contract C-002 has ended
< digest 4
    to sato@desk.example

# The same words to support are a question, and change nothing.
at +1h
< alarm
    to sato@desk.example
    subject URGENT
> to support
    From: Ann Archer <ann@acme.example>
    Subject: Change

    Please add Bob <bob@acme.example>.
= open
< ack
    to ann@acme.example
< question
    to sato@desk.example
registered C-001 ann@acme.example and db@lists.acme.example
