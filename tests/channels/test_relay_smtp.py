"""Letters over SMTP and LMTP: what goes over the wire, and what is known when it fails (promises T3)."""

from __future__ import annotations

import asyncio
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from mailbot.channels.relay import connect
from mailbot.channels.relay_session import Limits
from mailbot.errors import RelayError
from tests.channels.relaying import RAW, letter, relay_to, settings
from tests.channels.sink import Action, Drop, Say, Silence, Sink, Slowly, Stage

BIG = (
    b"Subject: big\r\n\r\n" + b"0123456789abcdef" * 4 * 62_500 + b"\r\n"
)  # no line end for 4 MB: only the wire matters


@pytest.fixture(params=["smtp", "lmtp", "lmtp over a unix socket"])
def sink(request: pytest.FixtureRequest, tmp_path: Path) -> Sink:
    protocol, _, unix = request.param.partition(" ")
    return Sink(protocol=protocol, path=tmp_path / "sink.socket" if unix else None)


async def failure(sink: Sink, *, raw: bytes = RAW, **options: Any) -> RelayError:
    """The one failure that a letter meets."""
    async with sink, relay_to(sink, **options) as relay:
        with pytest.raises(RelayError) as caught:
            await relay.send(letter(raw=raw))
    assert "\n" not in str(caught.value)
    return caught.value


async def test_letter_arrives_as_it_is(sink: Sink) -> None:
    async with sink, relay_to(sink) as relay:
        assert await relay.send(letter()) == "250 2.0.0 taken"
    [mail] = sink.taken
    assert (mail.sender, mail.recipient) == ("bounce@desk.test", "asker1@example.com")
    assert (mail.message_id, mail.raw) == ("<1@desk.test>", RAW)
    assert sink.commands[0] == ("LHLO" if sink.protocol == "lmtp" else "EHLO") + " desk.test"
    assert sink.commands[-1] == "QUIT"


async def test_reports_are_asked_for(sink: Sink) -> None:
    async with sink, relay_to(sink) as relay:
        await relay.send(letter())
    [mail] = sink.taken
    assert mail.mail_command == f"MAIL FROM:<bounce@desk.test> SIZE={len(RAW)} RET=HDRS ENVID=1@desk.test"
    assert mail.rcpt_command == "RCPT TO:<asker1@example.com> NOTIFY=FAILURE,DELAY"


async def test_null_path_asks_for_nothing(sink: Sink) -> None:
    async with sink, relay_to(sink) as relay:
        await relay.send(letter(sender=""))
    assert sink.taken[0].mail_command == f"MAIL FROM:<> SIZE={len(RAW)}"
    assert sink.taken[0].rcpt_command == "RCPT TO:<asker1@example.com>"


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data", "dot"])
@pytest.mark.parametrize(("code", "permanent"), [(451, False), (452, False), (550, True), (554, True), (530, False)])
async def test_refused(sink: Sink, stage: Stage, code: int, permanent: bool) -> None:
    async with sink, relay_to(sink) as relay:
        sink.will(stage, Say(f"{code}-{code // 100}.7.1 first\r\n{code} {code // 100}.7.1 second \x1b[31mline"))
        with pytest.raises(RelayError, match=rf"{code} {code // 100}\.7\.1 first / .*second  \[31mline") as caught:
            await relay.send(letter(1))
        assert (caught.value.permanent, caught.value.in_doubt) == (permanent, False)
        await relay.send(letter(2))
    assert [mail.message_id for mail in sink.taken] == ["<2@desk.test>"]
    assert sink.connections == 1


@pytest.mark.parametrize("stage", ["greeting", "hello", "mail", "rcpt", "data", "dot"])
async def test_421_is_temporary_and_ends_the_connection(sink: Sink, stage: Stage) -> None:
    async with sink, relay_to(sink) as relay:
        sink.will(stage, Say("421 4.3.2 going down"))
        with pytest.raises(RelayError, match=r"421 4\.3\.2 going down") as caught:
            await relay.send(letter())
        assert (caught.value.permanent, caught.value.in_doubt) == (False, False)
        await relay.send(letter())
    assert (sink.connections, len(sink.taken)) == (2, 1)


@pytest.mark.parametrize("stage", ["greeting", "hello"])
async def test_refused_as_a_client_is_never_about_the_letter(sink: Sink, stage: Stage) -> None:
    sink.will(stage, Say("554 5.7.1 not from there"), times=None)
    error = await failure(sink)
    assert not error.permanent
    assert "554 5.7.1 not from there" in str(error)


@pytest.mark.parametrize(
    "action", [Drop(), Drop(last_words="25"), Silence(), Say("250-never"), Say("what?"), Say("999 no")]
)
@pytest.mark.parametrize("stage", ["greeting", "hello", "mail", "rcpt", "data", "dot"])
async def test_lost(sink: Sink, stage: Stage, action: Action) -> None:
    sink.will(stage, action)
    error = await failure(sink, timeout_seconds=0.05)
    assert not error.permanent
    assert error.in_doubt == (stage == "dot")


@pytest.mark.parametrize("action", [Drop(taken=True), Silence(taken=True), Slowly("250 taken", taken=True)])
async def test_taken_but_not_told(sink: Sink, action: Action) -> None:
    sink.will("dot", action)
    error = await failure(sink, timeout_seconds=0.01)
    assert (error.permanent, error.in_doubt) == (False, True)
    assert [mail.message_id for mail in sink.taken] == ["<1@desk.test>"]


async def test_lost_in_the_middle_of_a_long_letter_is_not_in_doubt(sink: Sink) -> None:
    sink.will("body", Drop())
    error = await failure(sink, raw=BIG)
    assert (error.permanent, error.in_doubt) == (False, False)
    assert not sink.taken


