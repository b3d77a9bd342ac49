"""A heap of mails falls into conversations, whatever the order in which it is read."""

from __future__ import annotations

import gc
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import process_time

import pytest

from mailbot.mail.heap import Heap
from mailbot.mail.message import Message
from mailbot.mail.reading import read_summary

DAY_1 = datetime(2026, 11, 1, tzinfo=UTC)
TARO, SUPPORT, HANAKO = "taro@customer.example", "support@desk.example", "hanako@customer.example"
LIST = "List-Id: <db.lists.example>"


def mail(
    own: str, subject: str, *fields: str, day: float | None = 1, writer: str = TARO, to: str = SUPPORT
) -> tuple[str, bytes]:
    """A mail and its name: `own` is both its name and its id; parents and the like are whole header lines."""
    head = [f"Message-ID: <{own}@x.example>", f"From: {writer}", f"Subject: {subject}", *fields]
    if to:
        head.append(f"To: {to}")
    if day is not None:
        head.append(f"Date: {(DAY_1 + timedelta(days=day - 1)).strftime('%d %b %Y %H:%M:%S +0000')}")
    return own, "\n".join((*head, "", "text")).encode()


def parent(*names: str) -> str:
    return "References: " + " ".join(f"<{name}@x.example>" for name in names)


def threads(*mails: tuple[str, bytes]) -> list[list[str]]:
    """The groups, which must not depend on the order of the mails."""
    found = []
    for seed in range(4):
        shuffled = list(mails)
        random.Random(seed).shuffle(shuffled)
        heap = Heap()
        for name, raw in shuffled:
            heap.add(name, read_summary(raw, why=""), content=raw.hex())
        found.append(heap.threads())
    assert all(each == found[0] for each in found)
    return found[0]


BY_IDS = {
    "parents": (
        [mail("a", "q"), mail("b", "other", parent("a"), day=2), mail("c", "o", parent("a", "b"), day=3)],
        "abc",
    ),
    "a ghost": ([mail("a", "q", parent("ghost")), mail("b", "r", parent("ghost"), day=2)], "ab"),
    "a chain of ghosts": ([mail("a", "q", parent("g", "h")), mail("b", "r", parent("h", "i"), day=2)], "ab"),
    "In-Reply-To": ([mail("a", "q"), mail("b", "r", "In-Reply-To: <a@x.example>", day=2)], "ab"),
    "In-Reply-To with prose": (
        [mail("a", "q"), mail("b", "r", f'In-Reply-To: Message from "T" <{TARO}> of Sunday <a@x.example>', day=2)],
        "ab",
    ),
    "equal ids": ([mail("a", "q"), ("copy", mail("a", "another")[1])], ["a", "copy"]),
    "a loop": ([mail("a", "q", parent("b")), mail("b", "r", parent("a"), day=2)], "ab"),
    "a mail that answers itself": ([mail("a", "q", parent("a"))], "a"),
    "a parent that is newer": ([mail("a", "q", parent("b")), mail("b", "r", day=9)], "ab"),
    "liars": ([mail("a", "q", parent("x", "y", "z")), mail("b", "r", parent("x", "z"), day=2)], "ab"),
    "a subject of its own": ([mail("a", "q"), mail("b", "quite another", parent("a"), day=2)], "ab"),
}


@pytest.mark.parametrize(("mails", "names"), BY_IDS.values(), ids=BY_IDS)
def test_ids_join(mails: list[tuple[str, bytes]], names: list[str] | str) -> None:
    assert threads(*mails) == [list(names)]


