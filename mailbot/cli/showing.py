"""Which contracts are there, and what stands in one? The commands `contract list` and `contract show`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mailbot.cli.askers import KEYS
from mailbot.cli.options import LONGEST_DAYS, AsJson, ConfigFile, Number, opened
from mailbot.cli.output import moment, picked, say, say_json, shown
from mailbot.errors import InputError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from mailbot.desk.contract import Contract, Equipment, Term
    from mailbot.store.engine import Connection

_LEAST_HISTORY = 10  # a person looks for what was last; JSON has it all


def contract_list(
    status: Annotated[
        str, typer.Option("--status", metavar="STATUS", help="not-begun, in-force, cancelled or ended.")
    ] = "",
    ending_within: Annotated[
        int | None,
        typer.Option("--ending-within", metavar="DAYS", min=0, max=LONGEST_DAYS, help="In force, and ending by then."),
    ] = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """List the contracts."""
    from mailbot.store import contracts, terms

    wanted = _status(status)
    with opened(config) as desk:
        with desk.store.read() as connection:
            rows = contracts.listed(connection)
            sold = terms.by_contract(connection)
        today = desk.today
    told = [_listed(row, sold.get(row["id"], ()), today) for row in rows]
    told = [each for each in told if not wanted or each["status"] == wanted]
    if ending_within is not None:
        last = today + timedelta(days=ending_within)
        told = [each for each in told if _is_held(each["status"]) and each["ends_on"] <= last]
    if as_json:
        say_json(told)
    else:
        _tell_list(
            told,
            none="no contract is like that" if rows else "no contract is registered: see mailbot contract add --help",
        )


def contract_show(number: Number, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Show a contract with its terms, seats, askers, contacts, equipment and history."""
    from mailbot.flows.registry import existing

    with opened(config) as desk:
        with desk.store.read() as connection:
            found = _looked_up(connection, existing(connection, number))
        told = _shown(found, desk.today)
        zone, policy = desk.zone, str(desk.settings.policy.trust)
    if as_json:
        say_json(told)
    else:
        _tell(told, zone, policy)


@dataclass(frozen=True, slots=True)
class _Found:
    """A contract with what belongs to it, as it is kept."""

    contract: Contract
    askers: Sequence[Mapping[Any, Any]]
    contacts: Sequence[Mapping[Any, Any]]
    equipment: Sequence[Equipment]
    history: Sequence[Mapping[Any, Any]]
    guides: Sequence[Mapping[Any, Any]]


def _looked_up(connection: Connection, found: Contract) -> _Found:
    from mailbot.store import access, askers, contracts, equipment, journal

    return _Found(
        contract=found,
        askers=[row for row in askers.history(connection, found.id) if row["until"] is None],
        contacts=contracts.contacts(connection, found.id),
        equipment=equipment.of(connection, found.id),
        history=journal.about(connection, f"contract:{found.id}"),
        guides=access.guides(connection, found.id),
    )


def _status(written: str) -> str:
    """The state of a contract as it is called, by the beginning of its words: `cancelled`, `in-force`, `in force`."""
    from mailbot.desk.contract import ContractState

    word = written.strip().lower().replace("-", " ")
    found = [state.value for state in ContractState if word and state.value.startswith(word)]
    if written and len(found) != 1:
        raise InputError(f"--status {written!r} must be not-begun, in-force, cancelled or ended")
    return found[0] if found else ""


def _is_held(status: str) -> bool:
    from mailbot.desk.contract import ContractState

    return status in (ContractState.IN_FORCE, ContractState.CANCELLED)


def _listed(row: Mapping[Any, Any], terms: Sequence[Term], today: date) -> dict[str, Any]:
    from mailbot.desk.contract import state_of

    menus = [term.menu for term in terms if term.menu and term.holds(today)]
    return {
        "number": row["number"],
        "customer": row["customer"],
        "menu": menus[0] if menus else row["menu"],
        "language": row["language"],
        "cluster": row["cluster"],
        "starts_on": row["starts_on"],
        "ends_on": row["ends_on"],
        "status": state_of(terms, row["cancelled_at"] is not None, today).value,
        "seats": 1 + row["extra_askers"],
        "askers": row["askers"],
    }


