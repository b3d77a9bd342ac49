# The acknowledgement comes back for good: staff are told, once; a delay is only written down (RFC 3464).
contract C-001 premium ja 2026-01-01..2026-12-31 株式会社サンプル
asker C-001 山田 太郎 <yamada@customer.example>
staff en Sato <sato@desk.example>

at 2026-04-01 10:00 +0900
> question
    From: 山田 太郎 <yamada@customer.example>
    Subject: 設定について

    pgpool-II 4.5 の num_init_children の設定を教えてください。
= open
< ack
    to yamada@customer.example
< word to staff
    to sato@desk.example

> delayed
    From: MAILER-DAEMON@mx.customer.example
    To: bounce@desk.example
    Envelope-From: <>
    Subject: Delayed Mail (still being retried)
    Content-Type: multipart/report; report-type=delivery-status; boundary=b

    --b
    Content-Type: message/delivery-status

    Reporting-MTA: dns; mx.customer.example

    Final-Recipient: rfc822; yamada@customer.example
    Action: delayed
    Status: 4.2.2

    --b
    Content-Type: text/rfc822-headers

    Message-ID: {id ack}

    --b--
= bounce
nothing

at +1h
> returned
    From: MAILER-DAEMON@mx.customer.example
    To: bounce@desk.example
    Envelope-From: <>
    Subject: Undelivered Mail Returned to Sender
    Content-Type: multipart/report; report-type=delivery-status; boundary=b

    --b
    Content-Type: message/delivery-status

    Reporting-MTA: dns; mx.customer.example

    Final-Recipient: rfc822; yamada@customer.example
    Action: failed
    Status: 5.1.1
    Diagnostic-Code: smtp; 550 5.1.1 no such user

    --b
    Content-Type: text/rfc822-headers

    Message-ID: {id ack}

    --b--
= bounce
< word of the loss
    to sato@desk.example
    subject [INC-2026-000001] A mail could not be sent
    says To: yamada@customer.example
    says 5.1.1

at +1m
> returned a second time
    From: MAILER-DAEMON@mx.customer.example
    To: bounce@desk.example
    Envelope-From: <>
    Subject: Undelivered Mail Returned to Sender
    Content-Type: multipart/report; report-type=delivery-status; boundary=c

    --c
    Content-Type: message/delivery-status

    Reporting-MTA: dns; mx.customer.example

    Final-Recipient: rfc822; yamada@customer.example
    Action: failed
    Status: 5.1.1

    --c
    Content-Type: text/rfc822-headers

    Message-ID: {id ack}

    --c--
= bounce
nothing
incidents 1
