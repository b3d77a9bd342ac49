# 先方の受付システムが、番号だけを変えて受付メールを返し続ける。三通目からは保留し、担当者に一度だけ知らせる（T11）。
contract C-001 premium ja 2026-01-01..2026-12-31 株式会社サンプル
asker C-001 山田 太郎 <yamada@customer.example>
staff ja 佐藤 <sato@desk.example>

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
at +10s
> receipt one
    From: yamada@customer.example
    Subject: 【サンプル社】受付番号 00041

    この度はお問い合わせいただき、ありがとうございます。受付番号：00041
= open
< ack one
    to yamada@customer.example
< staff one
    to sato@desk.example
at +10s
> receipt two
    From: yamada@customer.example
    Subject: 【サンプル社】受付番号 00042

    この度はお問い合わせいただき、ありがとうございます。受付番号：00042
= open
< ack two
    to yamada@customer.example
< staff two
    to sato@desk.example
at +10s
> receipt three
    From: yamada@customer.example
    Subject: 【サンプル社】受付番号 00043

    この度はお問い合わせいただき、ありがとうございます。受付番号：00043
= hold goes-round
< digest
    to sato@desk.example
    says 同じ内容が繰り返し届いています
nothing
