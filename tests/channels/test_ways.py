"""A relay that fails must not cost the window: what presses goes by the second one, and nothing goes by both unless
nobody can know better.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import dkim as dkimpy
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from mailbot.channels.letter import Letter
from mailbot.channels.relay import Ways, connect, connect_all, faults
from mailbot.config.settings import Dkim, SecondRelay, Settings
from mailbot.desk.routes import Tried, Way
from mailbot.errors import RelayError
from tests.channels.relaying import letter, settings, url_of
from tests.channels.sink import Action, Drop, Say, Silence, Sink, Stage
from tests.mail.signing import RSA, record

NOBODY = "smtp://127.0.0.1:1"  # tcpmux: nothing listens there
PATIENCE = 0.3  # seconds


def two(first: str, second: str, **more: Any) -> Settings:
    way = SecondRelay(url=second, starttls="when-offered", after_seconds=more.pop("after_seconds", PATIENCE))
    return settings(first, **more).model_copy(update={"second_relay": way})


@asynccontextmanager
async def ways_to(given: Settings) -> AsyncIterator[Ways]:
    ways = connect_all(given)
    try:
        yield ways
    finally:
        await ways.close()


def pressing(number: int = 1, way: Way = "first") -> Letter:
    return replace(letter(number, pressing=True), way=way)


def routes(tried: tuple[Tried, ...]) -> list[tuple[str, bool]]:
    return [(each.route, not each.error) for each in tried]


async def test_both_work() -> None:
    async with Sink() as first, Sink() as second, ways_to(two(url_of(first), url_of(second))) as ways:
        outcome = await ways.send(pressing(1))
        alarm = await ways.send(pressing(2, "second"))
    assert (outcome.said, routes(outcome.tried)) == ("250 2.0.0 taken", [("first", True)])
    assert (alarm.said, routes(alarm.tried)) == ("250 2.0.0 taken", [("second", True)])
    assert ([m.message_id for m in first.taken], [m.message_id for m in second.taken]) == (
        ["<1@desk.test>"],
        ["<2@desk.test>"],
    )


SURELY_NOT_TAKEN: list[tuple[Stage, Action]] = [
    ("greeting", Silence()),
    ("greeting", Drop()),
    ("greeting", Say("554 5.7.1 go away")),
    ("hello", Silence()),
    ("hello", Say("421 4.3.2 going down")),
    ("mail", Silence()),
    ("mail", Say("421 4.3.2 going down")),
    ("mail", Say("452 4.3.1 no space")),
    ("rcpt", Silence()),
    ("rcpt", Say("451 4.3.0 later")),
    ("data", Silence()),
    ("data", Drop()),
    ("data", Say("421 4.3.2 going down")),
    ("dot", Say("451 4.3.0 queue file write error")),
    ("dot", Say("421 4.3.2 going down")),
]


@pytest.mark.parametrize(("stage", "action"), SURELY_NOT_TAKEN, ids=lambda each: str(each)[:30])
async def test_what_the_first_surely_does_not_have_goes_by_the_second_at_once(stage: Stage, action: Action) -> None:
    async with Sink() as first, Sink() as second, ways_to(two(url_of(first), url_of(second))) as ways:
        first.will(stage, action, times=None)
        began = time.monotonic()
        outcome = await ways.send(pressing())
        took = time.monotonic() - began
    assert outcome.said == "by the second relay: 250 2.0.0 taken"
    assert [mail.message_id for mail in second.taken] == ["<1@desk.test>"]
    assert first.taken == []
    assert took < PATIENCE + 5.0
    about_the_recipient = (stage, action) == ("rcpt", Say("451 4.3.0 later"))
    assert routes(outcome.tried) == [("first", about_the_recipient), ("second", True)]


async def test_nobody_listens() -> None:
    async with Sink() as second, ways_to(two(NOBODY, url_of(second))) as ways:
        outcome = await ways.send(pressing())
    assert outcome.said == "by the second relay: 250 2.0.0 taken"
    assert "refused" in outcome.tried[0].error.lower() or "connect" in outcome.tried[0].error.lower()


async def test_a_first_that_is_slow_but_ready_in_time_keeps_the_letter() -> None:
    """The patience ends with 354: from then on the first may come to have it, and is heard to the end."""
    async with Sink() as first, Sink() as second, ways_to(two(url_of(first), url_of(second))) as ways:
        first.will("dot", Silence(taken=True))
        sending = asyncio.create_task(ways.send(pressing()))
        await first.until(lambda: bool(first.taken))
        done, _ = await asyncio.wait({sending}, timeout=3 * PATIENCE)
        assert not done
        first.hang_up()
        outcome = await sending
    assert isinstance(outcome.said, RelayError)
    assert outcome.said.in_doubt
    assert second.taken == []


@pytest.mark.parametrize("action", [Drop(taken=True), Drop(taken=False), Say("what?")])
async def test_what_is_in_doubt_goes_by_no_other_relay_in_the_same_attempt(action: Action) -> None:
    async with Sink() as first, Sink() as second, ways_to(two(url_of(first), url_of(second))) as ways:
        first.will("dot", action)
        outcome = await ways.send(pressing())
        assert isinstance(outcome.said, RelayError)
        assert outcome.said.in_doubt
        assert second.taken == []
        again = await ways.send(pressing())  # the retry, with the same Message-ID; the first is shunned meanwhile
    assert again.said == "by the second relay: 250 2.0.0 taken"
    assert [mail.message_id for mail in second.taken] == ["<1@desk.test>"]


async def test_a_refusal_is_final() -> None:
    async with Sink() as first, Sink() as second, ways_to(two(url_of(first), url_of(second))) as ways:
        first.will("rcpt", Say("550 5.1.1 no such user"))
        outcome = await ways.send(pressing())
    assert isinstance(outcome.said, RelayError)
    assert outcome.said.permanent
    assert (second.taken, routes(outcome.tried)) == ([], [("first", True)])


async def test_a_refusal_by_the_other_relay_is_not_final() -> None:
    """It may only refuse what is not its own: the letter's own relay has not been asked."""
    async with Sink() as first, Sink() as second, ways_to(two(url_of(first), url_of(second))) as ways:
        first.will("hello", Say("421 4.3.2 going down"))
        second.will("rcpt", Say("554 5.7.1 relay access denied"))
        outcome = await ways.send(pressing())
    assert isinstance(outcome.said, RelayError)
    assert (outcome.said.permanent, outcome.said.in_doubt) == (False, False)
    assert "421" in str(outcome.said)
    assert "554" in str(outcome.said)


