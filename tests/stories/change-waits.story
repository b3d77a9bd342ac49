# A request that nobody decides about is not forgotten: staff hear of it every morning. The same request once more is the
# same request.
contract C-001 premium en 2026-01-01..2026-12-31 Acme Ltd
asker C-001 Ann Archer <ann@acme.example>
staff en Sato <sato@desk.example>

at 2026-04-01 15:00 +0900
> more
    From: Ann Archer <ann@acme.example>
    To: registry@desk.example
    Subject: One more

    Please add Bob Brown <bob@acme.example> as an asker.
= change
< received
    to ann@acme.example
< please check
    to sato@desk.example
at +1h
> again more
> the same in other words
    From: Ann Archer <ann@acme.example>
    To: registry@desk.example
    Subject: Did you get this?

    Hello, we would like to add Mr. Bob Brown <bob@acme.example>.
= change
nothing
at 2026-04-02 09:00 +0900
nothing
at 2026-04-02 15:00 +0900
< reminder
    to sato@desk.example
    subject Changes that wait for a decision: 1
    says CHG-1 C-001 Acme Ltd
at +1h
nothing
at 2026-04-03 08:59 +0900
nothing
at 2026-04-03 09:00 +0900
< reminder 2
    to sato@desk.example
approve CHG-1
< welcome
    to bob@acme.example
< done
    to ann@acme.example
at 2026-04-06 09:00 +0900
nothing
