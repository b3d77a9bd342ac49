# What a first answer needs is asked for at once, and staff see that it is not there (S19); but not what is registered (S25).
contract C-001 premium ja 2026-01-01..2026-12-31 株式会社サンプル
asker C-001 山田 太郎 <yamada@customer.example>
contract C-002 business en 2026-01-01..2026-12-31 Acme Ltd
asker C-002 Ann Archer <ann@acme.example>
machine C-002 db1 | RHEL 9.4 | pgpool-II 4.5.2, PostgreSQL 16
machine C-002 db2 | RHEL 9.4 | pgpool-II 4.5.2
staff en Sato <sato@desk.example>

at 2026-04-01 10:00 +0900
> nothing at all
    From: 山田 太郎 <yamada@customer.example>
    Subject: エラーについて

    昨日からエラーが出ます。
= open
< ack
    to yamada@customer.example
    says 次の点もお知らせください。 ・ご利用の製品：pgpool-II、pgpoolAdmin など ・製品のバージョン：pgpool --version で表示されます ・OS とそのバージョン ・発生時のログ：
    says ・設定ファイル：pgpool.conf（パスワードは伏せてください）
< staff
    to sato@desk.example
    says Missing: the product, its version, the operating system and its version, the log, the configuration

at +1h
> registered
    From: Ann Archer <ann@acme.example>
    Subject: Error in the test system

    Since yesterday there is an error in our test environment.
= open
< second
    to ann@acme.example
    says Registered: pgpool-II 4.5.2, RHEL 9.4 (please tell us if it differs)
    says please also send us, if you can: - the log: when it happened
    says - the configuration: pgpool.conf
    not its version
    not the operating system
< staff
    to sato@desk.example
    says Missing: the log, the configuration

# A reply does not bring the list again.
at +1h
> answer
    From: Ann Archer <ann@acme.example>
    Answers: second

    Sorry, I do not have it now.
= append reply-address
< staff
    to sato@desk.example
    subject Reply
    not Missing:

# How something is used needs no log.
at +1h
> usage
    From: Ann Archer <ann@acme.example>
    Subject: num_init_children

    How do I size num_init_children of pgpool-II 4.5?
= open
< third
    to ann@acme.example
    not please also send us
    not Registered:
< staff
    to sato@desk.example
