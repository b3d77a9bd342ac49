# マシンが二日以上止まり、起動後の時計が正しいかどうか分からない。受付は続け、日付で送るメールは人が確かめてから送る。
contract C-001 premium ja 2026-01-01..2028-12-31 株式会社サンプル
asker C-001 山田 太郎 <yamada@customer.example>
staff ja 佐藤 <sato@desk.example>

at 2026-04-01 10:00 +0900
sold C-002 premium ja 2026-04-03..2027-04-02 株式会社例
    asker 鈴木 花子 <suzuki@example.example>
nothing

clock reboots 2d
< 警報
    to sato@desk.example
    subject 【警報】mailbot の停止: 2日
    says 【保留】
    says mailbot clock accept
> question
    From: 山田 太郎 <yamada@customer.example>
    Subject: 質問

    pgpool-II 4.5 の watchdog の設定を教えてください。
= open
< 受付
    to yamada@customer.example
< 社員へ
    to sato@desk.example
at +3h
nothing
clock accepted
< ご案内
    to suzuki@example.example
at +1d
nothing
