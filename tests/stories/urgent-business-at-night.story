# A menu that covers urgent questions in its hours only says so kindly, and when that is; it offers the one that would (S17, S21).
contract C-001 business ja 2026-01-01..2026-12-31 株式会社サンプル
asker C-001 山田 太郎 <yamada@customer.example>
contract C-002 business en 2026-01-01..2026-12-31 Acme Ltd
asker C-002 Ann Archer <ann@acme.example>
staff en Sato <sato@desk.example>

at 2026-04-04 03:00 +0900
> question
    From: 山田 太郎 <yamada@customer.example>
    Subject: 【緊急】本番停止

    本番環境で pgpool-II 4.5 が使用できない状態で、業務が完全に停止しています。基幹システムです。
    pgpool が何度再起動してもクラッシュします。
= open
< ack
    to yamada@customer.example
    says 【重要】緊急のお問い合わせは、恐れ入りますが受付開始後にお電話でも必ずご連絡ください。電話: +81 3-0000-0000
    says 2026年4月6日(月) 10:00 JST までに
    says ご契約の「ビジネスタイム」では、緊急のお問い合わせも次の対応時間内に承っております。 月曜～金曜 9:00～18:00 JST
    says 2026年4月6日(月) 09:00 JST より対応を開始いたします。 その時刻から 60 分以内にご回答します。
    says メニュー「プレミアム」では、この時間帯にも緊急のお問い合わせを承ります。
< staff
    to sato@desk.example
    subject URGENT

at 2026-04-04 03:05 +0900
> another
    From: Ann Archer <ann@acme.example>
    Subject: URGENT: production down

    Our production environment cannot be used and this is business critical: pgpool-II 4.5 crashes after every restart.
= open
< second
    to ann@acme.example
    says IMPORTANT: please also phone us about this urgent question when we open: +81 3-0000-0000
    says We will answer by Mon 6 Apr 2026 10:00 JST.
    says Your menu Business time covers urgent questions, too, in these hours: Mon-Fri 9:00-18:00 JST
    says we will start at Mon 6 Apr 2026 09:00 JST and answer within 60 minutes.
    says Our menu Premium covers urgent questions at this time, too.
< staff
    to sato@desk.example

# Staff are called when the desk opens; within its hours there is nothing to be sorry for.
at 2026-04-06 08:59 +0900
nothing
at 2026-04-06 09:00 +0900
< call
    to sato@desk.example
    subject [INC-2026-000001] URGENT: please take it
< second call
    to sato@desk.example
    subject [INC-2026-000002] URGENT: please take it
at 2026-04-06 09:10 +0900
> third
    From: Ann Archer <ann@acme.example>
    Subject: URGENT: production down again

    Our production environment cannot be used and this is business critical: pgpool-II 4.5 crashes after every restart.
= open
< in hours
    to ann@acme.example
    says IMPORTANT: please also phone us about this urgent question: +81 3-0000-0000
    says We will answer by Mon 6 Apr 2026 10:10 JST.
    says We treat your question as urgent. Your menu Business time promises our answer within 60 minutes
    not Premium
< staff
    to sato@desk.example
< third call
    to sato@desk.example
    subject [INC-2026-000003] URGENT: please take it
