# 第 2 リレーがなければ、すべてのメールがリレーの復旧を待つ。復旧するまで警報も届かないが、二重には送られない。
contract C-001 premium ja 2026-01-01..2026-12-31 株式会社サンプル
asker C-001 山田 太郎 <yamada@customer.example>
staff ja 佐藤 <sato@desk.example>

at 2026-04-01 10:00 +0900
relay refuses connections
> question
    From: 山田 太郎 <yamada@customer.example>
    Subject: 質問

    pgpool-II 4.5 の watchdog の設定方法を教えてください。
= open
nothing
incident INC-2026-000001 new 1
at +10s
at +20s
at +5s
nothing
relay works
at +1m
< 受付
    to yamada@customer.example
< 社員へ
    to sato@desk.example
    subject 新規
< 警報
    to sato@desk.example
    subject 【警報】第 1 リレーが使えません
    says 未送信の受付メール: 1 件
    says 第 2 リレーがないため
at +5s
< 復旧
    to sato@desk.example
    subject 第 1 リレーが復旧しました
at +1d
nothing
