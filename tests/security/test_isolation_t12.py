"""Does any word reach anybody outside its audience? A random walk says no (S26, T12); and the walk can say yes.

All 100,000 steps: `make leaks`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from mailbot.desk import lists, standing, triage
from mailbot.flows import gather
from mailbot.store import participants
from mailbot.store.engine import Connection
from tests.security.walk import CANARY, VERBS, canaries, walked

STEPS = 500


@pytest.mark.parametrize("seed", ["first", "second", "third", "fourth"])
def test_no_word_leaves_its_audience(tmp_path: Path, seed: str) -> None:
    with walked(tmp_path, steps=STEPS, seed=seed) as walk:
        assert walk.leaks == []
        assert walk.astray() == []
        assert set(walk.done) == {verb.__name__ for verb, _ in VERBS}
        assert walk.read > STEPS / 2, "the desk hardly wrote"
        assert walk.seen > walk.read, "the letters hardly said a word"


def without(*names: str) -> tuple[object, ...]:
    return tuple((name, check) for name, check in triage.CHECKS if name not in names)


def test_the_walk_finds_that_the_forged_are_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(triage, "CHECKS", without("not forged"))
    monkeypatch.setattr(standing, "is_who_he_says", lambda *_: True)
    with walked(tmp_path, steps=150, seed="3") as walk:
        assert any("is forged" in leak.planted for leak in walk.leaks)


def test_the_walk_finds_that_a_feigned_list_is_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "came_through", lambda *_: True)
    with walked(tmp_path, steps=300, seed="3") as walk:
        assert any("feigns a list" in leak.planted for leak in walk.leaks)


def test_the_walk_finds_that_a_token_admits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever holds a reply address writes into the incident: nothing goes out, and yet it lies where it must not."""

    def everybody(_connection: Connection, _author: str, ids: list[int]) -> list[participants.Part]:
        return [participants.Part(each, 1, admitted=True) for each in ids]

    monkeypatch.setattr(gather.participants, "parts_of", everybody)
    with walked(tmp_path, steps=200, seed="3") as walk:
        assert walk.astray()


def test_a_canary_is_found_however_it_is_written() -> None:
    word = "zq89abcdefghij"
    raw = (
        b"Subject: =?utf-8?b?enE4OWFiY2RlZmdoaWo=?=\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nzq89bb=\r\nbbbbbbbb\r\n"
        b"--b\r\nContent-Transfer-Encoding: base64\r\n\r\nenE4OWNjY2NjY2NjY2M=\r\n--b--\r\n"
    )
    assert canaries(raw) == {word, "zq89bbbbbbbbbb", "zq89cccccccccc"}
    assert CANARY.fullmatch(word)
