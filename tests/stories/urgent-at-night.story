# All of S20 together is urgent: Premium counts it at night too, and the phone stands at the top (S17, S21).
contract C-001 premium ja 2026-01-01..2026-12-31 株式会社サンプル
asker C-001 山田 太郎 <yamada@customer.example>
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
    says 【重要】緊急のお問い合わせは
    says +81 3-0000-0000
    says 緊急度　　　: 緊急
    says 2026年4月4日(土) 03:30 JST までに
    says 「プレミアム」では、緊急のお問い合わせに 24 時間 365 日、30 分以内にご回答します。
    not 対応時間外
    not 担当者が確認いたします
< staff
    to sato@desk.example
    subject [INC-2026-000001] URGENT New: 【緊急】本番停止
    says please start at once
< call
    to sato@desk.example
    subject [INC-2026-000001] URGENT: please take it: 【緊急】本番停止
    says take INC-2026-000001
    says all staff will be called at Sat 4 Apr 2026 03:15 JST
explain INC-2026-000001
    says urgency: urgent, decided by the rules
    says calendar: always, edition
    says Sat 2026-04-04 03:00:00 Sat 2026-04-04 03:30:00 30:00 30:00 counts
    not closed