async def test_silence_in_the_middle_of_a_long_letter_is_not_in_doubt(sink: Sink) -> None:
    async with sink, relay_to(sink, timeout_seconds=0.3) as relay:
        original = sink._next

        def stop_reading(stage: Stage) -> Action | None:
            if stage == "body":
                for dialogue in sink._dialogues:
                    dialogue.transport.pause_reading()
            return original(stage)

        sink._next = stop_reading  # type: ignore[method-assign]
        with pytest.raises(RelayError) as caught:
            await relay.send(letter(raw=BIG * 8))
    assert (caught.value.permanent, caught.value.in_doubt) == (False, False)


async def test_long_letter_arrives(sink: Sink) -> None:
    async with sink, relay_to(sink) as relay:
        await relay.send(letter(raw=BIG))
    assert sink.taken[0].raw == BIG


@pytest.mark.parametrize("stage", ["greeting", "mail", "rcpt", "dot"])
async def test_slow_answers_are_waited_for(sink: Sink, stage: Stage) -> None:
    sink.will(stage, Slowly("220 slow" if stage == "greeting" else "250 slow", taken=True))
    async with sink, relay_to(sink) as relay:
        assert await relay.send(letter()) in {"250 slow", "250 2.0.0 taken"}
    assert len(sink.taken) == 1


async def test_other_words_for_yes(sink: Sink) -> None:
    sink.will("rcpt", Say("251 2.1.5 will forward"))
    sink.will("dot", Say("251 2.0.0 taken, in other words"))
    async with sink, relay_to(sink) as relay:
        assert await relay.send(letter()) == "251 2.0.0 taken, in other words"


@pytest.mark.parametrize(
    "recipient", ["a b@example.com", "a@example.com> SIZE=1", "a@b.test\r\nRSET", "nobody", "", "<a@b.test>"]
)
async def test_addresses_cannot_add_commands(sink: Sink, recipient: str) -> None:
    async with sink, relay_to(sink) as relay:
        bad = letter()
        object.__setattr__(bad, "recipient", recipient)
        with pytest.raises(RelayError, match="address on the wire") as caught:
            await relay.send(bad)
        assert caught.value.permanent
        await relay.send(letter())
    assert (len(sink.taken), sink.connections) == (1, 1)


async def test_nobody_listens(tmp_path: Path) -> None:
    async with Sink() as gone:
        urls = [f"smtp://127.0.0.1:{gone.port}", f"lmtp://{tmp_path}/nothing.socket"]
    for url in urls:
        relay = connect(settings(url))
        with pytest.raises(RelayError, match=url) as caught:
            await relay.send(letter())
        assert (caught.value.permanent, caught.value.in_doubt) == (False, False)
        await relay.close()


async def test_cancelled_letter_takes_its_connection_with_it(sink: Sink) -> None:
    async with sink, relay_to(sink) as relay:
        sink.will("dot", Silence(taken=True))
        sending = asyncio.create_task(relay.send(letter(1)))
        await sink.until(lambda: bool(sink.taken))
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        await relay.send(letter(2))
    assert [mail.message_id for mail in sink.taken] == ["<1@desk.test>", "<2@desk.test>"]
    assert sink.connections == 2


def test_limits_are_those_of_the_standard() -> None:
    limits = Limits()
    assert limits.command >= 300  # RFC 5321 §4.5.3.2.2 and .3
    assert limits.final >= 600  # RFC 5321 §4.5.3.2.6


MODES: dict[str, tuple[Stage, Action]] = {
    "greylisting": ("rcpt", Say("451 4.7.1 come back")),
    "busy": ("mail", Say("421 4.3.2 too busy")),
    "full": ("dot", Say("452 4.3.1 no room")),
    "closing": ("greeting", Drop()),
    "cut at the text": ("data", Drop()),
    "cut after the dot": ("dot", Drop(taken=True)),
    "silent": ("dot", Silence()),
    "slow": ("dot", Slowly("250 ok", taken=True)),
}


@pytest.mark.parametrize("mode", MODES)
async def test_nothing_is_lost_by_who_tries_again(mode: str) -> None:
    """Every second passage fails; what is in doubt is sent again with the same Message-ID."""
    stage, action = MODES[mode]
    failures = iter([action, None] * 1000)
    doubtful: list[str] = []
    refusals: list[bool] = []

    async def until_taken(number: int) -> None:
        while True:
            try:
                await relay.send(letter(number))
            except RelayError as error:
                refusals.append(error.permanent)
                doubtful.extend([letter(number).message_id] * error.in_doubt)
            else:
                return

    async with (
        Sink(dice=lambda at: next(failures) if at == stage else None) as sink,
        relay_to(sink, timeout_seconds=0.2) as relay,
    ):
        await asyncio.gather(*map(until_taken, range(20)))
    assert refusals or mode == "slow"
    assert not any(refusals)
    got = [mail.message_id for mail in sink.taken]
    assert set(got) == {letter(number).message_id for number in range(20)}
    assert all(got.count(id_) <= 1 + doubtful.count(id_) for id_ in got)


async def test_ledger_is_written_before_the_answer(tmp_path: Path) -> None:
    async with Sink(ledger=tmp_path / "ledger") as sink, relay_to(sink) as relay:
        await relay.send(letter())
        entry = json.loads((tmp_path / "ledger").read_text())
    assert (entry["recipient"], entry["sender"]) == ("asker1@example.com", "bounce@desk.test")
    assert (entry["message_id"], entry["sha256"]) == ("<1@desk.test>", hashlib.sha256(RAW).hexdigest())
