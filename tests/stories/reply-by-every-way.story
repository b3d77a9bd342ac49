# One incident, and five ways to come back to it, from the strongest to the weakest. Nobody is acknowledged twice.
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

at +5m
> by the reply address
    From: 山田 太郎 <yamada@customer.example>
    Answers: ack

    ログを添付します。
= append reply-address
< staff
    to sato@desk.example
    subject [INC-2026-000001] Reply: 設定について
    says ログを添付します。

> by our own Message-ID
    From: 山田 太郎 <yamada@customer.example>
    To: support@desk.example
    Subject: 追加です
    In-Reply-To: {id ack}

    その二です。
= append own-message-id
< staff
    to sato@desk.example

> by In-Reply-To
    From: 山田 太郎 <yamada@customer.example>
    Subject: さらに
    In-Reply-To: {id question}

    その三です。
= append in-reply-to
< staff
    to sato@desk.example

> by References alone
    From: 山田 太郎 <yamada@customer.example>
    Subject: またです
    References: <unknown@elsewhere.example> {id question}

    その四です。
= append references
< staff
    to sato@desk.example

> by the number in the subject
    From: 山田 太郎 <yamada@customer.example>
    Subject: [INC-2026-000001] の件

    その五です。
= append subject-tag
< staff
    to sato@desk.example

> by the same subject
    From: 山田 太郎 <yamada@customer.example>
    Subject: Re: 設定について

    その六です。
= append same-subject
< staff
    to sato@desk.example
incident INC-2026-000001 acknowledged 7
incidents 1
