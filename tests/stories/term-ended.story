# The last day of the term is in it, to its end in Tokyo; the next day is not (S7, S24). The asker is told so once,
# kindly, with the way to renew; staff are told each time.
contract C-001 premium ja 2026-01-01..2026-12-31 株式会社サンプル
asker C-001 山田 太郎 <yamada@customer.example>
staff en Sato <sato@desk.example>

at 2026-12-31 23:59 +0900
> last minute
    From: 山田 太郎 <yamada@customer.example>
    Subject: 最後の質問

    pgpool-II 4.5 について教えてください。
= open
< ack
    to yamada@customer.example
< staff
    to sato@desk.example

at 2027-01-01 00:00 +0900
> too late
    From: 山田 太郎 <yamada@customer.example>
    Subject: 新年の質問

    pgpool-II 4.5 について教えてください。
= hold ended
< sorry
    to yamada@customer.example
    answers too late
    subject サポート契約 C-001
    says 2026-12-31 に終了
    says 更新をご希望の場合は
< digest
    to sato@desk.example
    says the writer's contract has ended

at +1h
> once more
    From: 山田 太郎 <yamada@customer.example>
    Subject: もう一度

    届いていますか。
= hold ended
< digest
    to sato@desk.example
incidents 1
