# Somebody writes that an asker's address is another one now. It may be a thief of the account: staff see it marked, and
# the old address hears of it, so that its owner can object.
contract C-001 premium en 2026-01-01..2026-12-31 Acme Ltd
asker C-001 Ann Archer <ann@acme.example>
staff en Sato <sato@desk.example>
staff ja 伊藤 <ito@desk.example>

at 2026-04-01 10:00 +0900
> moved
    From: Ann Archer <ann@acme.example>
    To: registry@desk.example
    Subject: New address

    Hello, my e-mail address has changed.

    Old: ann@acme.example
    New: ann.archer@elsewhere.example

    Regards, Ann
= change
< received
    to ann@acme.example
    says Asker's name or address
    says then: Ann Archer <ann.archer@elsewhere.example>
    says if you did not ask for this, just reply
< please check
    to sato@desk.example
    says ATTENTION: nothing proves who sent this
    says ATTENTION: the writer wants to be known by another address
    says ATTENTION: the new address is at another domain
< 確認
    to ito@desk.example
    subject 要確認
    says 【注意】依頼者自身のメールアドレスの変更です
    says 承認 1
registered C-001 ann@acme.example

approve CHG-1
< farewell
    to ann@acme.example
    subject no longer registered with support contract C-001
    says please reply to this mail at once, or phone us
    not elsewhere
< welcome
    to ann.archer@elsewhere.example
    says You are now registered with support contract C-001
registered C-001 ann.archer@elsewhere.example

# The owner of the old address is a stranger now, and is heard all the same.
at +1h
> objection
    From: Ann Archer <ann@acme.example>
    Answers: farewell

    I did not ask for this! Somebody has my password.
= hold stranger
< digest
    to sato@desk.example
    says ann@acme.example
< digest 2
    to ito@desk.example
