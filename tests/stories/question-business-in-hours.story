# The same under Business time, in English: 60 minutes (S16-S18).
contract C-002 business en 2026-01-01..2026-12-31 Acme Ltd
asker C-002 Ann Archer <ann@acme.example>
staff ja 佐藤 <sato@desk.example>

at 2026-04-01 17:00 +0900
> question
    From: Ann Archer <ann@acme.example>
    Subject: Watchdog

    Hello, how do we configure the watchdog of pgpool-II 4.4.3?
= open
< ack
    to ann@acme.example
    answers question
    subject Re: [INC-2026-000001] Watchdog
    says Dear Ann Archer,
    says Contract: C-002 (Acme Ltd)
    says Menu: Business time
    says Urgency: normal
    says We will answer by Wed 1 Apr 2026 18:00 JST.
    not outside our support hours
< word to staff
    to sato@desk.example
    subject [INC-2026-000001] 新規: Watchdog
    says 一次回答期限: 2026年4月1日(水) 18:00 JST
