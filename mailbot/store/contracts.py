"""Which contracts, askers and staff are registered?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Connection, Row, RowMapping, bindparam, func, insert, or_, select, update

from mailbot.desk.contract import Asker, AskerKind, Contract, Language, Role, Staff, Term, TrustNeeded
from mailbot.desk.facts import Registration
from mailbot.store.schema import asker, contact, contract, staff, term

_REGISTRY_LOCK = 0x72656769  # one number, known to every program on this database


def registrations(connection: Connection, *, addresses: Sequence[str], list_ids: Sequence[str]) -> list[Registration]:
    """Give every asker, person or list, that is registered with one of these addresses or List-Ids."""
    rows = connection.execute(_REGISTRATIONS, {"addresses": list(addresses), "list_ids": list(list_ids)})
    found: dict[int, tuple[Row[*tuple[Any, ...]], list[Term]]] = {}
    for row in rows:
        terms = found.setdefault(row.asker_id, (row, []))[1]
        if row.starts_on is not None:
            terms.append(Term(row.starts_on, row.ends_on, row.term_menu))
    return [Registration(_asker(row), _contract(row, terms)) for row, terms in found.values()]


def registration_of(connection: Connection, asker_id: int) -> Registration | None:
    """Give an asker with the contract, whether still registered or not."""
    row = connection.execute(select(asker).where(asker.c.id == asker_id)).one_or_none()
    if row is None:
        return None
    removed = row.removed_at is not None
    found = Asker(row.id, row.contract_id, AskerKind(row.kind), row.name, row.address, row.list_id, removed)
    return Registration(found, by_ids(connection, [row.contract_id])[row.contract_id])


def by_ids(connection: Connection, ids: Sequence[int]) -> dict[int, Contract]:
    """Give these contracts with their terms."""
    terms: dict[int, list[Term]] = {}
    for row in connection.execute(_TERMS_OF, {"ids": list(ids)}):
        terms.setdefault(row.contract_id, []).append(Term(row.starts_on, row.ends_on, row.menu))
    return {
        row.id: _contract(row, terms.get(row.id, ())) for row in connection.execute(_CONTRACTS_OF, {"ids": list(ids)})
    }


_CONTRACTS_OF = select(contract).where(contract.c.id.in_(bindparam("ids", expanding=True)))
_TERMS_OF = select(term).where(term.c.contract_id.in_(bindparam("ids", expanding=True))).order_by(term.c.starts_on)


def contacts_at(connection: Connection, addresses: Sequence[str]) -> list[tuple[str, int]]:
    """Give (address, contract id) of every contract contact with one of these addresses."""
    return [(row.address, row.contract_id) for row in connection.execute(_CONTACTS_AT, {"addresses": list(addresses)})]


_CONTACTS_AT = (
    select(contact.c.address, contact.c.contract_id)
    .where(contact.c.address.in_(bindparam("addresses", expanding=True)))
    .order_by(contact.c.contract_id)
)


def neighbours(connection: Connection, domain: str, *, limit: int) -> list[int]:
    """Give the ids of contracts whose askers or contacts have addresses in this very domain."""
    return list(connection.execute(_NEIGHBOURS, {"domain": domain, "n": limit}).scalars())


_NEIGHBOURS = (
    select(asker.c.contract_id)
    .where(asker.c.domain == bindparam("domain"), asker.c.removed_at.is_(None))
    .union(select(contact.c.contract_id).where(contact.c.domain == bindparam("domain")))
    .order_by("contract_id")
    .limit(bindparam("n"))
)

_REGISTRATIONS = (
    select(
        asker.c.id.label("asker_id"),
        asker.c.kind,
        asker.c.name,
        asker.c.address,
        asker.c.list_id,
        contract,
        term.c.starts_on,
        term.c.ends_on,
        term.c.menu.label("term_menu"),
    )
    .select_from(
        asker.join(contract, contract.c.id == asker.c.contract_id).outerjoin(term, term.c.contract_id == contract.c.id)
    )
    .where(
        asker.c.removed_at.is_(None),
        or_(
            asker.c.address.in_(bindparam("addresses", expanding=True)),
            asker.c.list_id.in_(bindparam("list_ids", expanding=True)),
        ),
    )
    .order_by(asker.c.id, term.c.starts_on)
)


def _asker(row: Row[*tuple[Any, ...]]) -> Asker:
    return Asker(row.asker_id, row.id, AskerKind(row.kind), row.name, row.address, row.list_id)


def _contract(row: Row[*tuple[Any, ...]], terms: Sequence[Term]) -> Contract:
    return Contract(
        id=row.id,
        number=row.number,
        customer=row.customer,
        menu=row.menu,
        language=cast(Language, row.language),
        cluster=row.cluster,
        extra_askers=row.extra_askers,
        mailing_list_option=row.mailing_list_option,
        terms=tuple(terms),
        cancelled_at=row.cancelled_at,
        trust=None if row.trust is None else TrustNeeded(row.trust),
        timezone=row.timezone,
    )


def claim_registry(connection: Connection) -> None:
    """Become the only one who registers anything, until the transaction ends; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_REGISTRY_LOCK)))


