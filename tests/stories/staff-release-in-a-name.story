# Somebody unknown writes for a customer; staff take the question up in the name of the registered asker, by answering
# the digest. The acknowledgement goes to the asker, never to the stranger, and counts from when the mail came (S18, S28).
contract C-001 premium en 2026-01-01..2026-12-31 Acme Ltd
asker C-001 Ann Archer <ann@acme.example>
staff en Sato <sato@desk.example>
staff ja 鈴木 <suzuki@desk.example>

at 2026-04-01 10:00 +0900
> consultant
    From: Carl Consultant <carl@consulting.example>
    Subject: Acme's cluster

    I work for Acme. Their pgpool-II 4.5 fails over all the time.
= hold stranger
< digest
    to sato@desk.example
    subject Mails on hold: 1
    says From: Carl Consultant <carl@consulting.example>
    says Due: Wed 1 Apr 2026 10:30 JST
    says | I work for Acme. Their pgpool-II 4.5 fails over all the time.
    says register 1 Carl Consultant for CONTRACT
    says release 1 for CONTRACT
    says reject 1
    says ignore 1
< digest in Japanese
    to suzuki@desk.example
    subject 保留中のメール 1 件
    says 登録 1 Carl Consultant 契約 契約番号
    says 解除 1 契約 契約番号

# The digest tells of one mail, so its number may be left out.
at +7m
> without a name
    From: Sato <sato@desk.example>
    Answers: digest

    release
= orders
< not yet
    to sato@desk.example
    answers without a name
    subject Not all was done
    says it cannot be told in whose name: write also for CONTRACT

> orders
    From: Sato <sato@desk.example>
    Answers: digest

    release for C-001
    Thanks, Sato

    On Wed, 1 Apr 2026 at 10:00, Support Desk wrote:
    > reject 1
= orders
< ack
    to ann@acme.example
    says Incident: INC-2026-000001
    says Wed 1 Apr 2026 10:30 JST
< transcript
    to sato@desk.example
    answers orders
    says release for C-001 -> goes its way now: C-001, ann@acme.example
    says Thanks, Sato
    not reject 1 ->
< question
    to sato@desk.example
    says Carl Consultant <carl@consulting.example>
< question in Japanese
    to suzuki@desk.example

# A colleague was slower, and hears who decided.
at +1m
> slower
    From: 鈴木 <suzuki@desk.example>
    Answers: digest in Japanese

    却下 1
= orders
< told
    to suzuki@desk.example
    subject 実行できなかった指示があります
    says すでに処理済み
    says sato@desk.example
incident INC-2026-000001 acknowledged 1
at +1d
nothing
