# Nobody answers a machine (RFC 3834 section 2), and a machine opens nothing.
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

> vacation
    From: 山田 太郎 <yamada@customer.example>
    Answers: ack
    Auto-Submitted: auto-replied (vacation)
    Envelope-From: <>

    ただいま休暇中です。
= ignore automatic
> vacation of an old program
    From: 山田 太郎 <yamada@customer.example>
    Subject: 自動返信: 不在のお知らせ

    4月10日まで不在です。
= ignore automatic
> exchange
    From: 山田 太郎 <yamada@customer.example>
    Subject: Automatic reply: Re: [INC-2026-000001]
    X-Auto-Response-Suppress: All

    I am out of the office until Monday.
= ignore automatic
> null sender, and nothing else to tell
    From: 山田 太郎 <yamada@customer.example>
    Envelope-From: <>
    Subject: これは何でしょう

    pgpool-II 4.5 の質問です。
= hold null-sender
< digest
    to sato@desk.example
    says it has no return path
incidents 1
incident INC-2026-000001 acknowledged 1
