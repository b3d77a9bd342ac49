"""How many mails a second become durable incidents with a queued acknowledgement, and what does one cost?

    python -m benchmarks.desk [--mails N] [--connections N] [--incidents N ...] [--relay sink|maildir|none] [--rounds N]
                              [--database URL] [--staff N] [--json FILE]

The real daemon (`mailbot serve`) runs in its own processes, a light SMTP client in this one, the relay's other side in
a third. The clock runs from the first connection until nothing waits: every mail decided, every acknowledgement in the
outbox. CPU and memory are those of the daemon and its reading children. Each round begins with a new database that
holds so many incidents (`--incidents`, default 0 and 50,000). Machines are shared and noisy: compare within one run.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table
from sqlalchemy import func, select

from benchmarks.past import write_past
from mailbot.clock import now
from mailbot.store import contracts
from mailbot.store.engine import Store, open_store
from mailbot.store.schema import inbound, incident, outbox
from tests.crash.daemon import Daemon
from tests.crash.desk import Desk, make_desk
from tests.crash.mails import STAFF, SUPPORT, Mail, askers_of, correspondence

_PROJECT = Path(__file__).parents[1]
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Round:
    """What one round showed. Latencies are those of the 250 after the final dot."""

    incidents_before: int
    mails: int
    accepted_per_second: float
    done_per_second: float
    cpu_ms_a_mail: float
    cpu_ms_daemon: float
    cpu_ms_children: float
    peak_mb: float
    p50_ms: float
    p99_ms: float
    sent: int


class Peer(asyncio.Protocol):
    """Sends mail after mail over one connection, the envelope pipelined (RFC 2920)."""

    def __init__(self, mails: list[Mail], latencies: list[float], done: asyncio.Future[None]) -> None:
        self._mails = mails  # those still to be begun, shared, the next one last
        self._latencies = latencies
        self._done = done
        self._script: list[tuple[bytes, int]] = [(b"EHLO load.example\r\n", 1)]
        self._missing = 1  # the greeting
        self._tail = b""
        self._in_data = False
        self._sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport

    def data_received(self, data: bytes) -> None:
        lines = (self._tail + data).split(b"\r\n")
        self._tail = lines.pop()
        for line in lines:
            if line[3:4] == b"-":
                continue
            if line[:1] not in b"23":
                self._done.set_exception(RuntimeError(line.decode()))
                self._transport.close()
                return
            self._missing -= 1
        if self._missing == 0:
            self._next()

    def _next(self) -> None:
        if self._in_data:
            self._latencies.append(time.perf_counter() - self._sent_at)
            self._in_data = False
        if not self._script:
            if not self._mails:
                self._transport.close()
                self._done.set_result(None)
                return
            mail = self._mails.pop()
            envelope = f"MAIL FROM:<{mail.sender}>\r\nRCPT TO:<{SUPPORT}>\r\nDATA\r\n".encode()
            self._script = [(envelope, 3), (mail.raw.replace(b"\r\n.", b"\r\n..") + b"\r\n.\r\n", 1)]
        words, self._missing = self._script.pop(0)
        self._in_data = bool(not self._script and words.endswith(b"\r\n.\r\n"))
        self._sent_at = time.perf_counter()
        self._transport.write(words)


async def send(port: int, mails: Sequence[Mail], connections: int) -> list[float]:
    """Send all, in their order, over so many connections; the latency of each 250 in seconds."""
    left, latencies = list(reversed(mails)), []
    loop = asyncio.get_running_loop()
    waiting = [loop.create_future() for _ in range(connections)]
    for done in waiting:
        await loop.create_connection(lambda done=done: Peer(left, latencies, done), "127.0.0.1", port)
    await asyncio.gather(*waiting)
    return latencies


async def settled(store: Store, before: int) -> tuple[int, int]:
    """Wait until every mail is decided; the number of new incidents, and of acknowledgements in the outbox."""
    while True:
        with store.read() as connection:
            undecided = connection.execute(select(func.count()).where(inbound.c.state == "new")).scalar_one()
            if undecided == 0:
                opened = connection.execute(select(func.count()).select_from(incident)).scalar_one() - before
                kind = outbox.c.kind == "acknowledgement"
                queued = connection.execute(select(func.count()).select_from(outbox).where(kind)).scalar_one() - before
                return opened, queued
        await asyncio.sleep(0.02)


def cpu_and_memory(pid: int) -> tuple[float, float, float]:
    """CPU seconds of the daemon, of its children (dead ones too), and their peaks of memory together in MB."""
    own, children, peak = 0.0, 0.0, 0.0
    for number, process in enumerate([pid, *_children(pid)]):
        with suppress(OSError):
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            spent = (int(fields[11]) + int(fields[12])) / _TICKS
            own, children = (spent, children) if number == 0 else (own, children + spent)
            status = Path(f"/proc/{process}/status").read_text()
            peak += int(status.partition("VmHWM:")[2].split()[0]) / 1024
    return own, children, peak


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(child) for child in tasks.read_text().split()]
    return found


async def one_round(arguments: argparse.Namespace, incidents: int, relay: str, folder: Path) -> Round:
    """Measure once, on a new desk."""
    mails = correspondence(arguments.mails, seed=1)
    desk = make_desk(folder, relay=relay, askers=askers_of(mails), database=arguments.database)
    store = open_store(desk.database)
    with store.begin() as connection:
        if arguments.staff == 0:
            contracts.remove_staff(connection, STAFF, now())
    write_past(store, incidents)
    daemon = Daemon(desk)
    await daemon.start()
    try:
        await daemon.ready()
        return await _measured(arguments, incidents, desk, store, daemon, mails)
    finally:
        await daemon.close()
        store.close()


async def _measured(
    arguments: argparse.Namespace, incidents: int, desk: Desk, store: Store, daemon: Daemon, mails: list[Mail]
) -> Round:
    pid = daemon.pid
    started = cpu_and_memory(pid)
    began = time.perf_counter()
    latencies = await send(desk.smtp_port, mails, arguments.connections)
    accepted = time.perf_counter() - began
    opened, queued = await settled(store, incidents)
    done = time.perf_counter() - began
    ended = cpu_and_memory(pid)
    if opened == 0 or opened != queued:
        raise RuntimeError(f"{opened} incidents, but {queued} acknowledgements queued")
    with store.read() as connection:
        left = connection.execute(
            select(func.count()).select_from(outbox).where(outbox.c.state == "sent", outbox.c.kind == "acknowledgement")
        ).scalar_one()
    count = len(mails)
    own, children = (ended[0] - started[0]) / count * 1000, (ended[1] - started[1]) / count * 1000
    latencies.sort()
    return Round(
        incidents_before=incidents,
        mails=count,
        accepted_per_second=count / accepted,
        done_per_second=count / done,
        cpu_ms_a_mail=own + children,
        cpu_ms_daemon=own,
        cpu_ms_children=children,
        peak_mb=ended[2],
        p50_ms=statistics.median(latencies) * 1000,
        p99_ms=latencies[int(len(latencies) * 0.99)] * 1000,
        sent=left - incidents,
    )


def shown(rounds: Sequence[Round]) -> Table:
    """The medians, a line for each number of incidents that were there before."""
    table = Table(
        title="mails by SMTP → durable incident with a queued acknowledgement; CPU a mail", title_style="bold"
    )
    for heading in ("before", "mails/s", "250s/s", "CPU ms", "daemon", "readers", "MB"):
        table.add_column(heading, justify="right")
    table.add_column("250 p50/p99 ms", justify="right", no_wrap=True)
    for incidents in dict.fromkeys(each.incidents_before for each in rounds):
        these = [each for each in rounds if each.incidents_before == incidents]

        def middle(name: str, these: Sequence[Round] = these) -> float:
            return statistics.median(getattr(each, name) for each in these)

        table.add_row(
            f"{incidents:,}",
            f"{middle('done_per_second'):.0f}",
            f"{middle('accepted_per_second'):.0f}",
            f"{middle('cpu_ms_a_mail'):.2f}",
            f"{middle('cpu_ms_daemon'):.2f}",
            f"{middle('cpu_ms_children'):.2f}",
            f"{middle('peak_mb'):.0f}",
            f"{middle('p50_ms'):.1f} / {middle('p99_ms'):.0f}",
        )
    return table


def main(arguments: Sequence[str]) -> None:
    """Measure, show a table, and write what was measured where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=5000)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--incidents", type=int, nargs="+", default=[0, 50_000])
    parser.add_argument("--relay", choices=("sink", "maildir", "none"), default="sink")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--staff", type=int, choices=(0, 1), default=0, help="1: staff get a mail about each, too")
    parser.add_argument("--database", help="a PostgreSQL URL of an empty database; default: a new SQLite file a round")
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args(arguments)
    console = Console()
    with tempfile.TemporaryDirectory() as folder:
        sink = None
        relay = {"maildir": "maildir:outgoing", "none": "smtp://127.0.0.1:9"}.get(chosen.relay)
        if relay is None:
            command = [sys.executable, "-m", "tests.channels.sink", "--port", "0", "--ledger", f"{folder}/sink.jsonl"]
            sink = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=_PROJECT)
            assert sink.stdout
            relay = f"smtp://127.0.0.1:{sink.stdout.readline().split()[2]}"
        plan = [incidents for _ in range(chosen.rounds) for incidents in chosen.incidents]
        rounds = [
            asyncio.run(one_round(chosen, incidents, relay, Path(folder, str(number))))
            for number, incidents in enumerate(
                track(plan, "measuring", console=console, disable=not console.is_terminal)
            )
        ]
        if sink:
            sink.terminate()
            sink.wait()
    console.print(shown(rounds))
    if chosen.json:
        chosen.json.write_text(json.dumps([asdict(each) for each in rounds], indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
