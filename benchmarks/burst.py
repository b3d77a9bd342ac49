"""Is every question of a storm acknowledged within a minute, the urgent ones first, whatever else is to be sent?

    python -m benchmarks.burst [--mails N] [--incidents N] [--bulletins N] [--staff N] [--slow SHARE] [--json FILE]

The real daemon starts on a desk with so many incidents of the past and a bulletin that waits in its outbox; then a
storm of mails comes by SMTP as fast as it is taken. Measured is the time from a mail's arrival to the moment at which
the relay has taken its acknowledgement (T18: all within 60 s). One mail in 50 is an urgent question. With `--slow` the
relay takes its time with that share of the mails, so that letters pile up and their order shows.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import func, insert, select

from benchmarks.desk import send
from benchmarks.past import write_past
from mailbot.clock import now
from mailbot.store import contracts
from mailbot.store import outbox as letters
from mailbot.store.engine import Store, open_store
from mailbot.store.schema import incident, outbox
from tests.crash.daemon import Daemon
from tests.crash.desk import make_desk
from tests.crash.mails import STAFF, Mail, askers_of, correspondence

_PROJECT = Path(__file__).parents[1]
_LIMIT_SECONDS = 60.0
_PATIENCE_SECONDS = 600.0
_URGENT_EVERY = 50
_URGENT = (
    "Our production cluster is down: pgpool-II hangs, nobody can connect and work cannot go on. This is a mission\r\n"
    "critical system. We have restarted pgpool-II several times.\r\n"
)


@dataclass(frozen=True, slots=True)
class Kind:
    """How long the questions of one kind waited for their acknowledgement, in seconds."""

    kind: str
    questions: int
    unanswered: int
    p50: float
    p99: float
    worst: float
    within_limit: float


@dataclass(frozen=True, slots=True)
class Storm:
    """What the storm showed. `bulletins_before` left before the last acknowledgement."""

    mails: int
    incidents_before: int
    bulletins: int
    staff: int
    seconds_to_take_in: float
    kinds: tuple[Kind, ...]
    bulletins_before: int


def storm(count: int) -> list[Mail]:
    """The correspondence of the crash tests, with urgent questions in it."""
    mails = correspondence(count, seed=1)
    return [
        _urgent(mail) if number % _URGENT_EVERY == 0 and mail.parent is None else mail
        for number, mail in enumerate(mails)
    ]


def _urgent(mail: Mail) -> Mail:
    header = mail.raw.partition(b"\r\n\r\n")[0].decode("ascii").split("\r\n")
    kept = [line for line in header if not line.startswith(("Content-", "MIME-"))]
    return replace(mail, raw=("\r\n".join(kept) + "\r\n\r\n" + _URGENT).encode("ascii"))


def queue_bulletin(store: Store, recipients: int) -> None:
    """Write a bulletin into the outbox, a letter for each recipient."""
    at = now()
    text = "Subject: pgpool-II 4.5.3\r\n\r\n" + "A new version is out.\r\n" * 100
    rows = [
        {
            "key": f"bulletin:1:{number}",
            "kind": "bulletin",
            "audience": "customer",
            "message_id": f"bulletin-{number}@desk.example",
            "sender": "bounce@desk.example",
            "recipient": f"reader{number}@readers.example",
            "subject": "pgpool-II 4.5.3",
            "raw": _bulletin(number, text),
            "priority": letters.BULLETIN,
            "created_at": at,
            "state": "ready",
            "resend": False,
            "attempts": 0,
            "next_attempt_at": at,
            "fence": 0,
        }
        for number in range(recipients)
    ]
    if rows:
        with store.begin() as connection:
            connection.execute(insert(outbox), rows)


def _bulletin(number: int, text: str) -> bytes:
    fields = (
        "From: Crash desk <support@desk.example>",
        f"To: reader{number}@readers.example",
        f"Message-ID: <bulletin-{number}@desk.example>",
        "Date: Mon, 23 Nov 2026 09:00:00 +0900",
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
    )
    return ("\r\n".join(fields) + "\r\n" + text).encode("ascii")


async def measured(chosen: argparse.Namespace, relay: str, folder: Path) -> Storm:
    """Let the storm come over a new desk."""
    mails = storm(chosen.mails)
    desk = make_desk(folder, relay=relay, askers=askers_of(mails))
    store = open_store(desk.database)
    if chosen.staff == 0:
        with store.begin() as connection:
            contracts.remove_staff(connection, STAFF, now())
    write_past(store, chosen.incidents)
    queue_bulletin(store, chosen.bulletins)
    daemon = Daemon(desk)
    await daemon.start()
    try:
        await daemon.ready()
        began = time.perf_counter()
        await send(desk.smtp_port, mails, 16)
        taken_in = time.perf_counter() - began
        questions = sum(mail.parent is None for mail in mails)
        await _acknowledged(store, chosen.incidents, questions)
        return Storm(
            mails=len(mails),
            incidents_before=chosen.incidents,
            bulletins=chosen.bulletins,
            staff=chosen.staff,
            seconds_to_take_in=taken_in,
            kinds=(_kind(store, chosen.incidents, "urgent"), _kind(store, chosen.incidents, "normal")),
            bulletins_before=_bulletins_before_the_last(store, chosen.incidents),
        )
    finally:
        await daemon.close()
        store.close()


async def _acknowledged(store: Store, before: int, questions: int) -> None:
    """Wait until every question has its acknowledgement, or patience ends."""
    query = select(func.count()).where(incident.c.id > before, incident.c.acknowledged_at.is_not(None))
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with store.read() as connection:
            if connection.execute(query).scalar_one() >= questions:
                return
        await asyncio.sleep(0.2)


def _kind(store: Store, before: int, kind: str) -> Kind:
    urgent = incident.c.urgency != "normal"
    query = select(incident.c.received_at, incident.c.acknowledged_at).where(
        incident.c.id > before, urgent if kind == "urgent" else ~urgent
    )
    with store.read() as connection:
        rows = list(connection.execute(query))
    waits = sorted((row.acknowledged_at - row.received_at).total_seconds() for row in rows if row.acknowledged_at)
    if not waits:
        raise RuntimeError(f"no {kind} question was acknowledged")
    return Kind(
        kind=kind,
        questions=len(rows),
        unanswered=len(rows) - len(waits),
        p50=statistics.median(waits),
        p99=waits[int(len(waits) * 0.99)],
        worst=waits[-1],
        within_limit=sum(wait <= _LIMIT_SECONDS for wait in waits) / len(rows),
    )


def _bulletins_before_the_last(store: Store, before: int) -> int:
    last = select(func.max(incident.c.acknowledged_at)).where(incident.c.id > before).scalar_subquery()
    query = select(func.count()).where(outbox.c.kind == "bulletin", outbox.c.sent_at <= last)
    with store.read() as connection:
        return connection.execute(query).scalar_one()


def shown(found: Storm) -> Table:
    """A line for each kind of question."""
    title = (
        f"{found.mails:,} mails in {found.seconds_to_take_in:.0f} s over {found.incidents_before:,} incidents, "
        f"{found.bulletins:,} letters of a bulletin queued"
    )
    table = Table(title=title, title_style="bold", caption="arrival → acknowledgement taken by the relay, seconds")
    for heading in ("questions", "number", "p50", "p99", "worst", "within 60 s"):
        table.add_column(heading, justify="right")
    for kind in found.kinds:
        times = (f"{each:.1f}" for each in (kind.p50, kind.p99, kind.worst))
        table.add_row(kind.kind, f"{kind.questions:,}", *times, f"{100 * kind.within_limit:.2f} %")
    return table


def main(arguments: Sequence[str]) -> int:
    """Measure, show it, and say by the exit code whether all were in time."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=10_000)
    parser.add_argument("--incidents", type=int, default=100_000)
    parser.add_argument("--bulletins", type=int, default=5_000)
    parser.add_argument("--staff", type=int, choices=(0, 1), default=0, help="1: staff get a mail about each, too")
    parser.add_argument("--slow", type=float, default=0.0, help="share of mails that the relay takes slowly")
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args(arguments)
    console = Console()
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.channels.sink", "--port", "0", "--ledger", f"{folder}/sink.jsonl"]
        command += ["--slow-rate", str(chosen.slow)]
        sink = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=_PROJECT)
        try:
            assert sink.stdout
            relay = f"smtp://127.0.0.1:{sink.stdout.readline().split()[2]}"
            with console.status("a storm of mail"):
                found = asyncio.run(measured(chosen, relay, Path(folder, "desk")))
        finally:
            sink.terminate()
            sink.wait()
    console.print(shown(found))
    console.print(f"{found.bulletins_before:,} letters of the bulletin left before the last acknowledgement")
    if chosen.json:
        chosen.json.write_text(json.dumps(asdict(found), indent=1) + "\n", encoding="utf-8")
    return 0 if all(kind.within_limit == 1.0 for kind in found.kinds) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
