"""Does it cost more to know who may write, and to decide, when there are more contracts?

    python -m benchmarks.lookup [--contracts FEW MANY] [--rounds N] [--database URL URL] [--json FILE]

Two desks, one with FEW contracts and one with MANY (default 10 and 100,000), take in the same mails: askers, a list, a
contact, somebody at a known domain, strangers, answers. Then both look up what is known of them and decide (gather and
triage, without writing), in turns within one run, for machines are shared and noisy: what counts is the quotient of
the two, round by round, of CPU time (with PostgreSQL: of time). Each contract has two terms, three askers, one of them
a list, a contact and a machine.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from mailbot.desk.content import Reading
from mailbot.desk.contract import AskerKind, Equipment, Term
from mailbot.desk.sale import NewAsker, Sale
from mailbot.desk.triage import triage
from mailbot.flows import gather, process
from mailbot.mail.message import Mailbox
from mailbot.store import sales
from mailbot.store.engine import Store
from tests.flows.office import Office, mail, open_office

_AT_ONCE = 5_000
_NOW = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
_TERMS = (Term(date(2025, 4, 1), date(2026, 3, 31)), Term(date(2026, 4, 1), date(2027, 3, 31)))
_MAILS = 64
_WARMING = 5


@dataclass(frozen=True, slots=True)
class Round:
    """One turn of both desks: microseconds a mail."""

    few: float
    many: float

    @property
    def quotient(self) -> float:
        """How much more the one with many contracts took."""
        return self.many / self.few


def write_contracts(store: Store, count: int) -> float:
    """Write so many contracts in bulk; give the seconds that it took."""
    began = time.perf_counter()
    for start in range(0, count, _AT_ONCE):
        with store.begin() as connection:
            sales.put(connection, [_sale(each) for each in range(start, min(start + _AT_ONCE, count))], _NOW)
    return time.perf_counter() - began


def _sale(number: int) -> Sale:
    domain = f"c{number}.example"
    person = AskerKind.PERSON
    return Sale(
        number=f"N-{number:06}",
        customer=f"株式会社{number}",
        menu="premium",
        language="ja",
        cluster="production",
        terms=_TERMS,
        extra_askers=2,
        mailing_list_option=True,
        contacts=(Mailbox("Hanako", f"hanako@{domain}"),),
        askers=(
            NewAsker(person, "Taro", f"taro@{domain}", None),
            NewAsker(person, "Jiro", f"jiro@{domain}", None),
            NewAsker(AskerKind.LIST, "Team", f"team@lists.{domain}", f"team.lists.{domain}"),
        ),
        cancelled_at=None,
        trust=None,
        equipment=(Equipment("db1", "RHEL 9.4", "pgpool-II 4.5.2"),),
    )


def letters(fewest: int) -> list[tuple[bytes, str]]:
    """The mails, each with its envelope sender, from contracts that both desks have."""
    writers = ("taro", "jiro", "hanako", "unknown")
    made = []
    for number in range(_MAILS):
        domain = f"c{number % fewest}.example"
        name = writers[number // 2 % len(writers)]
        sender = f"{name}@{domain}" if number % 8 else f"x@stranger{number}.example"
        more = [f"In-Reply-To: <{number - 2}@{domain}>"] if number % 3 == 0 else []
        if number % 5 == 0:
            more += [f"List-Id: <team.lists.{domain}>", f"List-Post: <mailto:team@lists.{domain}>"]
        text = f"pgpool-II 4.5.2 does not start, {number}"
        made.append((mail(sender, f"Failover {number}", text, *more, message_id=f"<{number}@{domain}>"), sender))
    return made


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk whose mails are read, and wait to be decided."""

    office: Office
    batch: process.Batch

    def decide(self) -> float:
        """Gather and decide all mails, as the daemon does; give the microseconds a mail."""
        context, mails = self.office.context, self.batch.mails
        messages = [each.message for each in self.batch.readings if isinstance(each, Reading)]
        with context.store.begin() as connection:
            # A server works in another process: there only the time on the wall tells.
            clock = time.thread_time if context.store.dialect == "sqlite" else time.perf_counter
            began = clock()
            around = gather.look_around(connection, mails, messages)
            for kept, message in zip(mails, messages, strict=True):
                triage(gather.gather(context, connection, around, kept, message))
            return (clock() - began) / len(mails) * 1e6


def open_desk(office: Office, posted: Sequence[tuple[bytes, str]]) -> Desk:
    """Take the mails in; the first half is decided, so that there are incidents to answer."""
    half = len(posted) // 2
    for raw, sender in posted[:half]:
        office.take_in(raw, sender=sender)
    office.work()
    for raw, sender in posted[half:]:
        office.take_in(raw, sender=sender)
    return Desk(office, process.take(office.context, 0, _MAILS, 64_000_000))


def measured(few: Desk, many: Desk, rounds: int, console: Console) -> list[Round]:
    """Let both decide in turns, each first as often as the other."""
    found = []
    for number in track(range(_WARMING + rounds), "measuring", console=console, disable=not console.is_terminal):
        turns = (few, many) if number % 2 else (many, few)
        took = {id(desk): desk.decide() for desk in turns}
        if number >= _WARMING:
            found.append(Round(took[id(few)], took[id(many)]))
    return found


def main(arguments: Sequence[str]) -> None:
    """Measure, show a table, and write what was measured where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--contracts", type=int, nargs=2, default=[10, 100_000])
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--database", nargs=2, default=["", ""], help="PostgreSQL URLs of two empty databases")
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args(arguments)
    console = Console()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        desks, seconds = [], []
        posted = letters(min(chosen.contracts))
        for number, (contracts, url) in enumerate(zip(chosen.contracts, chosen.database, strict=True)):
            office = stack.enter_context(open_office(Path(folder, str(number)), url=url))
            seconds.append(write_contracts(office.context.store, contracts))
            desks.append(open_desk(office, posted))
        rounds = measured(*desks, chosen.rounds, console)
    quotient = statistics.median(each.quotient for each in rounds)
    table = Table(title="look up who may write, and decide; microseconds a mail", title_style="bold")
    for heading in ("contracts", "median", "written in s"):
        table.add_column(heading, justify="right")
    for contracts, name, took in zip(chosen.contracts, ("few", "many"), seconds, strict=True):
        table.add_row(
            f"{contracts:,}", f"{statistics.median(getattr(each, name) for each in rounds):.0f}", f"{took:.1f}"
        )
    console.print(table)
    console.print(f"with more contracts a mail takes {quotient:.3f} times as long (median of {len(rounds)} rounds)")
    if chosen.json:
        told = {"quotient": quotient, "rounds": [asdict(each) for each in rounds]}
        chosen.json.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
