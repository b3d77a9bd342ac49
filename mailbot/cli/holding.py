"""The commands inbound release, reject, register, ignore, heed, let-in: what becomes of mail that is held?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from mailbot.cli.options import LONGEST_ID, ConfigFile, RowId, offer_of, opened
from mailbot.cli.output import say, shown
from mailbot.errors import InputError, NotFoundError, RefusedError

if TYPE_CHECKING:
    from mailbot.desk.orders import Outcome, Said

_BY = "command line"

Address = Annotated[str, typer.Argument(metavar="ADDRESS")]


def release(
    number: RowId,
    contract: Annotated[str | None, typer.Option("--for", metavar="CONTRACT", help="In an asker's name.")] = None,
    address: Annotated[str | None, typer.Option("--as", metavar="ADDR", help="Which asker, of several.")] = None,
    config: ConfigFile = None,
) -> None:
    """Let a held mail go its way; with --for, as a question of that contract's asker."""
    from mailbot.flows import decisions

    if address is not None and contract is None:
        raise InputError("--as names an asker of a contract: give --for CONTRACT too")
    with opened(config) as desk, desk.store.begin() as connection:
        outcome = decisions.release(connection, number, contract=contract, address=address, by=_BY, now=_now())
    _tell(number, outcome)


def reject(number: RowId, config: ConfigFile = None) -> None:
    """Put a held mail away; nobody is told."""
    from mailbot.flows import decisions

    with opened(config) as desk, desk.store.begin() as connection:
        outcome = decisions.reject(connection, number, by=_BY, now=_now())
    _tell(number, outcome)


def register(
    number: RowId,
    contract: Annotated[str, typer.Argument(metavar="CONTRACT")],
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="Of the writer; else as the mail says.")] = "",
    config: ConfigFile = None,
) -> None:
    """Make the writer of a held mail an asker, if a seat is free, and look at the mail again."""
    from mailbot.flows import decisions
    from mailbot.store import holds

    with opened(config) as desk:
        offer = offer_of(desk.settings)
        with desk.store.begin() as connection:
            mail = holds.by_id(connection, number)
            outcome = (
                decisions.gone(connection, number)
                if mail is None
                else decisions.register(
                    connection,
                    mail,
                    name=name or mail.author_name,
                    address=None,
                    contract=contract,
                    offer=offer,
                    by=_BY,
                    now=_now(),
                )
            )
    _tell(number, outcome)


def ignore(
    which: Annotated[str, typer.Argument(metavar="ID|ADDRESS")],
    config: ConfigFile = None,
) -> None:
    """Reject a held mail and hear nothing of its sender any more; or of this address."""
    from mailbot.flows import decisions

    with opened(config) as desk, desk.store.begin() as connection:
        if which.isascii() and which.isdigit():
            if not 0 < len(which) < len(str(LONGEST_ID)):
                raise NotFoundError(f"there is no inbound mail {which}: see mailbot inbound list")
            outcome = decisions.ignore(connection, int(which), by=_BY, now=_now())
        else:
            outcome = decisions.ignore_sender(connection, _address(which), by=_BY, now=_now())
    _tell(which, outcome)


def heed(address: Address, config: ConfigFile = None) -> None:
    """Hear again of a sender that was ignored."""
    from mailbot.flows import decisions

    wanted = _address(address)
    with opened(config) as desk, desk.store.begin() as connection:
        heard = decisions.heed(connection, wanted, by=_BY, now=_now())
    if not heard:
        raise NotFoundError(f"{wanted} is not ignored")
    say(f"{shown(wanted)} is heard again")


def let_in(number: RowId, config: ConfigFile = None) -> None:
    """Admit the writer of a held mail to the incident that it answers, and take their mail up."""
    from mailbot.flows import decisions

    with opened(config) as desk, desk.store.begin() as connection:
        outcome = decisions.let_in(connection, number, by=_BY, now=_now())
    _tell(number, outcome)


def _now() -> datetime:
    from mailbot import clock

    return clock.now()


def _address(written: str) -> str:
    from mailbot.mail.address import normalise

    try:
        return normalise(written)
    except ValueError as error:
        raise InputError(str(error)) from None


def _tell(which: int | str, outcome: Outcome) -> None:
    from mailbot.desk.orders import Said

    if outcome.done:
        detail = f": {outcome.detail}" if outcome.detail else ""
        say(shown(f"mail {which} is {outcome.said}{detail}"))
        return
    words = _refusals().get(outcome.said, "{which}: {detail}").format(which=which, detail=outcome.detail)
    raise NotFoundError(words) if outcome.said is Said.NOT_FOUND else RefusedError(words)


def _refusals() -> dict[Said, str]:
    from mailbot.desk.orders import Said

    return {
        Said.NOT_FOUND: "there is no inbound mail {which}: see mailbot inbound list",
        Said.DECIDED: "inbound mail {which} does not wait any more ({detail}): see mailbot inbound show {which}",
        Said.NEEDS_CONTRACT: "inbound mail {which}: it cannot be told in whose name: give --for CONTRACT",
        Said.NO_CONTRACT: "there is no contract {detail}: see mailbot contract list",
        Said.NO_ASKER: "no such asker under contract {detail}: see mailbot asker list",
        Said.WHICH_ASKER: "several askers under contract {detail}: give --as ADDR",
        Said.NO_SEAT: "no seat for another asker is free (S9), contract {detail} are taken: sell extra askers",
        Said.NO_AUTHOR: "inbound mail {which}: it cannot be told who wrote it: see mailbot inbound show {which}",
        Said.REGISTERED_SENDER: "{detail} is an asker, a contact or staff, and is not ignored: remove them first",
        Said.NOT_JOINING: "inbound mail {which} does not wait to join an incident: see mailbot inbound show {which}",
        Said.CLOSED: "{detail} is closed: mailbot inbound release {which} --for CONTRACT",
        Said.REFUSED: "{detail}",
    }


COMMANDS: dict[str, Callable[..., None]] = {
    "release": release,
    "reject": reject,
    "register": register,
    "ignore": ignore,
    "heed": heed,
    "let-in": let_in,
}
"""Those that belong to `mailbot inbound`."""
