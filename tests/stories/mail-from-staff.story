# Staff who write to the support address are not customers; what they want is asked (a later wish: answers by mail).
contract C-001 premium ja 2026-01-01..2026-12-31 株式会社サンプル
asker C-001 山田 太郎 <yamada@customer.example>
staff en Sato <sato@desk.example>

at 2026-04-01 10:00 +0900
> staff
    From: Sato <sato@desk.example>
    Subject: test

    Is this thing on?
= hold staff-mail
< digest
    to sato@desk.example
    says it comes from an address of staff
incidents 0
