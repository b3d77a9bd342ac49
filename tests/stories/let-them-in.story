# Somebody from Cc answers: their mail is parked, and the asker lets them in with one reply, for this incident only.
contract C-001 premium en 2026-01-01..2026-12-31 Acme Ltd
asker C-001 Ann Archer <ann@acme.example>
staff en Sato <sato@desk.example>

at 2026-04-01 10:00 +0900
> question
    From: Ann Archer <ann@acme.example>
    To: support@desk.example
    Cc: Pat Partner <pat@partner.example>
    Subject: Failover

    Our pgpool-II 4.5 does not fail over. Pat runs the servers.
= open
< ack
    to ann@acme.example
< staff
    to sato@desk.example

at +5m
> answer of Pat
    From: Pat Partner <pat@partner.example>
    Answers: question

    Here is our configuration.
= hold participant
< may they join
    to ann@acme.example
    says Pat Partner <pat@partner.example> has written to your incident INC-2026-000001
    says let them in
    not configuration
< digest
    to sato@desk.example
    says let in 2
    says Contract: C-001

at +2m
> maybe not
    From: Ann Archer <ann@acme.example>
    Answers: may they join

    I do not know whether we should let them in.
= append reply-address
< staff
    to sato@desk.example
    says I do not know

at +1m
> yes
    From: Ann Archer <ann@acme.example>
    Answers: may they join

    Hello,

    let them in

    Ann
= append reply-address
< staff
    to sato@desk.example
< staff hear Pat
    to sato@desk.example
    says Here is our configuration.
incident INC-2026-000001 acknowledged 4

at +1h
> Pat again
    From: Pat Partner <pat@partner.example>
    Answers: question

    And here is the log.
= append participant
< staff
    to sato@desk.example
nothing
