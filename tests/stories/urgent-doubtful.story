# A mark in the subject and little else: a person is asked, and until then it counts as urgent (S20).
contract C-001 premium ja 2026-01-01..2026-12-31 株式会社サンプル
asker C-001 山田 太郎 <yamada@customer.example>
staff en Sato <sato@desk.example>

at 2026-04-04 03:00 +0900
> question
    From: Taro Yamada <yamada@customer.example>
    Subject: URGENT: health check

    Please tell us how to set health_check_timeout of pgpool-II 4.5.
= open
< ack
    to yamada@customer.example
    subject Re: [INC-2026-000001] URGENT: health check
    says IMPORTANT: please also phone us
    says Urgency: urgent (our engineer will confirm)
    says We will answer by Sat 4 Apr 2026 03:30 JST.
< staff
    to sato@desk.example
    says please check at once whether it is; until then it counts as urgent.
    says Because: mark
    says not urgent INC-2026-000001
< call
    to sato@desk.example
    says urgent (to be checked)