async def test_other_mail_waits_for_the_first() -> None:
    async with Sink() as second, ways_to(two(NOBODY, url_of(second))) as ways:
        outcome = await ways.send(letter())
    assert isinstance(outcome.said, RelayError)
    assert second.taken == []
    assert routes(outcome.tried) == [("first", False)]


async def test_an_alarm_goes_by_the_first_when_the_second_fails() -> None:
    async with Sink() as first, ways_to(two(url_of(first), NOBODY)) as ways:
        outcome = await ways.send(pressing(1, "second"))
    assert outcome.said == "by the first relay: 250 2.0.0 taken"
    assert len(first.taken) == 1


async def test_an_alarm_goes_by_the_first_where_there_is_no_second() -> None:
    async with Sink() as first, ways_to(settings(url_of(first))) as ways:
        outcome = await ways.send(pressing(1, "second"))
    assert routes(outcome.tried) == [("first", True)]
    assert len(first.taken) == 1


async def test_without_a_second_relay_the_first_has_all_its_time() -> None:
    async with Sink() as first, ways_to(settings(url_of(first), timeout_seconds=0.2)) as ways:
        first.will("mail", Silence())
        outcome = await ways.send(pressing())
    assert "before it had the letter" in str(outcome.said)


# After a failure the others do not wait for the first: it is asked last, and by one letter a minute.


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


async def test_after_a_failure_one_letter_a_minute_asks_the_first() -> None:
    clock = Clock()
    async with Sink() as first, Sink() as second:
        given = two(url_of(first), url_of(second))
        relays = {"first": connect(given), "second": connect(settings(url_of(second)))}
        ways = Ways(relays, clock)  # type: ignore[arg-type]
        first.will("greeting", Silence(), times=None)
        order = [routes((await ways.send(pressing(number))).tried) for number in (1, 2)]
        asked = first.connections
        clock.seconds = 59.0
        order.append(routes((await ways.send(pressing(3))).tried))
        assert (first.connections, asked) == (1, 1)
        clock.seconds = 61.0
        probing, *others = await asyncio.gather(*(ways.send(pressing(number)) for number in (4, 5, 6)))
        assert routes(probing.tried) == [("first", False), ("second", True)]
        assert [routes(each.tried) for each in others] == [[("second", True)]] * 2
        assert order == [[("first", False), ("second", True)], [("second", True)], [("second", True)]]
        first._always.clear()
        clock.seconds = 130.0
        assert [routes((await ways.send(pressing(number))).tried) for number in (7, 8)] == [[("first", True)]] * 2
        await ways.close()
    assert sorted(m.message_id for m in first.taken + second.taken) == [f"<{n}@desk.test>" for n in range(1, 9)]


