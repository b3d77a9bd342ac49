# CC の方の返信は保留され、質問担当者が一言で参加を認める。社員が返信で認めることもできる。
contract C-001 premium ja 2026-01-01..2026-12-31 株式会社サンプル
asker C-001 山田 太郎 <yamada@customer.example>
staff ja 佐藤 <sato@desk.example>

at 2026-04-01 10:00 +0900
> question
    From: 山田 太郎 <yamada@customer.example>
    To: support@desk.example
    Cc: suzuki@partner.example, tanaka@partner.example
    Subject: フェイルオーバーについて

    pgpool-II 4.5 がフェイルオーバーしません。
= open
< 受付
    to yamada@customer.example
< 社員へ
    to sato@desk.example

at +5m
> suzuki
    From: 鈴木 花子 <suzuki@partner.example>
    Answers: question

    設定ファイルをお送りします。
= hold participant
< 参加について
    to yamada@customer.example
    subject 鈴木 花子
    says 参加を認める
< 保留
    to sato@desk.example
    says 参加を認める 2

at +3m
> yes
    From: 山田 太郎 <yamada@customer.example>
    Answers: 参加について

    お世話になっております。山田です。
    参加を認めます。
= append reply-address
< 社員へ
    to sato@desk.example
< 鈴木の分
    to sato@desk.example
    says 設定ファイルをお送りします。

at +40m
> tanaka
    From: 田中 <tanaka@partner.example>
    Answers: question

    ログです。
= hold participant
< 田中の参加について
    to yamada@customer.example
< 保留二
    to sato@desk.example

at +2m
> order
    From: 佐藤 <sato@desk.example>
    Answers: 保留二

    参加を認める
= orders
< 結果
    to sato@desk.example
    says 参加を認め、メールを受け付けました: INC-2026-000001, tanaka@partner.example: #4
< 田中の分
    to sato@desk.example
    says ログです。
incident INC-2026-000001 acknowledged 4
at +1d
nothing
