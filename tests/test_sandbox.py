"""Children with limits: bombs, deaths and stalls cost only the mail that brought them."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from mailbot import rules
from mailbot.config import bundled
from mailbot.desk.content import Reading, reading
from mailbot.mail.lookup import Answer, Question, Unverified, Verification
from mailbot.mail.message import AuthenticationResult
from mailbot.mail.reading import read
from mailbot.sandbox import ReadingFailure, ReadingPool
from mailbot.sandbox.answer import pickled, unpickled

RULES = rules.load(bundled("rules")).content
GOOD = b"From: a@b.jp\r\nSubject: good\r\nMessage-ID: <i@d>\r\n\r\nhello\r\n"
HUNGRY = b"Subject: hungry\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b"QUJD" * 6_000_000


@pytest.fixture(scope="module")
def pool() -> Iterator[ReadingPool]:
    pool = ReadingPool(2, rules=RULES, authserv_id="mx.example")
    pool.start()
    yield pool
    pool.close()


def test_order_is_kept(pool: ReadingPool) -> None:
    raws = [GOOD.replace(b"good", b"mail %d" % number) for number in range(50)]
    subjects = [found.message.subject for found in pool.read(raws) if isinstance(found, Reading)]
    assert subjects == [f"mail {number}" for number in range(50)]
    assert pool.read([]) == []


def test_senders_are_verified_in_children(pool: ReadingPool) -> None:
    mail = Unverified(GOOD, "b.jp", "", "", "", datetime(2026, 4, 1, tzinfo=UTC), through_list=False)
    policy = Question("_dmarc.b.jp", "TXT")
    known = {
        policy: Answer((b"v=DMARC1; p=reject",)),
        Question("_dmarc.jp", "TXT"): Answer(),
        Question("b.jp", "A"): Answer(),
    }
    asked, told = pool.verify([(mail, {}), (mail, known)])
    assert isinstance(asked, Verification)
    assert isinstance(told, Verification)
    assert policy in asked.missing
    assert told.results == (AuthenticationResult("dmarc", "fail", "b.jp", "reject"),)


def test_a_child_that_dies_over_a_sender_costs_that_mail_alone() -> None:
    pool = ReadingPool(1, rules=RULES, authserv_id="", wall_seconds=0.000_001)
    pool.start()
    mail = Unverified(GOOD, "b.jp", "", "", "", datetime(2026, 4, 1, tzinfo=UTC), through_list=False)
    try:
        (found,) = pool.verify([(mail, {})])
    finally:
        pool.close()
    assert isinstance(found, ReadingFailure)


def test_several_threads_at_once(pool: ReadingPool) -> None:
    seen: list[int] = []
    threads = [threading.Thread(target=lambda: seen.append(len(pool.read([GOOD] * 20)))) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert seen == [20] * 5


def test_a_killed_child_is_replaced(pool: ReadingPool) -> None:
    before = set(pool.pids())
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    found = pool.read([GOOD, GOOD, GOOD])
    assert [isinstance(one, Reading) for one in found] == [True] * 3
    assert set(pool.pids()).isdisjoint(before)


def test_terminal_signals_do_not_end_a_child(pool: ReadingPool) -> None:
    pool.read([GOOD, GOOD])
    before = pool.pids()
    for pid in before:
        os.kill(pid, signal.SIGINT)
        os.kill(pid, signal.SIGTERM)
    pool.read([GOOD, GOOD])
    assert pool.pids() == before


def test_too_little_memory_gives_a_summary() -> None:
    pool = ReadingPool(1, rules=RULES, authserv_id="", memory_bytes=100 * 1024 * 1024)
    pool.start()
    try:
        hungry, good = pool.read([HUNGRY, GOOD])
    finally:
        pool.close()
    assert isinstance(hungry, Reading)
    assert not hungry.message.analysed
    assert hungry.message.subject == "hungry"
    assert isinstance(good, Reading)
    assert good.message.analysed


def test_a_stalled_child_is_replaced() -> None:
    """Stopped by a signal, a child obeys neither its alarm nor its pipe."""
    pool = ReadingPool(1, rules=RULES, authserv_id="", wall_seconds=2)  # its successor begins within it
    pool.start()
    try:
        pool.read([GOOD])
        (stopped,) = pool.pids()
        os.kill(stopped, signal.SIGSTOP)
        began = time.monotonic()
        (found,) = pool.read([GOOD])
        assert time.monotonic() - began < 10
        assert isinstance(found, Reading)
        assert found.message.warnings == ("not analysed: reading took too long",)
        assert stopped not in pool.pids()
    finally:
        pool.close()


def test_no_time_even_for_the_header_is_a_failure() -> None:
    pool = ReadingPool(1, rules=RULES, authserv_id="", wall_seconds=0.000_001)
    pool.start()
    try:
        (found,) = pool.read([GOOD])
    finally:
        pool.close()
    assert isinstance(found, ReadingFailure)
    assert "then its header" in found.reason


def test_children_end_with_the_pool() -> None:
    pool = ReadingPool(2, rules=RULES, authserv_id="")
    pool.start()
    pool.read([GOOD, GOOD])
    pids = pool.pids()
    pool.close()
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    with pytest.raises(RuntimeError):
        pool.read([GOOD])


def test_an_answer_is_a_reading_or_nothing() -> None:
    """A child that was taken over must not reach the parent through pickle."""
    assert "cannot be understood" in str(unpickled(b"cos\nsystem\n(S'true'\ntR."))
    assert "cannot be understood" in str(unpickled(b"\x80"))
    assert unpickled(b"I1\n.") == "the reading is no reading"


def test_an_answer_asks_for_nothing_but_values() -> None:
    """Whatever the Python: some would write an enumeration's member as a call of `getattr`."""
    answer = pickled(reading(read(GOOD), RULES))
    assert b"getattr" not in answer
    assert unpickled(answer) == reading(read(GOOD), RULES)
