# Cancelled in February, so access goes on to the last day of March (S24), and the question of that day is served. On
# the next morning staff are told, with what is still open. The customer is told nothing of it.
contract C-001 premium ja 2026-04-01..2027-03-31 株式会社サンプル
asker C-001 山田 太郎 <yamada@customer.example>
staff en Suzuki <suzuki@desk.example>
staff ja 伊藤 <ito@desk.example>

at 2027-02-01 10:00 +0900
cancelled C-001
nothing

at 2027-03-31 23:59 +0900
> last question
    From: 山田 太郎 <yamada@customer.example>
    Subject: 最後の質問

    pgpool-II 4.5 について教えてください。
= open
< ack
    to yamada@customer.example
< staff one
    to suzuki@desk.example
< staff two
    to ito@desk.example

at 2027-04-01 08:59 +0900
nothing
at 2027-04-01 09:00 +0900
< ended
    to suzuki@desk.example
    subject Contract C-001 has ended: 株式会社サンプル
    says as the customer had told
    says Last day: 2027-03-31
    says Cancelled: Mon 1 Feb 2027 10:00 JST
    says [INC-2027-000001] acknowledged 最後の質問
    says asker: 山田 太郎 <yamada@customer.example>
< ended, in Japanese
    to ito@desk.example
    says 解約のお申し出のとおり
    says [INC-2027-000001] 対応中 最後の質問

at +1d
nothing

# What was open stays open for staff; what its asker writes from now on is held.
incident INC-2027-000001 acknowledged 1
