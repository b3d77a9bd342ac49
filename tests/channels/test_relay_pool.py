"""How connections are kept, counted, found dead and closed."""

from __future__ import annotations

import asyncio

import pytest

from mailbot.channels import relay_session
from mailbot.channels.relay_pool import PooledRelay
from mailbot.channels.relay_server import MailServer
from mailbot.channels.relay_session import Limits
from mailbot.errors import RelayError
from tests.channels.relaying import letter, relay_to, settings, url_of
from tests.channels.sink import Drop, Say, Silence, Sink, Slowly, Stage


async def test_one_connection_carries_many_letters() -> None:
    async with Sink() as sink, relay_to(sink) as relay:
        for number in range(20):
            await relay.send(letter(number))
    assert (sink.connections, len(sink.taken)) == (1, 20)
    assert sink.commands.count("EHLO desk.test") == 1


async def test_never_more_connections_than_allowed() -> None:
    async with Sink() as sink, relay_to(sink, connections=3) as relay:
        sink.will("dot", Slowly("250 ok", taken=True), times=None)
        await asyncio.gather(*(relay.send(letter(number, pressing=True)) for number in range(12)))
        assert (sink.most_open, sink.connections) == (3, 3)
    assert len({mail.message_id for mail in sink.taken}) == 12
    assert sink.open == 0


async def test_a_connection_that_was_closed_meanwhile_is_replaced() -> None:
    async with Sink() as sink, relay_to(sink) as relay:
        await relay.send(letter(1))
        sink.hang_up()
        await sink.until(lambda: sink.open == 0)
        await relay.send(letter(2))
    assert (sink.connections, len(sink.taken)) == (2, 2)


@pytest.mark.parametrize("action", [Drop(), Say("421 4.4.2 idle too long"), Say("what?"), Drop(last_words="421 bye")])
async def test_a_connection_that_dies_at_mail_is_replaced(action: Say | Drop) -> None:
    async with Sink() as sink, relay_to(sink) as relay:
        await relay.send(letter(1))
        sink.will("mail", action)
        await relay.send(letter(2))
    assert (sink.connections, [mail.message_id for mail in sink.taken]) == (2, ["<1@desk.test>", "<2@desk.test>"])


async def test_all_kept_connections_dead_costs_no_letter() -> None:
    async with Sink() as sink, relay_to(sink, connections=5) as relay:
        sink.will("dot", Slowly("250 ok", taken=True), times=4)
        await asyncio.gather(*(relay.send(letter(number)) for number in range(4)))
        sink.will("mail", Drop(), times=4)
        await relay.send(letter(5))
    assert (sink.connections, len(sink.taken)) == (5, 5)


@pytest.mark.parametrize("stage", ["mail", "rcpt"])
async def test_answers_out_of_step_are_noticed_before_the_letter(stage: Stage) -> None:
    async with Sink() as sink, relay_to(sink) as relay:
        sink.will(stage, Say("250 ok\r\n250 once more"))
        with pytest.raises(RelayError, match="before it had the letter") as caught:
            await relay.send(letter(1))
        assert not caught.value.permanent
        await relay.send(letter(2))
    assert (sink.connections, [mail.message_id for mail in sink.taken]) == (2, ["<2@desk.test>"])


async def test_refused_transaction_is_cleared_away() -> None:
    async with Sink() as sink, relay_to(sink) as relay:
        sink.will("rcpt", Say("550 5.1.1 unknown"))
        with pytest.raises(RelayError):
            await relay.send(letter(1))
        await relay.send(letter(2))
    assert sink.commands.count("RSET") == 1
    assert [mail.recipient for mail in sink.taken] == ["asker2@example.com"]


async def test_who_does_not_forget_is_replaced() -> None:
    async with Sink() as sink, relay_to(sink) as relay:
        sink.will("rcpt", Say("550 5.1.1 unknown"))
        sink.will("rset", Say("502 5.5.1 no such command"))
        with pytest.raises(RelayError):
            await relay.send(letter(1))
        await relay.send(letter(2))
    assert sink.connections == 2
    assert [mail.recipient for mail in sink.taken] == ["asker2@example.com"]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every kept connection counts as long idle, and has a tenth of a second to answer."""
    monkeypatch.setattr(relay_session, "_IDLE_BEFORE_PROBE", 0.0)
    monkeypatch.setattr(relay_session, "_PROBE_SECONDS", 0.1)


@pytest.mark.usefixtures("impatient")
async def test_a_silent_connection_is_found_out_before_the_letter() -> None:
    async with Sink() as sink, relay_to(sink) as relay:
        await relay.send(letter(1))
        sink.will("rset", Silence())
        await relay.send(letter(2))
        assert (sink.connections, len(sink.taken)) == (2, 2)


async def test_idle_connections_are_closed() -> None:
    async with Sink() as sink:
        given = settings(url_of(sink)).relay
        server = MailServer(given, "desk.test")
        server.limits = Limits(idle=0.01)
        relay = PooledRelay(server, 2)
        await relay.send(letter())
        await sink.until(lambda: sink.open == 0)
        assert sink.commands[-1] == "QUIT"
        await relay.send(letter())
        assert sink.connections == 2
        await relay.close()


async def test_letters_under_way_outlive_the_closing() -> None:
    async with Sink() as sink:
        async with relay_to(sink) as relay:
            sink.will("dot", Slowly("250 ok", taken=True))
            sending = asyncio.create_task(relay.send(letter()))
            await sink.until(lambda: bool(sink.taken))
        assert await sending == "250 ok"
        await sink.until(lambda: sink.open == 0)


@pytest.mark.parametrize(("connections", "patient", "most"), [(1, 1, 2), (2, 1, 2), (4, 3, 4)])
async def test_a_server_that_hangs_on_bulletins_has_room_for_what_must_not_wait(
    connections: int, patient: int, most: int
) -> None:
    async with Sink() as sink, relay_to(sink, connections=connections) as relay:
        sink.will("mail", Silence(), times=patient)
        bulletins = [asyncio.create_task(relay.send(letter(number))) for number in range(1, 9)]
        await sink.until(lambda: len([each for each in sink.commands if each.startswith("MAIL")]) == patient)
        assert await relay.send(letter(9, pressing=True)) == "250 2.0.0 taken"
        assert (sink.open, [mail.message_id for mail in sink.taken]) == (most, ["<9@desk.test>"])
        for bulletin in bulletins:
            bulletin.cancel()
        await asyncio.gather(*bulletins, return_exceptions=True)
