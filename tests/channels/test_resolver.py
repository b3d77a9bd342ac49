"""Every question has an answer, from a real nameserver on loopback, if only that nobody can tell."""

from __future__ import annotations

import asyncio

import pytest

from mailbot.channels.resolver import Resolver, faults
from mailbot.config.settings import Trust
from mailbot.mail.lookup import Answer, Question
from tests.channels.nameserver import nameserver

ZONE = {
    ("text.example", "TXT"): ['"v=spf1 " "-all"', '"other"'],
    ("long.example", "TXT"): ["tcp", *(f'"{"x" * 200}{number}"' for number in range(10))],
    ("host.example", "A"): ["192.0.2.1", "192.0.2.2"],
    ("host.example", "AAAA"): ["2001:db8::1"],
    ("host.example", "MX"): ["10 mx.host.example."],
    ("1.2.0.192.in-addr.arpa", "PTR"): ["host.example."],
    ("empty.example", "TXT"): [],
    ("broken.example", "TXT"): "SERVFAIL",
    ("refused.example", "TXT"): "REFUSED",
    ("silent.example", "TXT"): "silence",
    ("flood.example", "A"): [f"192.0.2.{number}" for number in range(60)],
    ("flood.example", "TXT"): ["tcp", *(f'"{"y" * 250}" "{"y" * 250}" "{number}"' for number in range(40))],
}
TROUBLE = Answer(trouble=True)


@pytest.mark.parametrize(
    ("name", "kind", "answer"),
    [
        ("text.example", "TXT", Answer((b"other", b"v=spf1 -all"))),
        ("host.example", "A", Answer(("192.0.2.1", "192.0.2.2"))),
        ("host.example", "AAAA", Answer(("2001:db8::1",))),
        ("host.example", "MX", Answer(((10, "mx.host.example"),))),
        ("1.2.0.192.in-addr.arpa", "PTR", Answer(("host.example",))),
        ("long.example", "TXT", Answer(tuple(b"x" * 200 + str(number).encode() for number in range(10)))),
        ("empty.example", "TXT", Answer()),
        ("gone.example", "TXT", Answer(exists=False)),
        ("a b.\\.(@.example", "A", Answer(exists=False)),
        (f"{'x' * 64}.example", "A", Answer(exists=False)),
        ("a..example", "A", Answer(exists=False)),
        ("\u00e9.example", "A", Answer(exists=False)),
        ("broken.example", "TXT", TROUBLE),
        ("refused.example", "TXT", TROUBLE),
        ("silent.example", "TXT", TROUBLE),
        ("flood.example", "A", TROUBLE),
        ("flood.example", "TXT", TROUBLE),
    ],
)
async def test_answers(name: str, kind: str, answer: Answer) -> None:
    async with nameserver(ZONE) as serving:
        question = Question(name, kind)  # type: ignore[arg-type]
        assert await Resolver([serving.address], patience=0.5).answers([question]) == {question: answer}


async def test_an_answer_is_remembered_for_its_time_to_live() -> None:
    async with nameserver(ZONE) as serving:
        resolver = Resolver([serving.address])
        for _ in range(3):
            await resolver.answers([Question("text.example", "TXT")])
        assert len(serving.asked) == 1


async def test_all_are_asked_at_once() -> None:
    zone = {(f"s{number}.example", "TXT"): "silence" for number in range(20)}
    async with nameserver(zone) as serving:
        questions = [Question(name, "TXT") for name, _ in zone]
        async with asyncio.timeout(5):  # one after the other they would take ten seconds
            found = await Resolver([serving.address], patience=0.5).answers(questions)
    assert list(found.values()) == [TROUBLE] * 20


async def test_a_thread_asks_through_the_loop() -> None:
    async with nameserver(ZONE) as serving:
        resolver = Resolver([serving.address])
        question = Question("host.example", "A")
        assert resolver.resolve([question]) == {question: TROUBLE}  # not open yet
        resolver.open()
        found = await asyncio.to_thread(resolver.resolve, [question])
        assert found[question].records == ("192.0.2.1", "192.0.2.2")
        await resolver.close()
        assert await asyncio.to_thread(resolver.resolve, [question]) == {question: TROUBLE}


async def test_closing_frees_a_thread_that_waits() -> None:
    async with nameserver(ZONE) as serving:
        resolver = Resolver([serving.address], patience=60)
        resolver.open()
        question = Question("silent.example", "TXT")
        waiting = asyncio.create_task(asyncio.to_thread(resolver.resolve, [question]))
        while not serving.asked:
            await asyncio.sleep(0.01)
        await resolver.close()
        async with asyncio.timeout(10):
            assert await waiting == {question: TROUBLE}


async def test_check_tells_when_nobody_answers() -> None:
    async with nameserver({("_dmarc.desk.example", "TXT"): "silence"}) as serving:
        trust = Trust(verify=True, nameservers=(serving.address,))
        assert await faults(trust, "other.example") == []  # there is no such name: an answer like another
        (fault,) = await faults(trust, "desk.example")
    assert "no nameserver answers" in str(fault)