async def test_other_mail_that_gets_through_ends_the_wait() -> None:
    clock = Clock()
    async with Sink() as first, Sink() as second:
        ways = Ways({"first": connect(settings(url_of(first))), "second": connect(settings(url_of(second)))}, clock)
        first.will("hello", Say("421 4.3.2 going down"))
        await ways.send(pressing(1))
        await ways.send(letter(2))
        await ways.send(pressing(3))
        await ways.close()
    assert [mail.message_id for mail in first.taken] == ["<2@desk.test>", "<3@desk.test>"]


async def test_a_burst_against_a_hanging_first_costs_its_patience_once() -> None:
    async with Sink() as first, Sink() as second, ways_to(two(url_of(first), url_of(second))) as ways:
        first.will("data", Silence(), times=None)
        began = time.monotonic()
        await asyncio.gather(*(ways.send(pressing(number)) for number in range(8)))
        for number in range(8, 60):
            await ways.send(pressing(number))
        took = time.monotonic() - began
    assert len({mail.message_id for mail in second.taken}) == len(second.taken) == 60
    assert first.taken == []
    assert took < PATIENCE + 5.0


# Both sign, and both are checked.


def key_in(folder: Path, selector: str) -> Dkim:
    path = folder / f"{selector}.pem"
    path.write_bytes(RSA.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return Dkim(selector=selector, domain="customer.example", key_file=path)


@pytest.mark.parametrize(("own", "selector"), [(False, b"s=s1"), (True, b"s=s2")])
async def test_the_second_signs_too(tmp_path: Path, own: bool, selector: bytes) -> None:
    async with Sink() as second:
        given = two(NOBODY, url_of(second), dkim=key_in(tmp_path, "s1"))
        if own:
            assert given.second_relay is not None
            way = given.second_relay.model_copy(update={"dkim": key_in(tmp_path, "s2")})
            given = given.model_copy(update={"second_relay": way})
        async with ways_to(given) as ways:
            await ways.send(pressing())
    (mail,) = second.taken
    assert selector in mail.raw.replace(b"\r\n ", b"")
    assert dkimpy.verify(mail.raw, dnsfunc=lambda *_, **__: record(RSA))


async def test_check_looks_at_both(tmp_path: Path) -> None:
    given = two(NOBODY, NOBODY)
    assert given.second_relay is not None
    broken = Dkim(selector="s1", domain="desk.test", key_file=tmp_path / "missing.pem")
    given = given.model_copy(update={"second_relay": given.second_relay.model_copy(update={"dkim": broken})})
    found = await faults(given)
    assert [fault.key for fault in found] == ["[relay] url", "[second_relay.dkim] key_file", "[second_relay] url"]


# One failure is none: it is asked again, without a letter, before people are called.


async def test_a_relay_that_failed_is_asked_again_for_a_minute() -> None:
    clock = Clock()
    async with Sink() as first, Sink() as second:
        given = two(url_of(first), url_of(second))
        ways = Ways({"first": connect(given), "second": connect(settings(url_of(second)))}, clock)
        assert await ways.recheck() == ()
        first.will("greeting", Drop(), times=3)
        await ways.send(pressing())
        again = await ways.recheck()
        assert routes(again) == [("first", False)]
        assert again[0].error
        clock.seconds = 59.0
        assert routes(await ways.recheck()) == [("first", False)]
        assert await ways.recheck() == (), "that it can be reached says nothing of letters"
        clock.seconds = 60.0
        first.will("greeting", Drop(), times=None)
        assert await ways.recheck() == ()
        await ways.close()
    assert len(second.taken) == 1


async def test_a_relay_that_never_answers_does_not_hold_up_the_question(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailbot.channels.ways._CHECK_SECONDS", 0.1)
    async with Sink() as first, Sink() as second, ways_to(two(url_of(first), url_of(second))) as ways:
        first.will("greeting", Silence(), times=None)
        await ways.send(pressing())
        assert "did not answer within 0.1 seconds" in (await ways.recheck())[0].error


async def test_a_relay_in_which_a_letter_hangs_is_found_out_though_it_can_be_reached() -> None:
    async with Sink() as first, Sink() as second, ways_to(two(url_of(first), url_of(second))) as ways:
        first.will("data", Silence(), times=2)
        waiting = asyncio.create_task(ways.send(letter(1)))
        await first.until(lambda: "DATA" in first.commands)
        assert (await ways.send(pressing(2))).said == "by the second relay: 250 2.0.0 taken"
        (tried,) = await ways.recheck()
        assert "has not been ready for a letter" in tried.error
        first.hang_up()
        assert isinstance((await waiting).said, RelayError)
        assert await ways.recheck() == ()
