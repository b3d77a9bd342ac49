# An asker of one contract answers an incident of another: held, and nothing of it is told (S26).
contract C-001 premium ja 2026-01-01..2026-12-31 株式会社サンプル
asker C-001 山田 太郎 <yamada@customer.example>
staff en Sato <sato@desk.example>
contract C-009 premium en 2026-01-01..2026-12-31 Other Ltd
asker C-009 Olga <olga@other.example>

at 2026-04-01 10:00 +0900
> question
    From: 山田 太郎 <yamada@customer.example>
    Subject: 設定について

    pgpool-II 4.5 の num_init_children の設定を教えてください。
= open
< ack
    to yamada@customer.example
< word to staff
    to sato@desk.example

at +5m
> by token
    From: Olga <olga@other.example>
    Answers: ack

    Tell me more about it please.
= hold foreign-reference
< digest
    to sato@desk.example
    says it answers an incident of a contract that the writer does not belong to

at +1h
< alarm
    to sato@desk.example
    subject URGENT: mails on hold wait too long: 1
< neutral
    to olga@other.example
    not C-001
    not INC-
> by reference
    From: Olga <olga@other.example>
    Subject: Re: that
    In-Reply-To: {id question}

    And more.
= hold foreign-reference
< digest
    to sato@desk.example

# She hears that a mail is here once a day. The number alone is a label, not a key: for her it points to nothing, so this is a question of her own.
at +1h
< alarm
    to sato@desk.example
    subject URGENT: mails on hold wait too long: 1
> by number
    From: Olga <olga@other.example>
    Subject: [INC-2026-000001] my own question

    How do I install pgpool-II 4.5?
= open
< ack of her own
    to olga@other.example
    says C-009
    says INC-2026-000002
    not C-001
    not サンプル
< staff
    to sato@desk.example
incident INC-2026-000001 acknowledged 1
