# The relay refuses the customer's address for good: staff are told, and the incident stays unacknowledged.
contract C-002 business en 2026-01-01..2026-12-31 Acme Ltd
asker C-002 Ann Archer <ann@acme.example>
staff ja 佐藤 <sato@desk.example>

at 2026-04-01 10:00 +0900
relay refuses
> question
    From: Ann Archer <ann@acme.example>
    Subject: Watchdog

    How do we configure the watchdog of pgpool-II 4.5 please?
= open
< staff
    to sato@desk.example
    subject [INC-2026-000001] 新規
< word of the loss
    to sato@desk.example
    subject [INC-2026-000001] 送信できなかったメール
    says ann@acme.example
    says 550 5.1.1 no such user
incident INC-2026-000001 new 1
at +30m
< half
    to sato@desk.example
    subject 【至急】受付のお知らせが送信できていません 1 件
    says 期限までの時間の 50 % が経過
    says 送信失敗（再送しません）
    says 550 5.1.1 no such user
at +6d
< breach
    to sato@desk.example
    subject 【期限超過】受付のお知らせが送信できていません 1 件
at +6d
nothing
