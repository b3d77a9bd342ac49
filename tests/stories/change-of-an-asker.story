# A customer tells that another person asks from now on (S25). Nothing changes before staff approve it; then the old and
# the new asker and the contract contact hear of it, each what concerns them.
contract C-001 premium ja 2026-01-01..2026-12-31 株式会社サンプル
asker C-001 山田 太郎 <yamada@customer.example>
contact C-001 田中 一郎 <tanaka@customer.example>
staff en Sato <sato@desk.example>

at 2026-04-01 10:00 +0900
> change
    From: 田中 一郎 <tanaka@customer.example>
    To: registry@desk.example
    Subject: 質問担当者の変更

    お世話になっております。株式会社サンプルの田中です。
    来月より、質問担当者を山田から鈴木　花子 <suzuki@customer.example>
    に変更してください。よろしくお願いいたします。
= change
< received
    to tanaka@customer.example
    answers change
    subject [CHG-1] 質問担当者の変更
    says 田中 一郎 様
    says 質問担当者の交代
    says 変更前: 山田 太郎 <yamada@customer.example>
    says 変更後: 鈴木 花子 <suzuki@customer.example>
    says 確認が終わるまで登録は変わりません
< please check
    to sato@desk.example
    subject [CHG-1] Please check
    says Asked by: 田中 一郎 <tanaka@customer.example> (contract contact)
    says NOT proven
    says Seats: 1 of 10 taken
    says now: 山田 太郎 <yamada@customer.example>
    says then: 鈴木 花子 <suzuki@customer.example>
    says approve 1
    says 来月より、質問担当者を山田から
registered C-001 yamada@customer.example and tanaka@customer.example

# The old asker may still ask.
at +1h
> a last question
    From: 山田 太郎 <yamada@customer.example>
    Subject: 設定について

    pgpool-II 4.5 の設定について教えてください。
= open
< ack
    to yamada@customer.example
< question
    to sato@desk.example

approve CHG-1
< welcome
    to suzuki@customer.example
    subject サポート契約 C-001 にご登録いたしました
    says 鈴木 花子 様
    says support@desk.example 宛にお送りください
    not yamada
< farewell
    to yamada@customer.example
    subject C-001 のご登録の解除
    says 質問担当者
    says お心当たりがない場合は、至急
    not suzuki
    not 鈴木
< done
    to tanaka@customer.example
    subject [CHG-1] 登録情報の変更が完了しました
    says 変更後: 鈴木 花子 <suzuki@customer.example>
registered C-001 suzuki@customer.example and tanaka@customer.example

at +1h
> from the new asker
    From: 鈴木 花子 <suzuki@customer.example>
    Subject: 引き継ぎ

    pgpool-II 4.5 の接続数について教えてください。
= open
< ack 2
    to suzuki@customer.example
< question 2
    to sato@desk.example
> from the old asker
    From: 山田 太郎 <yamada@customer.example>
    Subject: もう一つ

    pgpool-II 4.5 について教えてください。
= hold known-domain
< digest
    to sato@desk.example
