# A stranger learns nothing; staff are told at once of the first, and of the following together after half an hour (S28).
# When half of the shortest window is over (15 minutes), staff are alarmed, at 80 % of it, and when all of it is.
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
    says From: Eve <eve@elsewhere.example>
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
at +5m
< alarm about the first
    to sato@desk.example
    subject URGENT: mails on hold wait too long: 1
    says Do you support
    says Due: Wed 1 Apr 2026 10:30 JST
at +10m
< alarm about all three, the first at 80 %
    to sato@desk.example
    subject URGENT: mails on hold wait too long: 3
    says Over: 80 % of the time
    says Over: 50 % of the time
at +5m
< the first is due
    to sato@desk.example
    subject URGENT: mails on hold wait too long: 1
    says Do you support
    says Over: 100 % of the time
at +5m
< the two are at 80 %
    to sato@desk.example
    subject URGENT: mails on hold wait too long: 2
    says Are you there?
    says 見積り依頼
    not Do you support
at +5m
< the two are due
    to sato@desk.example
    subject URGENT: mails on hold wait too long: 2
at +5d
nothing
incidents 0