QUESTION = mail("a", "failover does not start")
ANSWERS = {
    "of the same writer": mail("b", "Re: failover does not start", day=2),
    "with a list's and a desk's tags": mail("b", "RE: [INC-2026-000001] [db] Failover  does not start", day=2),
    "in Japanese": mail("b", "返信: failover does not start", day=2),
    "of the other side": mail("b", "Re: failover does not start", day=2, writer=SUPPORT, to=TARO),
    "to a signed reply address": mail("b", "Re: failover does not start", to="support+i1.abc@desk.example", day=2),
    "with one more reader": mail("b", "Re: failover does not start", "Cc: boss@customer.example", day=2),
    "without a date": mail("b", "Re: failover does not start", day=None),
    "at the same moment": mail("A", "Re: failover does not start"),
    "on the last day": mail("b", "Re: failover does not start", day=31),
    "with prose for a parent": mail("b", "Re: failover does not start", "In-Reply-To: your mail of Sunday", day=2),
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_an_answer_without_a_parent_joins_by_its_subject(answer: tuple[str, bytes]) -> None:
    assert threads(QUESTION, answer) == [["a", answer[0]]]


STRANGE = {
    "no answer": mail("b", "failover does not start", day=2),
    "a mail handed on": mail("b", "Fwd: failover does not start", day=2),
    "another writer": mail("b", "Re: failover does not start", day=2, writer=HANAKO),
    "to somebody else": mail("b", "Re: failover does not start", day=2, to="shop@else.example"),
    "too late": mail("b", "Re: failover does not start", day=33),
    "too early": mail("b", "Re: failover does not start", day=0),
    "another subject": mail("b", "Re: failover", day=2),
    "another parent": mail("b", "Re: failover does not start", parent("elsewhere"), day=2),
    "through a list": mail("b", "Re: failover does not start", LIST, day=2),
}


@pytest.mark.parametrize("other", STRANGE.values(), ids=STRANGE)
def test_what_only_looks_alike_stays_apart(other: tuple[str, bytes]) -> None:
    assert sorted(threads(QUESTION, other)) == [["a"], ["b"]]


def test_answers_in_a_private_exchange_belong_together_though_the_question_is_not_here() -> None:
    assert threads(
        mail("a", "Re: q"), mail("b", "Re: q", day=3), mail("c", "Re: q", writer=SUPPORT, to=TARO, day=5)
    ) == [["a", "b", "c"]]


def test_through_a_list_an_answer_joins_its_writers_question_but_no_other_answer() -> None:
    post = dict.fromkeys(["to"], "db@lists.example")
    question, own = mail("a", "q", LIST, **post), mail("b", "Re: q", LIST, day=2, **post)
    assert threads(question, own) == [["a", "b"]]
    another = mail("c", "Re: q", LIST, day=3, writer=HANAKO, **post)
    again = mail("d", "Re: q", LIST, day=4, writer=HANAKO, **post)
    assert threads(question, own, another, again) == [["a", "b"], ["c"], ["d"]]


def test_mails_without_any_subject_are_not_of_one_subject() -> None:
    assert threads(mail("a", ""), mail("b", "Re:", day=2)) == [["a"], ["b"]]


def test_mails_without_an_id_are_copies_only_if_they_are_equal() -> None:
    bare = b"From: a@x.example\nSubject: q\n\ntext"
    assert threads(("1", bare), ("2", bare), ("3", bare + b" more")) == [["1", "2"], ["3"]]


def test_groups_stand_in_order_of_time_and_undated_ones_last() -> None:
    mails = [
        mail("z", "one", day=1),
        mail("y", "two", day=2),
        mail("a", "none", day=None),
        mail("b", "x", parent("z"), day=3),
    ]
    assert threads(*mails) == [["z", "b"], ["y"], ["a"]]


@pytest.mark.parametrize("shape", ["chain", "star", "one subject"])
def test_time_grows_with_the_number_of_mails_and_not_faster(shape: str) -> None:
    small, large = (min(_seconds(shape, number) for _ in range(3)) for number in (3_000, 6_000))
    assert large / small < 3


def _seconds(shape: str, number: int) -> float:
    pattern = read_summary(mail("a", "Re: q")[1], why="")
    mails = [_one(pattern, shape, each) for each in range(number)]
    gc.collect()
    begun = process_time()
    heap = Heap()
    for each, message in enumerate(mails):
        heap.add(str(each), message, content="")
    groups = heap.threads()
    assert len(groups) == 1
    return process_time() - begun


def _one(pattern: Message, shape: str, number: int) -> Message:
    parents = {"chain": (f"{number + 1}",), "star": ("root",), "one subject": ()}[shape]
    return replace(pattern, message_id=str(number), references=parents, date=DAY_1 + timedelta(minutes=number))
