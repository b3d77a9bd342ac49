# Programs disagree about who wrote these; a person decides (row 8).
contract C-001 premium ja 2026-01-01..2026-12-31 株式会社サンプル
asker C-001 山田 太郎 <yamada@customer.example>
staff en Sato <sato@desk.example>

at 2026-04-01 10:00 +0900
> two From fields
    From: yamada@customer.example
    From: eve@elsewhere.example
    Envelope-From: eve@elsewhere.example
    Subject: 質問

    pgpool-II 4.5 の質問です。
= hold ambiguous-author
< digest
    to sato@desk.example
    says it cannot be said who the one writer is

at +1h
< alarm
    to sato@desk.example
    subject URGENT: mails on hold wait too long: 1
> a group
    From: askers: yamada@customer.example;
    Subject: 質問二

    pgpool-II 4.5 の質問です。
= hold ambiguous-author
< digest
    to sato@desk.example

at +1h
< alarm
    to sato@desk.example
    subject URGENT: mails on hold wait too long: 1
> a good name and an evil address
    From: yamada@customer.example <eve@elsewhere.example>
    Envelope-From: eve@elsewhere.example
    Subject: 質問三

    pgpool-II 4.5 の質問です。
= hold ambiguous-author
< digest
    to sato@desk.example

at +1h
< alarm
    to sato@desk.example
    subject URGENT: mails on hold wait too long: 1
> a comment
    From: yamada@customer.example (eve@elsewhere.example)
    Subject: 質問四

    pgpool-II 4.5 の質問です。
= hold ambiguous-author
< digest
    to sato@desk.example
incidents 0
