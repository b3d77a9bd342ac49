# Premium, urgent, at night: the partner is called; nobody answers, so staff are; the first of them takes it (S21, S27).
contract C-001 premium ja 2026-01-01..2026-12-31 株式会社サンプル
asker C-001 山田 太郎 <yamada@customer.example>
machine C-001 db1 | RHEL 9.4 | pgpool-II 4.5.2
staff en Sato <sato@desk.example>
staff ja 鈴木 <suzuki@desk.example>
partner ja 夜間窓口 <night@partner.example>

at 2026-04-04 03:00 +0900
> question
    From: 山田 太郎 <yamada@customer.example>
    Subject: 【緊急】本番停止

    本番環境で pgpool-II 4.5 が使用できない状態で、業務が完全に停止しています。基幹システムです。
    pgpool が何度再起動してもクラッシュします。
    sato@desk.example 様にもお伝えください。
= open
< ack
    to yamada@customer.example
< sato
    to sato@desk.example
    subject [INC-2026-000001] URGENT New
< suzuki
    to suzuki@desk.example
    subject 【緊急】新規
< partner
    to night@partner.example
    subject [INC-2026-000001] 【緊急】【緊急】本番停止
    says 営業時間外の緊急のお問い合わせです
    says 株式会社サンプル
    says 質問者　　　: 山田 太郎
    says db1: RHEL 9.4, pgpool-II 4.5.2
    says 根拠
    says お電話でもご連絡いただくようお願いしています。電話: +81 3-0000-0000
    says 何度再起動してもクラッシュします
    says 担当します INC-2026-000001
    not sato@desk.example
    not yamada@customer.example
    not C-001
nothing

at +14m
nothing
at +1m
< call
    to sato@desk.example
    subject [INC-2026-000001] URGENT: please take it: 【緊急】本番停止
    says all staff will be called at Sat 4 Apr 2026 03:30 JST
< call ja
    to suzuki@desk.example
    says 2026年4月4日(土) 03:30 JST に社員全員を呼び出します
nothing

at +2m
> taken
    From: Sato <sato@desk.example>
    Answers: call

    I am on it, and phone them now.
= orders
< told
    to sato@desk.example
    says it is yours
    says kept as a note in INC-2026-000001
< claimed
    to suzuki@desk.example
    subject 担当者が決まりました
    says Sato <sato@desk.example> さんが INC-2026-000001 を引き受けました
    says I am on it, and phone them now.
< neutral
    to night@partner.example
    says 他の者が引き受けました。ご対応の必要はありません
    not sato
    not Sato
    not phone them
nothing

# Who is second hears that it is taken, and by whom; the partner hears only that it is.
> second
    From: 鈴木 <suzuki@desk.example>
    Answers: call ja

    担当します。
= orders
< second told
    to suzuki@desk.example
    says すでに他の人が引き受けています: INC-2026-000001, Sato <sato@desk.example>
> late
    From: 夜間窓口 <night@partner.example>
    Answers: partner

    担当します
= orders
< partner told
    to night@partner.example
    says 他の者が引き受けました
    not Sato

at +1d
nothing
incident INC-2026-000001 acknowledged 2
