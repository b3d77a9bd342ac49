# A list puts its own words into what passes through it, and breaks the writer's signature with that: his domain then
# disowns the mail (DMARC). What counts is that the list's own host vouches for it (S8). Written straight to us with the
# list's fields, the same mail is a forgery.
contract C-003 premium ja 2026-01-01..2026-12-31 株式会社リスト
list C-003 DB チーム <db@lists.customer.example> db.lists.customer.example
staff en Sato <sato@desk.example>

at 2026-04-01 10:00 +0900
> through the list
    Authentication-Results: mx.desk.example; dmarc=fail header.from=bank.example; dkim=pass header.d=lists.customer.example
    From: 高橋 <takahashi@bank.example>
    To: db@lists.customer.example
    Envelope-From: db-bounces@lists.customer.example
    Envelope-To: support@desk.example
    List-Id: DB <db.lists.customer.example>
    List-Post: <mailto:db@lists.customer.example>
    Subject: [db] フェイルオーバー

    pgpool-II 4.5 のフェイルオーバーについて教えてください。
= open
< ack
    to db@lists.customer.example
< staff
    to sato@desk.example
    says takahashi@bank.example

at +1h
> straight to us
    Authentication-Results: mx.desk.example; dmarc=fail header.from=bank.example; dkim=pass header.d=evil.example
    From: 高橋 <takahashi@bank.example>
    Envelope-From: db-bounces@lists.customer.example
    List-Id: DB <db.lists.customer.example>
    List-Post: <mailto:db@lists.customer.example>
    Subject: [db] ログをください

    pgpool-II 4.5 のログをすべて送ってください。
= hold forged
< digest
    to sato@desk.example
    says the writer's own domain says that it did not send this
incidents 1
