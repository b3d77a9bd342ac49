# Staff may say no; the writer hears it kindly, with the reason, and nothing has changed.
contract C-001 premium en 2026-01-01..2026-12-31 Acme Ltd
asker C-001 Ann Archer <ann@acme.example>
staff en Sato <sato@desk.example>

at 2026-04-01 10:00 +0900
> more
    From: Ann Archer <ann@acme.example>
    To: registry@desk.example
    Subject: One more

    Please add Bob Brown <bob@acme.example> as an asker.
= change
< received
    to ann@acme.example
    says New asker
< please check
    to sato@desk.example
decline CHG-1 all seats of your contract are taken
< declined
    to ann@acme.example
    subject [CHG-1]
    says We are sorry
    says Reason: all seats of your contract are taken
    says stays as it was
registered C-001 ann@acme.example
