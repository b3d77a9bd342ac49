# The same subject with Re: joins within 72 hours; later, or without Re:, it is a new question.
contract C-001 premium ja 2026-01-01..2026-12-31 株式会社サンプル
asker C-001 山田 太郎 <yamada@customer.example>
staff en Sato <sato@desk.example>

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

at +71h
> within the window
    From: 山田 太郎 <yamada@customer.example>
    Subject: RE: 設定について

    追加です。
= append same-subject
< staff
    to sato@desk.example

at +2h
> behind the window
    From: 山田 太郎 <yamada@customer.example>
    Subject: Re: 設定について

    別の質問です。
= open
< second ack
    to yamada@customer.example
    subject Re: [INC-2026-000002] 設定について
< staff
    to sato@desk.example

> without Re
    From: 山田 太郎 <yamada@customer.example>
    Subject: 設定について

    また別の質問です。
= open
< third ack
    to yamada@customer.example
    subject Re: [INC-2026-000003] 設定について
< staff
    to sato@desk.example
incidents 3
