# A second question in a closed incident opens a new one, linked to it (S6).
contract C-001 premium ja 2026-01-01..2026-12-31 株式会社サンプル
asker C-001 山田 太郎 <yamada@customer.example>
staff en Sato <sato@desk.example>

at 2026-04-01 10:00 +0900
> question
    From: 山田 太郎 <yamada@customer.example>
    Subject: 設定について

    pgpool-II 4.5 の num_init_children の設定を教えてください。
= open
< ack
    to yamada@customer.example
< word to staff
    to sato@desk.example
close INC-2026-000001

at +20d
> thanks, and one more
    From: 山田 太郎 <yamada@customer.example>
    Answers: ack

    ありがとうございました。もう一つ質問です。
= open
< second ack
    to yamada@customer.example
    answers thanks, and one more
    subject Re: [INC-2026-000002] 設定について
    says 前回の受付　: INC-2026-000001（完了済みのため、関連する新しいお問い合わせとして承りました）
< staff
    to sato@desk.example
    says Follows: INC-2026-000001 (closed)

> reply to the second
    From: 山田 太郎 <yamada@customer.example>
    Answers: second ack

    ログです。
= append reply-address
< staff
    to sato@desk.example
    subject [INC-2026-000002] Reply
incident INC-2026-000001 closed 1
incident INC-2026-000002 acknowledged 2
