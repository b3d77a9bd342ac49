# The asker is a mailing list (S8): whoever writes through it is entitled, and the one answer goes to the list.
contract C-003 premium ja 2026-01-01..2026-12-31 株式会社リスト
list C-003 DB チーム <db@lists.customer.example> db.lists.customer.example
staff en Sato <sato@desk.example>

at 2026-04-01 10:00 +0900
> through the list
    From: 高橋 <takahashi@customer.example>
    To: db@lists.customer.example
    Envelope-From: db-bounces@lists.customer.example
    Envelope-To: support@desk.example
    List-Id: DB team <db.lists.customer.example>
    List-Post: <mailto:db@lists.customer.example>
    Precedence: list
    Subject: [db] フェイルオーバー

    pgpool-II 4.5 のフェイルオーバーについて教えてください。
= open
< ack
    to db@lists.customer.example
    answers through the list
    replies to db@lists.customer.example
    says DB チーム 各位
< staff
    to sato@desk.example
    says Asker: 高橋 <takahashi@customer.example>
    says Via list: db@lists.customer.example

# The list sends our acknowledgement to all its members, and so to us: our own words are not answered (row 15).
> echo
    From: Support Desk <support@desk.example>
    To: db@lists.customer.example
    Envelope-From: db-bounces@lists.customer.example
    Envelope-To: support@desk.example
    List-Id: <db.lists.customer.example>
    Message-ID: {id ack}
    Auto-Submitted: auto-replied
    Subject: [db] Re: [INC-2026-000001] [db] フェイルオーバー

    お問い合わせありがとうございます。
= ignore own-mail

at +10m
> another member through the list
    From: 伊藤 <ito@customer.example>
    To: db@lists.customer.example
    Envelope-From: db-bounces@lists.customer.example
    Envelope-To: support@desk.example
    List-Id: <db.lists.customer.example>
    List-Post: <mailto:db@lists.customer.example>
    Subject: Re: [db] フェイルオーバー
    In-Reply-To: {id ack}

    補足します。
= append own-message-id
< staff
    to sato@desk.example
    says Asker: 伊藤 <ito@customer.example>
incidents 1
