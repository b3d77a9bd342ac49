# 会員が、窓口とメーリングリストの両方に宛てて書いた。直接のメールは保留、リスト経由の同じメールは受け付け、受付メールは
# リストに一通だけ（S8）。
contract C-003 premium ja 2026-01-01..2026-12-31 株式会社リスト
list C-003 DB チーム <db@lists.customer.example> db.lists.customer.example
staff ja 佐藤 <sato@desk.example>

at 2026-04-01 10:00 +0900
> directly
    From: 高橋 <takahashi@customer.example>
    To: support@desk.example
    Cc: db@lists.customer.example
    Message-ID: <both@customer.example>
    Subject: フェイルオーバー

    pgpool-II 4.5 のフェイルオーバーについて教えてください。
= hold stranger
< digest
    to sato@desk.example

# リストは件名にも本文にも手を加えない: まったく同じメールが、リストの印だけを付けて届く。
> through the list
    From: 高橋 <takahashi@customer.example>
    To: support@desk.example
    Cc: db@lists.customer.example
    Envelope-From: db-bounces@lists.customer.example
    Message-ID: <both@customer.example>
    List-Id: <db.lists.customer.example>
    List-Post: <mailto:db@lists.customer.example>
    Subject: フェイルオーバー

    pgpool-II 4.5 のフェイルオーバーについて教えてください。
= open
< ack
    to db@lists.customer.example
    answers through the list
    says DB チーム 各位
< staff
    to sato@desk.example
    says 高橋 <takahashi@customer.example>

# 高橋さん本人も質問担当者として登録された後は、直接のメールで受け付ける。リスト経由の写しは同じインシデントに入るだけ。
asker C-003 高橋 <takahashi@customer.example>
at +1h
< alarm
    to sato@desk.example
> directly as an asker
    From: 高橋 <takahashi@customer.example>
    To: support@desk.example
    Cc: db@lists.customer.example
    Message-ID: <both-2@customer.example>
    Subject: 負荷分散

    pgpool-II 4.5 の負荷分散について教えてください。
= open
< ack
    to takahashi@customer.example
< staff
    to sato@desk.example
> the list's copy
    From: 高橋 <takahashi@customer.example>
    To: support@desk.example
    Cc: db@lists.customer.example
    Envelope-From: db-bounces@lists.customer.example
    Message-ID: <both-2@customer.example>
    List-Id: <db.lists.customer.example>
    List-Post: <mailto:db@lists.customer.example>
    Subject: 負荷分散

    pgpool-II 4.5 の負荷分散について教えてください。
= append same-message-id
< staff
    to sato@desk.example
nothing
incidents 2
