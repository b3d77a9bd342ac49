# Whoever asks for the form gets it; staff need not hear of that.
contract C-001 premium en 2026-01-01..2026-12-31 Acme Ltd
asker C-001 Ann Archer <ann@acme.example>
staff en Sato <sato@desk.example>

at 2026-04-01 10:00 +0900
> please
    From: Ann Archer <ann@acme.example>
    To: registry@desk.example
    Subject: Form

    Hello, could you please send me the form for changing an asker? Thank you.
= change
< form
    to ann@acme.example
    answers please
    says [Asker]
    says New e-mail address:
    not CHG-

# A machine that sends it back, empty, gets no second one that day, and a person sees it.
at +1m
> echo
    From: Ann Archer <ann@acme.example>
    To: registry@desk.example
    Subject: Re: Form

    This is the form for changing what is registered. Kind of change:
= change
< odd
    to sato@desk.example
    says could not read what is to be changed

at +1h
> filled in
    From: Ann Archer <ann@acme.example>
    Answers: form

    Contract number: C-001

    [Asker]
    Kind of change: change
    Current name: Ann Archer
    Current e-mail address:
    New name: Bob Brown
    New e-mail address: bob@acme.example
= change
< received
    to ann@acme.example
    says now: Ann Archer <ann@acme.example>
    says then: Bob Brown <bob@acme.example>
< please check
    to sato@desk.example
at +1h
