# A stranger learns nothing; staff are told at once of the first, and of the following together after half an hour (S28).
contract C-001 premium ja 2026-01-01..2026-12-31 株式会社サンプル
asker C-001 山田 太郎 <yamada@customer.example>
staff en Sato <sato@desk.example>

at 2026-04-01 10:00 +0900
> stranger
    From: Eve <eve@elsewhere.example>
    Subject: Do you support my pgpool-II?

    Please help us with pgpool-II 4.5.
= hold stranger
< digest
    to sato@desk.example
    subject Mails on hold: 1
    says From: eve@elsewhere.example
    says Reason: the writer is no registered asker

at +10m
> second
    From: Eve <eve@elsewhere.example>
    Subject: Are you there?

    Hello?
= hold stranger
> third
    From: Mallory <mallory@elsewhere.example>
    Subject: 見積り依頼

    見積りをお願いします。
= hold stranger
nothing
at +19m
nothing
at +1m
< digest of two
    to sato@desk.example
    subject Mails on hold: 2
    says Are you there?
    says 見積り依頼
    not Do you support
at +5d
incidents 0
