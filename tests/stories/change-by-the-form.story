# What the program cannot read, a person reads, and the writer gets the form; the form filled in between its quoted lines
# is understood and takes the place of the first mail.
contract C-001 premium ja 2026-01-01..2026-12-31 株式会社サンプル
asker C-001 山田 太郎 <yamada@customer.example>
contact C-001 田中 一郎 <tanaka@customer.example>
staff en Sato <sato@desk.example>

at 2026-04-01 10:00 +0900
> vague
    From: 山田 太郎 <yamada@customer.example>
    To: registry@desk.example
    Subject: 担当者について

    体制が変わり、来月から別の者がお世話になります。よろしくお願いいたします。
= change
< form
    to yamada@customer.example
    subject [CHG-1]
    says 自動では読み取れませんでした
    says 【質問担当者】
    says 新しいメールアドレス:
    says 契約番号: C-001
< please check
    to sato@desk.example
    subject [CHG-1]
    says could not read what is to be changed
    says 来月から別の者がお世話になります
    says make the change by hand first

at +1h
> filled in
    From: 山田 太郎 <yamada@customer.example>
    Answers: form

    記入しました。

    > 契約番号: C-001
    >
    > 【質問担当者】
    > 変更の種類: 追加
    > 現在の氏名:
    > 現在のメールアドレス:
    > 新しい氏名：　鈴木　花子
    > 新しいメールアドレス： suzuki@customer.example
    >
    > 【契約担当者】
    > 変更の種類:
    >
    > 【機器】
    > 変更の種類: 追加
    > ホスト名: db1
    > OS: RHEL 9.4
    > 製品とバージョン: pgpool-II 4.5.2
= change
< received
    to yamada@customer.example
    subject [CHG-2]
    says 質問担当者の追加 変更後: 鈴木 花子 <suzuki@customer.example>
    says 機器の追加 変更後: db1: RHEL 9.4, pgpool-II 4.5.2
< please check 2
    to sato@desk.example
    subject [CHG-2]
    says Replaces: CHG-1
    says Seats: 1 of 10 taken, then 2
approve CHG-2
< welcome
    to suzuki@customer.example
< done
    to yamada@customer.example
< done for the contact
    to tanaka@customer.example
registered C-001 yamada@customer.example and suzuki@customer.example and tanaka@customer.example and db1: RHEL 9.4, pgpool-II 4.5.2
at +3d
nothing
