# Not through the list: a member alone is a stranger, unless registered in person (S8).
contract C-003 premium ja 2026-01-01..2026-12-31 株式会社リスト
list C-003 DB チーム <db@lists.customer.example> db.lists.customer.example
staff en Sato <sato@desk.example>
asker C-003 伊藤 <ito@customer.example>

at 2026-04-01 10:00 +0900
> unregistered member
    From: 高橋 <takahashi@customer.example>
    Subject: フェイルオーバー

    pgpool-II 4.5 のフェイルオーバーについて教えてください。
= hold known-domain
< digest
    to sato@desk.example

> registered member
    From: 伊藤 <ito@customer.example>
    Subject: 負荷分散

    pgpool-II 4.5 の負荷分散について教えてください。
= open
< ack
    to ito@customer.example
    says 伊藤 様
< staff
    to sato@desk.example

# Through a list that nobody registered, naming the registered one in To: no List-Id, no right.
at +1h
< alarm
    to sato@desk.example
    subject URGENT: mails on hold wait too long: 1
> another list
    From: 高橋 <takahashi@customer.example>
    To: db@lists.customer.example
    Envelope-To: support@desk.example
    List-Id: <db2.lists.customer.example>
    List-Post: <mailto:db@lists.customer.example>
    Subject: [db2] 質問

    pgpool-II 4.5 について教えてください。
= hold known-domain
< digest
    to sato@desk.example