def add(
    connection: Connection,
    *,
    number: str,
    customer: str,
    menu: str,
    language: Language,
    cluster: str,
    extra_askers: int,
    mailing_list_option: bool,
    starts_on: date,
    ends_on: date,
    now: datetime,
) -> int:
    """Write a new contract with its first term; give its id."""
    values = {
        "number": number,
        "customer": customer,
        "menu": menu,
        "language": language,
        "cluster": cluster,
        "extra_askers": extra_askers,
        "mailing_list_option": mailing_list_option,
        "created_at": now,
    }
    contract_id = connection.execute(insert(contract).values(values).returning(contract.c.id)).scalar_one()
    connection.execute(insert(term).values(contract_id=contract_id, starts_on=starts_on, ends_on=ends_on))
    return int(contract_id)


def add_contact(connection: Connection, contract_id: int, *, name: str, address: str) -> None:
    """Write one more contract contact."""
    connection.execute(
        insert(contact).values(contract_id=contract_id, name=name, address=address, domain=domain(address))
    )


def remove_contact(connection: Connection, contract_id: int, address: str) -> None:
    """Strike a contract contact off; the journal holds that there was one."""
    connection.execute(contact.delete().where(contact.c.contract_id == contract_id, contact.c.address == address))


def add_asker(
    connection: Connection,
    contract_id: int,
    *,
    kind: AskerKind,
    name: str,
    address: str,
    list_id: str | None,
    now: datetime,
) -> int:
    """Write one more asker; give its id."""
    values = {
        "contract_id": contract_id,
        "kind": kind,
        "name": name,
        "address": address,
        "list_id": list_id,
        "registered_at": now,
        "domain": domain(address),
    }
    return int(connection.execute(insert(asker).values(values).returning(asker.c.id)).scalar_one())


def domain(address: str) -> str:
    """Give the domain of a normalised address."""
    return address.rpartition("@")[2]


def by_number(connection: Connection, number: str) -> Contract | None:
    """Find a contract by what people call it."""
    row = connection.execute(select(contract).where(contract.c.number == number)).one_or_none()
    if row is None:
        return None
    terms = connection.execute(select(term).where(term.c.contract_id == row.id).order_by(term.c.starts_on))
    return _contract(row, [Term(each.starts_on, each.ends_on, each.menu) for each in terms])


def askers(connection: Connection, contract_id: int) -> list[Asker]:
    """Give the registered askers of a contract: persons first, then lists, each in the order of registration."""
    rows = connection.execute(
        select(asker)
        .where(asker.c.contract_id == contract_id, asker.c.removed_at.is_(None))
        .order_by(asker.c.kind.desc(), asker.c.id)
    )
    return [Asker(row.id, row.contract_id, AskerKind(row.kind), row.name, row.address, row.list_id) for row in rows]


def contacts(connection: Connection, contract_id: int) -> list[RowMapping]:
    """Give the contract contacts: name, address."""
    columns = (contact.c.name, contact.c.address)
    return list(
        connection.execute(
            select(*columns).where(contact.c.contract_id == contract_id).order_by(contact.c.id)
        ).mappings()
    )


def listed(connection: Connection) -> list[RowMapping]:
    """Give every contract with its first and last day and the number of its askers."""
    seats = (
        select(func.count()).where(asker.c.contract_id == contract.c.id, asker.c.removed_at.is_(None)).scalar_subquery()
    )
    query = (
        select(
            contract,
            func.min(term.c.starts_on).label("starts_on"),
            func.max(term.c.ends_on).label("ends_on"),
            seats.label("askers"),
        )
        .select_from(contract.outerjoin(term, term.c.contract_id == contract.c.id))
        .group_by(contract.c.id)
        .order_by(contract.c.number)
    )
    return list(connection.execute(query).mappings())


def add_staff(
    connection: Connection, *, name: str, address: str, language: Language, now: datetime, role: Role = Role.STAFF
) -> int:
    """Write one more staff member, or one who comes back under the old id; give the id."""
    values = {"name": name, "language": language, "added_at": now, "role": role}
    back = update(staff).where(staff.c.address == address, staff.c.removed_at.is_not(None))
    found = connection.execute(back.values(values | {"removed_at": None}).returning(staff.c.id)).scalar_one_or_none()
    if found is None:
        new = insert(staff).values(values | {"address": address}).returning(staff.c.id)
        found = connection.execute(new).scalar_one()
    return int(found)


def remove_staff(connection: Connection, address: str, now: datetime) -> bool:
    """Strike a staff member off; false when there was none. The row stays, so that no id is ever given anew."""
    removed = update(staff).where(staff.c.address == address, staff.c.removed_at.is_(None)).values(removed_at=now)
    return connection.execute(removed).rowcount == 1


def all_staff(connection: Connection) -> list[Staff]:
    """Give everybody of staff. The partner is none of them: whatever staff are told is not for the partner (S27)."""
    return [person for person in everybody(connection) if person.role is Role.STAFF]


def everybody(connection: Connection) -> list[Staff]:
    """Give everybody who answers here, the partner among them."""
    return [
        Staff(row.id, row.name, row.address, cast(Language, row.language), Role(row.role))
        for row in connection.execute(select(staff).where(staff.c.removed_at.is_(None)).order_by(staff.c.id))
    ]


def staff_by_id(connection: Connection, staff_id: int) -> Staff | None:
    """Give somebody who answers here or did so before."""
    row = connection.execute(select(staff).where(staff.c.id == staff_id)).one_or_none()
    if row is None:
        return None
    return Staff(row.id, row.name, row.address, cast(Language, row.language), Role(row.role))


def numbers_taken(connection: Connection, numbers: Iterable[str]) -> set[str]:
    """Say which of these contract numbers exist."""
    return set(connection.execute(select(contract.c.number).where(contract.c.number.in_(list(numbers)))).scalars())
