# The address was registered wrongly: the guide comes back, and staff are told before the customer needs the desk.
staff en Sato <sato@desk.example>

at 2026-04-01 10:00 +0900
sold C-001 premium en 2026-04-01..2027-03-31 Example Inc.
    asker John Doe <jhon@customer.example>
< guide
    to jhon@customer.example

at +1m
> bounce
    From: Mail Delivery Subsystem <mailer-daemon@customer.example>
    To: bounce@desk.example
    Envelope-From: <>
    Subject: Undelivered Mail Returned to Sender
    Content-Type: multipart/report; report-type=delivery-status; boundary=b

    --b
    Content-Type: text/plain

    I could not deliver it.

    --b
    Content-Type: message/delivery-status

    Reporting-MTA: dns; mx.customer.example

    Final-Recipient: rfc822; jhon@customer.example
    Action: failed
    Status: 5.1.1

    --b
    Content-Type: text/rfc822-headers

    Message-ID: {id guide}

    --b--
= bounce
< staff
    to sato@desk.example
    says jhon@customer.example
    says Welcome to the pgpool-II support service (contract C-001)
