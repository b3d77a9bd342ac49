# Nothing is asked for that was written, pasted or attached (S19).
contract C-001 premium ja 2026-01-01..2026-12-31 株式会社サンプル
asker C-001 山田 太郎 <yamada@customer.example>
contract C-002 business en 2026-01-01..2026-12-31 Acme Ltd
asker C-002 Ann Archer <ann@acme.example>
staff en Sato <sato@desk.example>

at 2026-04-01 10:00 +0900
> pasted
    From: Ann Archer <ann@acme.example>
    Subject: Sessions are lost at a failover

    We use pgpool-II 4.5.2 on RHEL 9.4 and have lost sessions at a failover last week. Which setting is wrong?

    2026-03-25 04:10:31.772: main pid 20114: LOG:  reaper handler
    2026-03-25 04:10:31.773: child pid 20391: ERROR:  unable to read message kind

    failover_command = '/etc/pgpool-II/failover.sh %d %h'
    failover_on_backend_error = on
= open
< ack
    to ann@acme.example
    says Product: pgpool-II 4.5.2
    says To add anything, such as logs or configuration files
    not please also send us
    not Registered:
< staff
    to sato@desk.example
    not Missing:

at +1h
> attached
    From: 山田 太郎 <yamada@customer.example>
    Subject: 先週のフェイルオーバーの失敗について
    Content-Type: multipart/mixed; boundary=cut

    --cut
    Content-Type: text/plain; charset=utf-8

    pgpool-II 4.5.2、RHEL 9.4 で、先週の検証中にフェイルオーバーに失敗しました。ログと設定ファイルを添付します。
    --cut
    Content-Type: text/plain; charset=utf-8
    Content-Disposition: attachment; filename=pgpool.log

    LOG:  reaper handler
    --cut
    Content-Type: text/plain; charset=utf-8
    Content-Disposition: attachment; filename=pgpool.conf

    max_pool = 4
    --cut--
= open
< second
    to yamada@customer.example
    not お知らせください
< staff
    to sato@desk.example
    not Missing:
