# お客様のご返信を待つ間は、週末でも平日でも時計は進まず、催促も出ない。夜に催促が出ることもない。
sells business | answer_minutes = 540 | update_minutes = 1080
contract C-001 business ja 2026-01-01..2026-12-31 株式会社サンプル
asker C-001 山田 太郎 <yamada@customer.example>
staff ja 佐藤 <sato@desk.example>

# 金曜の夕方。期限は月曜の 17:00。
at 2026-04-03 17:00 +0900
> question
    From: 山田 太郎 <yamada@customer.example>
    Subject: 設定

    pgpool-II 4.5 の設定について教えてください。
= open
< ack
    to yamada@customer.example
    says 2026年4月6日(月) 17:00 JST
< staff
    to sato@desk.example
at +30m
wait INC-2026-000001 sato@desk.example
incident INC-2026-000001 waiting 1

# 月曜いっぱい待つ。
at 2026-04-04 03:00 +0900
nothing
at 2026-04-06 17:59 +0900
nothing

# 夜のご返信。数え始めるのは翌朝で、残りは八時間半。
at 2026-04-06 22:00 +0900
> reply
    From: 山田 太郎 <yamada@customer.example>
    Answers: ack

    設定ファイルをお送りします。
= append reply-address
< reply-to-staff
    to sato@desk.example
incident INC-2026-000001 acknowledged 2
at 2026-04-07 12:59 +0900
nothing
at +1m
< half
    to sato@desk.example
    subject 【回答期限】INC-2026-000001 は 2026年4月7日(火) 17:30 JST までに回答してください
at 2026-04-07 15:00 +0900
answered INC-2026-000001 sato@desk.example
wait INC-2026-000001 sato@desk.example
at +14d
nothing
incident INC-2026-000001 waiting 2
