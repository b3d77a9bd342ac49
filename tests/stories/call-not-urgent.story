# In doubt it counts as urgent until a person says otherwise; then nobody is called any more, and the asker hears when
# work begins (S17, S20).
contract C-001 premium en 2026-01-01..2026-12-31 Acme
asker C-001 Ann <ann@acme.example>
staff en Sato <sato@desk.example>
partner ja 夜間窓口 <night@partner.example>

at 2026-04-04 03:00 +0900
> question
    From: Ann <ann@acme.example>
    Subject: URGENT: health check

    Please tell us how to set health_check_timeout of pgpool-II 4.5.
= open
< ack
    to ann@acme.example
    says We will answer by Sat 4 Apr 2026 03:30 JST.
< staff
    to sato@desk.example
    says Is it urgent? Please answer this mail with one of these lines
    says urgent INC-2026-000001
    says not urgent INC-2026-000001
< partner
    to night@partner.example
    says 緊急（要確認）

at +5m
> not urgent
    From: Sato <sato@desk.example>
    Answers: staff

    not urgent
= orders
< told
    to sato@desk.example
    says handled as a normal question: INC-2026-000001
< neutral
    to night@partner.example
    says 緊急ではなくなりました。ご対応の必要はありません
    not Sato
< asker
    to ann@acme.example
    subject Re: [INC-2026-000001] URGENT: health check
    says We handle it as a normal question, not as an urgent one. We start at Mon 6 Apr 2026 09:00 JST.
    not Sato
nothing

# Said once more it changes nothing; said otherwise it is urgent again, and people are called anew.
> once more
    From: Sato <sato@desk.example>
    Answers: staff

    not urgent INC-2026-000001
= orders
< told twice
    to sato@desk.example
    says it was so already
at +1h
nothing
> urgent after all
    From: Sato <sato@desk.example>
    Answers: staff

    urgent
= orders
< told urgent
    to sato@desk.example
    says handled as urgent
< partner anew
    to night@partner.example
    says 営業時間外の緊急のお問い合わせです
    says person: staff have said so
< asker anew
    to ann@acme.example
    says IMPORTANT: please also phone us about this urgent question: +81 3-0000-0000
    says We handle it as urgent, and work on it at once.
nothing
close INC-2026-000001
at +1h
nothing
