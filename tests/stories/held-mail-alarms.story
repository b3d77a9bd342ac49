# 保留中のメールは、期限までの時間の 50 %、80 % が過ぎた時と期限に警告される。対応すれば止まる。登録のない方には何も送らない。
contract C-001 business ja 2026-01-01..2026-12-31 株式会社サンプル
asker C-001 山田 太郎 <yamada@customer.example>
staff ja 佐藤 <sato@desk.example>

at 2026-04-01 17:50 +0900
> question
    From: 山田 次郎 <jiro@customer.example>
    Subject: 質問

    pgpool-II 4.5 の質問です。
= hold known-domain
< 保留
    to sato@desk.example
    says 期限　: 2026年4月2日(木) 09:50 JST

# 営業時間の外では時計は進まない。
at 2026-04-02 09:19 +0900
nothing
at +1m
< 警告
    to sato@desk.example
    subject 【至急】保留中のメールの期限が迫っています 1 件
    says 解除 1 契約 C-001
    says 経過　: 期限までの時間の 50 %
at +17m
nothing
at +1m
< 八割
    to sato@desk.example
    subject 【至急】
    says 経過　: 期限までの時間の 80 %
at +11m
nothing
at +1m
< 期限
    to sato@desk.example
    subject 【至急】
    says 経過　: 期限までの時間の 100 %
at +5m
> order
    From: 佐藤 <sato@desk.example>
    Answers: 期限

    解除 契約 C-001
= orders
< 受付
    to yamada@customer.example
< 結果
    to sato@desk.example
    subject 実行しました
< 社員へ
    to sato@desk.example
at +5d
nothing
