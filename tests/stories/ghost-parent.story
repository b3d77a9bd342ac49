# Two colleagues answer a mail that never came to us: their common parent ties them together.
contract C-001 premium ja 2026-01-01..2026-12-31 株式会社サンプル
asker C-001 山田 太郎 <yamada@customer.example>
asker C-001 鈴木 <suzuki@customer.example>
staff en Sato <sato@desk.example>

at 2026-04-01 10:00 +0900
> yamada
    From: 山田 太郎 <yamada@customer.example>
    Subject: Re: 社内で話した件
    In-Reply-To: <inside@customer.example>
    References: <root@customer.example> <inside@customer.example>

    pgpool-II 4.5 について教えてください。
= open
< ack
    to yamada@customer.example
< staff
    to sato@desk.example

at +3m
> suzuki
    From: 鈴木 <suzuki@customer.example>
    Subject: 補足
    References: <inside@customer.example>

    補足します。
= append ghost
< staff
    to sato@desk.example
    says Asker: 鈴木 <suzuki@customer.example>
incidents 1
