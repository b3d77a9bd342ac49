"""The command `inbound redecode`: kept mails are read again by the reading code of today."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mailbot.cli.options import LONGEST_ID, AsJson, ConfigFile, opened
from mailbot.cli.output import complain, say, say_json, shown
from mailbot.errors import InputError, NotFoundError, RefusedError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from mailbot.cli.options import Opened
    from mailbot.flows.redecode import Found
    from mailbot.sandbox import ReadingPool


def redecode(
    ids: Annotated[list[int] | None, typer.Argument(metavar="[ID...]", min=1, max=LONGEST_ID)] = None,
    every: Annotated[bool, typer.Option("--all", help="All mails that were decided about.")] = False,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="With --all: came on or after it, as 2026-04-01.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would change.")] = False,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Read kept mails again, after a mend of the reading; nothing is decided anew and nothing is sent."""
    if every == bool(ids):
        raise InputError("mailbot inbound redecode: name the mails, or give --all")
    if since is not None and not every:
        raise InputError("mailbot inbound redecode: --since goes with --all")
    told: list[dict[str, Any]] = []
    faulty = False
    with opened(config) as desk, _readers(desk) as pool:
        for found in _renewed(desk, pool, _sizes(desk, ids or [], since), dry_run=dry_run):
            faulty = faulty or bool(found.fault)
            if as_json:
                told += [_plain(found, renewed=not dry_run)] if found.changes or found.fault else []
            else:
                _tell(found, named=bool(ids))
    if as_json:
        say_json(told)
    if faulty:
        raise typer.Exit(RefusedError.exit_code)


@contextmanager
def _readers(desk: Opened) -> Iterator[ReadingPool]:
    """The same limited children that the daemon reads with."""
    from mailbot import config, rules
    from mailbot.sandbox import ReadingPool

    content = rules.load(desk.settings.rules.folder or config.bundled("rules")).content
    pool = ReadingPool(desk.settings.workers.readers, rules=content, authserv_id=desk.settings.trust.authserv_id)
    pool.start()
    try:
        yield pool
    finally:
        pool.close()


def _sizes(desk: Opened, ids: list[int], since: str | None) -> dict[int, int]:
    """Which mails are meant, and how large they are. Raises NotFoundError before anything is done."""
    from mailbot.store import inbound

    with desk.store.read() as connection:
        if not ids:
            return inbound.sizes(connection, _midnight(since, desk.zone) if since is not None else None)
        sizes = {each: inbound.size(connection, each) for each in ids}
    missing = [str(each) for each, size in sizes.items() if size is None]
    if missing:
        raise NotFoundError(f"there is no inbound mail {', '.join(missing)}: see mailbot inbound list")
    return {each: size for each, size in sizes.items() if size is not None}


def _midnight(written: str, zone: ZoneInfo) -> datetime:
    try:
        day = date.fromisoformat(written)
        return datetime.combine(day, time(), zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InputError(f"--since {written!r} is no day: write it like 2026-04-01") from None


def _renewed(desk: Opened, pool: ReadingPool, sizes: dict[int, int], *, dry_run: bool) -> Iterator[Found]:
    """Each mail, when it is done."""
    from mailbot import __version__, clock
    from mailbot.cli.tables import progress
    from mailbot.flows import redecode

    for found in progress(redecode.differences(desk.store, pool.read, sizes), "Reading", total=len(sizes)):
        if not dry_run:
            redecode.renew(desk.store, found, version=__version__, now=clock.now())
        if found.fault:
            complain(f"inbound mail {found.id}: {found.fault}; what is kept of it stays")
        yield found


def _tell(found: Found, *, named: bool) -> None:
    if found.changes:
        say(shown(f"inbound mail {found.id}: {'; '.join(map(str, found.changes))}"))
    undecided = found.state == "failed" or (found.state == "held" and (named or found.changes))
    if undecided and not found.fault:
        say(f"inbound mail {found.id} is {found.state}: mailbot inbound retry {found.id} decides anew")


def _plain(found: Found, *, renewed: bool) -> dict[str, Any]:
    return {
        "id": found.id,
        "state": found.state,
        "changes": [asdict(each) for each in found.changes],
        "renewed": renewed and bool(found.changes),
        "fault": found.fault or None,
    }
