# In the hours all staff are called, and the partner is not; the evening comes before anybody answers, and the partner is
# called then (S27). Whoever has it does not stay silent about it.
contract C-001 premium en 2026-01-01..2026-12-31 Acme
asker C-001 Ann <ann@acme.example>
staff en Sato <sato@desk.example>
partner ja 夜間窓口 <night@partner.example>

at 2026-04-01 17:50 +0900
> question
    From: Ann <ann@acme.example>
    Subject: production is down

    Our production system is down, pgpool-II 4.5 crashes again after every restart.
    We cannot work at all, and it is mission critical.
= open
< ack
    to ann@acme.example
< staff
    to sato@desk.example
    subject URGENT New
< call
    to sato@desk.example
    says the partner will be called at Wed 1 Apr 2026 18:05 JST
nothing
at +15m
< evening
    to night@partner.example
    says 営業時間外の緊急のお問い合わせです
nothing
at +15m
< second
    to sato@desk.example
    subject [INC-2026-000001] URGENT: please take it: production is down
at +15m
< third
    to sato@desk.example
    subject [INC-2026-000001] URGENT AGAIN: please take it: production is down
    says nobody has taken this question yet.
> take
    From: Sato <sato@desk.example>
    Answers: third

    take INC-2026-000001
= orders
< told
    to sato@desk.example
    subject Done
    says it is yours
< partner told
    to night@partner.example
    says 他の者が引き受けました
incident INC-2026-000001 acknowledged 1
