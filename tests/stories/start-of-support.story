# The contract was sold in March and begins in April: on its first day, at nine, the contact and the asker get their
# guides (S22), once. Whoever is registered later gets it at once.
staff en Sato <sato@desk.example>

at 2026-03-20 15:00 +0900
sold C-001 premium ja 2026-04-01..2027-03-31 株式会社サンプル
    contact 佐藤 一郎 <sato@customer.example>
    asker 山田 太郎 <yamada@customer.example>
nothing

at 2026-04-01 08:59 +0900
nothing
at 2026-04-01 09:00 +0900
< for the contact
    to sato@customer.example
    subject ご利用開始のご案内（契約番号 C-001）
    says 佐藤 一郎 様
    says 契約期間　　: 2026-04-01 ～ 2027-03-31
    says 質問担当者　: 10 名まで
    says 山田 太郎 <yamada@customer.example>
    says 契約の更新については
    says 宛先: registry@desk.example
< for the asker
    to yamada@customer.example
    subject ご利用のご案内（契約番号 C-001）
    says 山田 太郎 様
    says support@desk.example までメールでお送りください
    says メニュー　　: プレミアム
    says お問い合わせ: 月曜～金曜 9:00～18:00 JST（祝日、12月29日～1月3日を除く）
    says 緊急のとき　: 24 時間 365 日
    says 30 分以内
    says 必ずお電話でもご連絡ください。 電話: +81 3-0000-0000
    says 対象製品: pgpool-II
    not yamada@customer.example
    not sato@desk.example

at +1d
nothing

joins C-001 鈴木 花子 <suzuki@customer.example>
< for the newcomer
    to suzuki@customer.example
    says 鈴木 花子 様
    says ・山田 太郎 ・鈴木 花子
nothing

# What is asked in an answer to the guide is a question like any other.
> question
    From: 鈴木 花子 <suzuki@customer.example>
    Answers: for the newcomer

    pgpool-II 4.5 のフェイルオーバーについて教えてください。
= open
< ack
    to suzuki@customer.example
< staff
    to sato@desk.example
