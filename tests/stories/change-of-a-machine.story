# New versions are told in plain words (S25); what is not told stays as it is registered.
contract C-001 premium en 2026-01-01..2026-12-31 Acme Ltd
asker C-001 Ann Archer <ann@acme.example>
machine C-001 db1 | RHEL 8.9 | pgpool-II 4.4.3, PostgreSQL 15.4
staff en Sato <sato@desk.example>

at 2026-04-01 10:00 +0900
> upgraded
    From: Ann Archer <ann@acme.example>
    To: registry@desk.example
    Subject: Upgrade

    Hello,
    pgpool-II was upgraded from 4.4.3 to 4.5.2 on host db1, which now runs RHEL 9.4.
    Regards
= change
< received
    to ann@acme.example
    says now: db1: RHEL 8.9, pgpool-II 4.4.3, PostgreSQL 15.4
    says then: db1: RHEL 9.4, pgpool-II 4.5.2, PostgreSQL 15.4
< please check
    to sato@desk.example
approve CHG-1
< done
    to ann@acme.example
    subject [CHG-1] Your registered information was changed
registered C-001 ann@acme.example and db1: RHEL 9.4, pgpool-II 4.5.2, PostgreSQL 15.4

at +1h
> thanks
    From: Ann Archer <ann@acme.example>
    Answers: done

    Thank you very much!
= change
< comment
    to sato@desk.example
    subject C-001: an answer about a change
    says Thank you very much!
