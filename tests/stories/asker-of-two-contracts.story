# Whose question is it? A person decides, unless the writer names the contract (S4).
contract C-001 premium ja 2026-01-01..2026-12-31 株式会社サンプル
contract C-002 business ja 2026-01-01..2026-12-31 株式会社サンプル
asker C-001 山田 太郎 <yamada@customer.example>
asker C-002 山田 太郎 <yamada@customer.example>
staff en Sato <sato@desk.example>

at 2026-04-01 10:00 +0900
> unclear
    From: 山田 太郎 <yamada@customer.example>
    Subject: 設定について

    pgpool-II 4.5 の設定について教えてください。
= hold which-contract
< digest
    to sato@desk.example
    says it is unclear which contract the question belongs to

at +1h
< alarm
    to sato@desk.example
    subject URGENT: mails on hold wait too long: 1
< neutral
    to yamada@customer.example
> named
    From: 山田 太郎 <yamada@customer.example>
    Subject: 設定について (c-002)

    pgpool-II 4.5 の設定について教えてください。
= open
< ack
    to yamada@customer.example
    says 契約番号　　: C-002
    says ビジネスタイム
< staff
    to sato@desk.example

at +1m
> reply
    From: 山田 太郎 <yamada@customer.example>
    Answers: ack

    追加です。
= append reply-address
< staff
    to sato@desk.example
incident INC-2026-000001 acknowledged 2
