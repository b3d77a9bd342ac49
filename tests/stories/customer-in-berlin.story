# A contract's people are told times where they live, and the desk's beside them; staff have the desk's (S15).
contract C-002 premium en 2026-01-01..2027-12-31 Beispiel GmbH
asker C-002 Anna Vogel <anna@beispiel.example>
zone C-002 Europe/Berlin
contract C-003 business ja 2026-01-01..2027-12-31 株式会社サンプル
asker C-003 山田 太郎 <yamada@customer.example>
zone C-003 Asia/Seoul
staff en Sato <sato@desk.example>

at 2027-01-02 12:00 +0100
> question
    From: Anna Vogel <anna@beispiel.example>
    Subject: Load balancing

    How does load balancing work in pgpool-II 4.5?
= open
< ack
    to anna@beispiel.example
    says We will answer by Mon 4 Jan 2027 01:30 CET (09:30 JST).
    says we will start at Mon 4 Jan 2027 01:00 CET (09:00 JST).
    says Received: Sat 2 Jan 2027 12:00 CET (20:00 JST)
< staff
    to sato@desk.example
    says Received: Sat 2 Jan 2027 20:00 JST
    says Due: Mon 4 Jan 2027 09:30 JST
    not CET

# In summer their clock is another one; and where the desk's day is another, it is told.
at 2027-07-02 22:30 +0200
> in summer
    From: Anna Vogel <anna@beispiel.example>
    Subject: Watchdog

    How does the watchdog of pgpool-II 4.5 elect a leader?
= open
< ack summer
    to anna@beispiel.example
    says We will answer by Mon 5 Jul 2027 02:30 CEST (09:30 JST).
    says Received: Fri 2 Jul 2027 22:30 CEST (Sat 3 Jul 2027 05:30 JST)
< staff
    to sato@desk.example

# Where both clocks show the same, once is enough.
at 2027-07-05 10:00 +0900
> seoul
    From: 山田 太郎 <yamada@customer.example>
    Subject: 負荷分散

    pgpool-II 4.5 の負荷分散について教えてください。
= open
< ack seoul
    to yamada@customer.example
    says 2027年7月5日(月) 11:00 KST までに
    not （11:00
< staff
    to sato@desk.example
