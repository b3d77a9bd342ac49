# Two contracts come to their end. One is renewed in time: nobody is told anything. The other one lapses while the desk
# is switched off over the date: staff are told when it is back, once.
contract C-001 premium en 2026-04-01..2027-03-31 Renewed Inc.
contract C-002 business en 2026-04-01..2027-03-31 Lapsed Inc.
staff en Suzuki <suzuki@desk.example>

at 2027-03-30 17:00 +0900
renewed C-001 2027-04-01..2028-03-31

at 2027-04-12 10:30 +0900
< ended
    to suzuki@desk.example
    subject Contract C-002 has ended: Lapsed Inc.
    says neither renewed nor cancelled
    says No incident is open
    says mailbot contract renew C-002
nothing

# Renewed after all, from May on: its next end is told again.
renewed C-002 2027-05-01..2028-04-30
at 2028-04-01 09:00 +0900
< the first one
    to suzuki@desk.example
    subject Contract C-001 has ended
at 2028-05-01 09:00 +0900
< the second one
    to suzuki@desk.example
    subject Contract C-002 has ended
    says Last day: 2028-04-30
at +30d
nothing