def _shown(found: _Found, today: date) -> dict[str, Any]:
    contract = found.contract
    now = contract.as_of(today)
    return {
        "number": contract.number,
        "customer": contract.customer,
        "menu": now.menu,
        "next_menu": contract.menu if contract.menu != now.menu else None,
        "language": contract.language,
        "cluster": contract.cluster,
        "status": contract.state(today).value,
        "cancelled_at": contract.cancelled_at,
        "terms": [{"starts_on": term.starts_on, "ends_on": term.ends_on} for term in contract.terms],
        "seats": contract.seats,
        "extra_askers": contract.extra_askers,
        "mailing_list_option": contract.mailing_list_option,
        "trust": contract.trust,
        "timezone": contract.timezone,
        "askers": [picked(row, KEYS) for row in found.askers],
        "contacts": [picked(row, ("name", "address")) for row in found.contacts],
        "equipment": [asdict(each) for each in found.equipment],
        "guides": [picked(row, ("address", "state", "sent_at")) for row in found.guides],
        "history": [picked(row, ("at", "what", "why")) for row in found.history],
    }


def _tell_list(told: list[dict[str, Any]], *, none: str) -> None:
    from mailbot.cli.tables import Column, say_table

    columns = (
        Column("NUMBER", cut=True),
        Column("CUSTOMER", cut=True),
        Column("MENU", cut=True),
        Column("STATUS"),
        Column("STARTS"),
        Column("ENDS"),
        Column("ASKERS", right=True),
    )
    rows = [
        (
            *(each[key] for key in ("number", "customer", "menu", "status", "starts_on", "ends_on")),
            f"{each['askers']}/{each['seats']}",
        )
        for each in told
    ]
    say_table(columns, rows, none=none)


def _tell(told: dict[str, Any], zone: ZoneInfo, policy: str) -> None:
    option = ", with the mailing-list option" if told["mailing_list_option"] else ""
    menu = f"{told['menu']}, {told['next_menu']} from the next term on" if told["next_menu"] else told["menu"]
    history = told["history"][-_LEAST_HISTORY:]
    heads = [
        ("contract", f"{told['number']} ({told['status']})"),
        ("customer", told["customer"]),
        ("menu", menu),
        ("language", told["language"]),
        ("cluster", told["cluster"] or "-"),
        ("trust", told["trust"] or f"{policy}, as configured"),
        ("timezone", told["timezone"] or f"{zone.key}, the desk's"),
        *(("term", f"{each['starts_on']} to {each['ends_on']}") for each in told["terms"]),
        ("seats", f"{len(told['askers'])} of {told['seats']} taken{option}"),
        *(("asker", f"{_person(each)}, since {each['since'].astimezone(zone):%Y-%m-%d}") for each in told["askers"]),
        *(("contact", _person(each)) for each in told["contacts"]),
        *(("equipment", " | ".join(filter(None, each.values()))) for each in told["equipment"]),
        *(("guide", f"{each['address']} {_fate(each, zone)}") for each in told["guides"]),
        *(("history", f"{moment(each['at'], zone)}  {each['what']}: {each['why']}") for each in history),
    ]
    _say_heads(heads)
    if len(history) < len(told["history"]):
        say(f"({len(told['history']) - len(history)} older lines of history: see --json)")


def _say_heads(heads: Iterable[tuple[str, str]]) -> None:
    for name, value in heads:
        say(f"{name + ':':<11}{shown(value)}")


def _person(each: dict[str, Any]) -> str:
    identifier = f" (list {each['list_id'] or 'known by its address'})" if each.get("kind") == "list" else ""
    return f"{each['name']} <{each['address']}>{identifier}".strip()


def _fate(guide: Mapping[str, Any], zone: ZoneInfo) -> str:
    words = {"waiting": "waits for the first day", "waived": "not sent"}
    sent = f"sent {moment(guide['sent_at'], zone)}" if guide["sent_at"] else f"is {guide['state']}: mailbot outbox list"
    return words.get(guide["state"], sent)
