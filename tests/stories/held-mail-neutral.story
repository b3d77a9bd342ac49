# 二つの契約の質問担当者からのメールは、どちらの契約か分からず保留になる。時間の 90 % が過ぎると、登録された方にだけ、
# メールが届いたことをお知らせする。何もお約束せず、メールの内容には触れない。登録のない方には何も送らない (S28)。
contract C-001 premium ja 2026-01-01..2026-12-31 株式会社サンプル
contract C-002 business ja 2026-01-01..2026-12-31 株式会社サンプル
asker C-001 山田 太郎 <yamada@customer.example>
asker C-002 山田 太郎 <yamada@customer.example>
staff ja 佐藤 <sato@desk.example>

at 2026-04-01 10:00 +0900
> question
    From: 山田 太郎 <yamada@customer.example>
    Subject: 秘密の計画について

    パスワードは xyzzy です。設定を教えてください。
= hold which-contract
< 保留
    to sato@desk.example
> stranger
    From: Eve <eve@elsewhere.example>
    Subject: Question

    Did you get my mail?
= hold stranger

at +15m
< 半分
    to sato@desk.example
    says 経過　: 期限までの時間の 50 %
at +9m
< 八割
    to sato@desk.example
    says 経過　: 期限までの時間の 80 %
at +2m
nothing
at +1m
< お知らせ
    to yamada@customer.example
    subject あなたを差出人とするメールが届いています
    says 山田 太郎 様
    says 2026年4月1日(水) 10:00 JST
    says お約束するものではありません
    not 秘密
    not xyzzy
    not C-00
    not INC-
at +3m
< 期限
    to sato@desk.example
    says 経過　: 期限までの時間の 100 %
incidents 0

# 受付のお知らせは、社員が契約を決めてから送られる。
at +5m
> order
    From: 佐藤 <sato@desk.example>
    Answers: 期限

    解除 1 契約 C-001
    却下 2
= orders
< 受付
    to yamada@customer.example
    says INC-2026-000001
< 結果
    to sato@desk.example
    subject 実行しました
< 社員へ
    to sato@desk.example
at +5d
nothing
