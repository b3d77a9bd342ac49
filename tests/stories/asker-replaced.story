# 山田さんが異動し、質問担当者は鈴木さんに替わる。山田さんの質問は契約のもので、鈴木さんが引き継ぐ (S5, S6, S25)。
contract C-001 premium ja 2026-01-01..2026-12-31 株式会社サンプル
asker C-001 山田 太郎 <yamada@customer.example>
staff ja 佐藤 <sato@desk.example>

at 2026-04-01 10:00 +0900
> question
    From: 山田 太郎 <yamada@customer.example>
    Cc: 高橋 <takahashi@partner.example>
    Subject: フェイルオーバー

    pgpool-II 4.5 のフェイルオーバーについて教えてください。
= open
< ack
    to yamada@customer.example
< staff
    to sato@desk.example

at +1h
replace C-001 yamada@customer.example 鈴木 花子 <suzuki@customer.example>
nothing

# 鈴木さんの返信は、同じインシデントに入る。
> answer of the next asker
    From: 鈴木 花子 <suzuki@customer.example>
    Answers: question

    山田から引き継ぎました。バージョンは 4.5.2 です。
= append in-reply-to
< staff about the answer
    to sato@desk.example
< 利用案内
    to suzuki@customer.example
    says 質問担当者として登録
incident INC-2026-000001 acknowledged 2

# Cc の方からの返信について尋ねられるのは、今の担当者だけである。
at +1h
> answer of somebody in Cc
    From: 高橋 <takahashi@partner.example>
    Answers: question

    こちらでも起きています。
= hold participant
< may they join
    to suzuki@customer.example
    not 山田
< digest
    to sato@desk.example

# 山田さんはもう質問担当者ではない。何も送られず、担当が判断する。
at +1h
< alarm about somebody in Cc
    to sato@desk.example
    says CC に入っていた方
> answer of the former asker
    From: 山田 太郎 <yamada@customer.example>
    Answers: question

    その後いかがでしょうか。
= hold known-domain
< digest of the former asker
    to sato@desk.example
incidents 1
