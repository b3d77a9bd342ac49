"""Between the write of a mail and its 250 there is a completed sync of the log, for 1,000 of 1,000 mails (T2b)."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

from tests.crash.daemon import Daemon
from tests.crash.desk import Desk, make_desk
from tests.crash.mails import Mail, correspondence
from tests.crash.senders import Senders
from tests.crash.trace import CALLS, events, order

_MAILS = 1_000
_CONNECTIONS = 8


@pytest.fixture
def strace() -> str:
    """The program, where it may trace; in CI it must."""
    program = shutil.which("strace")
    if program and subprocess.run([program, "-o", os.devnull, "true"], capture_output=True).returncode == 0:
        return program
    reason = "needs strace (Debian package strace) and the right to trace"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


async def test_no_250_before_the_sync(strace: str, tmp_path: Path) -> None:
    mails = [mail for mail in correspondence(2 * _MAILS, seed=2) if mail.parent is None][:_MAILS]
    # Strangers, for whom nothing is sent: the record holds the way in, and the decisions that run beside it.
    desk = make_desk(tmp_path, relay=f"maildir:{tmp_path / 'outgoing'}", askers=[], readers=1)
    record = tmp_path / "record"
    sent = await _send_under(strace, desk, mails, record)
    with record.open(encoding="latin-1") as lines:
        found = list(events(lines, port=desk.smtp_port))
    proof = order(found, sent)
    assert proof.wrong == []
    assert len(proof.proved) == _MAILS
    syncs = {ended for _, ended, _ in proof.proved.values()}
    assert 1 < len(syncs) < _MAILS, "mails share syncs, or group commit does not work"


async def _send_under(strace: str, desk: Desk, mails: list[Mail], record: Path) -> dict[int, list[str]]:
    before = (strace, "-D", "-f", "-yy", "-s", "5000", "-e", f"trace={CALLS}", "-o", str(record))
    daemon = Daemon(desk, before=before)
    try:
        await daemon.start()
        await daemon.ready()
        senders = [Senders(desk, mails[n::_CONNECTIONS], desk.folder / "clients.jsonl") for n in range(_CONNECTIONS)]
        await asyncio.gather(*(each.run(1) for each in senders))
        await daemon.stop()
        await _complete(record)
    finally:
        await daemon.close()
    by_port: dict[int, list[str]] = defaultdict(list)
    for each in senders:
        for accepted in sorted(each.accepted.values(), key=lambda accepted: accepted.at):
            by_port[accepted.port].append(accepted.id)
    return by_port


async def _complete(record: Path) -> None:
    """Wait for the tracer, which ends after the daemon: its last line tells how that ended."""
    async with asyncio.timeout(10):
        while b"+++ exited" not in record.read_bytes()[-200:].splitlines()[-1]:
            await asyncio.sleep(0.05)


_WAL = "9</desk/mailbot.db-wal>"
_LINE = "7<TCP:[127.0.0.1:25->127.0.0.1:4000]>"
_WRITE = f'11  pwrite64({_WAL}, "..mail-1..", 4096, 24) = 4096\n'
_SYNC = f"11  fdatasync({_WAL}) = 0\n"
_REPLY = f'10  write({_LINE}, "250 2.0.0 Kept\\r\\n", 16) = 16\n'


@pytest.mark.parametrize(
    ("lines", "sound"),
    [
        pytest.param([_WRITE, _SYNC, _REPLY], True, id="in order"),
        pytest.param([_WRITE, _REPLY, _SYNC], False, id="250 before the sync"),
        pytest.param([_SYNC, _WRITE, _REPLY], False, id="the sync was of an earlier mail"),
        pytest.param([_SYNC, _REPLY], False, id="never written"),
        pytest.param([_WRITE, _SYNC], False, id="no 250"),
        pytest.param([_WRITE, _SYNC.replace("= 0", "= -1 EIO (Input/output error)"), _REPLY], False, id="sync failed"),
        pytest.param([_WRITE, _SYNC.replace("-wal", ""), _REPLY], False, id="sync of another file"),
        pytest.param(
            [_WRITE, f"11  fdatasync({_WAL} <unfinished ...>\n", _REPLY, "11  <... fdatasync resumed>) = 0\n"],
            False,
            id="250 during the sync",
        ),
        pytest.param(
            [_WRITE, f"11  fdatasync({_WAL} <unfinished ...>\n", "11  <... fdatasync resumed>) = 0\n", _REPLY],
            True,
            id="the sync in two lines",
        ),
        pytest.param(
            [f"12  fdatasync({_WAL} <unfinished ...>\n", _WRITE, "12  <... fdatasync resumed>) = 0\n", _REPLY],
            False,
            id="the sync began before the write",
        ),
    ],
)
def test_the_judge_of_the_record(lines: list[str], *, sound: bool) -> None:
    proof = order(list(events(lines, port=25)), {4000: ["mail-1"]})
    assert (proof.wrong == []) is sound
    assert (len(proof.proved) == 1) is sound
