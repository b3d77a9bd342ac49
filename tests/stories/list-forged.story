# Whoever writes a List-Id into a mail of their own has not come through the list: its host must vouch (S8, attack row 14).
contract C-003 premium en 2026-01-01..2026-12-31 Example Inc.
list C-003 DB team <db@lists.customer.example> db.lists.customer.example
contract C-004 business en 2026-01-01..2026-12-31 Another Inc.
list C-004 Ops <ops-team@googlegroups.com> ops-team.googlegroups.com
staff en Sato <sato@desk.example>

at 2026-04-01 10:00 +0900
> a stranger names the list
    From: Eve <eve@elsewhere.example>
    Authentication-Results: mx.desk.example; spf=pass smtp.mailfrom=elsewhere.example; dmarc=pass header.from=elsewhere.example
    List-Id: <db.lists.customer.example>
    List-Post: <mailto:db@lists.customer.example>
    Subject: Tell me

    What do you know about pgpool-II there?
= hold list-unproven
< digest
    to sato@desk.example
    says it names a registered mailing list, but did not come from the list's own server

at +1h
< alarm
    to sato@desk.example
> a colleague writes directly and names it
    From: Takahashi <takahashi@customer.example>
    Authentication-Results: mx.desk.example; dkim=pass header.d=customer.example; dmarc=pass header.from=customer.example
    List-Id: <db.lists.customer.example>
    Subject: Faster this way

    How does pgpool-II 4.5 fail over?
= hold list-unproven
< digest
    to sato@desk.example

# The list adds a footer, and so breaks the signature of the author's company. The list's own signature holds.
at +1h
< second alarm
    to sato@desk.example
> through the list, which broke the author's DMARC
    From: Takahashi <takahashi@customer.example>
    To: db@lists.customer.example
    Envelope-From: db-bounces@lists.customer.example
    Envelope-To: support@desk.example
    Authentication-Results: mx.desk.example; dkim=pass header.d=lists.customer.example; dmarc=fail header.from=customer.example
    List-Id: <db.lists.customer.example>
    List-Post: <mailto:db@lists.customer.example>
    Subject: [db] Failover

    How does pgpool-II 4.5 fail over?
= open
< ack
    to db@lists.customer.example
    says Dear members of DB team
< staff
    to sato@desk.example

# Strangers have groups at the same provider: its return path proves nothing, its signature does.
at +1h
> another group of that provider
    From: Mallory <mallory@elsewhere.example>
    Envelope-From: others+bncBCD@googlegroups.com
    Authentication-Results: mx.desk.example; spf=pass smtp.mailfrom=googlegroups.com; dkim=pass header.d=elsewhere.example
    List-Id: <ops-team.googlegroups.com>
    Subject: Hello

    What do you know about pgpool-II there?
= hold list-unproven
< digest
    to sato@desk.example
at +1h
< third alarm
    to sato@desk.example
> the group itself
    From: 'Ito' via Ops <ops-team@googlegroups.com>
    To: ops-team@googlegroups.com
    Envelope-From: ops-team+bncBCE@googlegroups.com
    Envelope-To: support@desk.example
    X-Original-From: Ito <ito@another.example>
    Authentication-Results: mx.desk.example; dkim=pass header.d=googlegroups.com; dmarc=pass header.from=googlegroups.com
    List-Id: <ops-team.googlegroups.com>
    List-Post: <mailto:ops-team@googlegroups.com>
    Subject: Watchdog

    How do we configure the watchdog of pgpool-II 4.5?
= open
< ack
    to ops-team@googlegroups.com
< staff
    to sato@desk.example
    says Asker: Ito <ito@another.example>
