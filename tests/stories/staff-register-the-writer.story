# 登録されていない同じ会社の方からのメールを、社員が返信で登録する。空席がなければ断られる（S9）。
contract C-001 premium ja 2026-01-01..2026-12-31 株式会社サンプル
asker C-001 山田 太郎 <yamada@customer.example>
staff ja 佐藤 <sato@desk.example>

at 2026-04-01 10:00 +0900
> question
    From: 鈴木 花子 <suzuki@customer.example>
    Subject: 設定について

    pgpool-II 4.5 の num_init_children の設定を教えてください。
= hold known-domain
< 保留
    to sato@desk.example
    subject 保留中のメール 1 件
    says 登録された方と同じメールドメインの、登録されていない方からのメールです
    says 契約　: C-001（推定）
    says 期限　: 2026年4月1日(水) 10:30 JST
    says | pgpool-II 4.5 の num_init_children の設定を教えてください。
    says 登録 1 鈴木 花子 契約 C-001
    says 解除 1 契約 C-001

at +5m
> order
    From: 佐藤 <sato@desk.example>
    Answers: 保留

    登録 1 鈴木 花子 契約 C-001
= orders
< 受付
    to suzuki@customer.example
    answers question
    says 鈴木 花子 様
    says 2026年4月1日(水) 10:30 JST
< 結果
    to sato@desk.example
    subject 実行しました
    says 登録し、改めて処理しています: C-001, 鈴木 花子 <suzuki@customer.example>: #1
< 社員へ
    to sato@desk.example
< 利用案内
    to suzuki@customer.example
    says 質問担当者として登録
incident INC-2026-000001 acknowledged 1

# もう一人には席がない。保留のまま、理由が返る。書き損じた行は何もせず、そのまま返る。
seats C-001 2
at +1d
> another
    From: 高橋 一郎 <takahashi@customer.example>
    Subject: 追加の質問

    別の質問です。
= hold known-domain
< 保留二
    to sato@desk.example

> second order
    From: 佐藤 <sato@desk.example>
    Answers: 保留二

    登録 高橋 一郎 契約 C-001
    解徐 3
= orders
< 結果二
    to sato@desk.example
    subject 実行できなかった指示があります
    says 質問担当者の空きがありません。登録済み／契約数: C-001: 2/2
    says 解徐 3

at +2m
> third order
    From: 佐藤 <sato@desk.example>
    Answers: 保留二

    無視
= orders
< 結果三
    to sato@desk.example
    says 破棄し、今後この差出人を無視します
at +1m
> once more
    From: 高橋 一郎 <takahashi@customer.example>
    Subject: 届いていますか

    よろしくお願いします。
= ignore ignored-sender
nothing
incidents 1
