# An English mail under a Japanese contract is answered in English; where nothing tells, the contract does (S15).
contract C-001 premium ja 2026-01-01..2026-12-31 株式会社サンプル
asker C-001 山田 太郎 <yamada@customer.example>
staff en Sato <sato@desk.example>

at 2026-04-01 10:00 +0900
> english
    From: Taro Yamada <yamada@customer.example>
    Subject: Connection pooling

    How does connection pooling work in pgpool-II 4.5?
< ack
    to yamada@customer.example
    says Thank you for your question.
    not お問い合わせ
< staff
    to sato@desk.example

> nothing to tell by
    From: yamada@customer.example
    Subject: 12345

    ???
< ack two
    to yamada@customer.example
    says お問い合わせありがとうございます。
    not Thank you
< staff
    to sato@desk.example
