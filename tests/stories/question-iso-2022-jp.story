# The charset of Japanese mail programs since 1993 (RFC 1468).
contract C-001 premium ja 2026-01-01..2026-12-31 株式会社サンプル
asker C-001 山田 太郎 <yamada@customer.example>
staff en Sato <sato@desk.example>

at 2026-04-01 10:00 +0900
> question
    From: 山田 太郎 <yamada@customer.example>
    Subject: 監視デーモンの切り替え不具合
    Charset: iso-2022-jp

    pgpool-II 4.5 の監視デーモンについて教えてください。
= open
< ack
    to yamada@customer.example
    subject Re: [INC-2026-000001] 監視デーモンの切り替え不具合
    says 受付番号　　: INC-2026-000001
< staff
    to sato@desk.example
    says pgpool-II 4.5 の監視デーモンについて教えてください。
