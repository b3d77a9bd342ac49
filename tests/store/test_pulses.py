"""What each daemon noted last, and whether any clock is in doubt."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from mailbot.desk.pulse import Reading
from mailbot.store import pulses
from mailbot.store.engine import Store
from mailbot.store.pulses import Pulse
from tests.store.rows import NOW

HOUR = timedelta(hours=1)
ONE = Pulse("one", Reading(NOW, 1_234.5, "boot"))
TWO = Pulse("two", Reading(NOW - HOUR, 9.0, "other"), 2 * HOUR, NOW, "forwards 2:00:00")


def test_a_daemon_finds_what_it_noted(store: Store) -> None:
    with store.begin() as connection:
        assert (pulses.of(connection, "one"), pulses.newest(connection)) == (None, None)
        pulses.put(connection, TWO)
        pulses.put(connection, replace(ONE, reading=Reading(NOW - 9 * HOUR, 1.0, "boot")))
        pulses.put(connection, ONE)
    with store.begin() as connection:
        assert (pulses.of(connection, "one"), pulses.of(connection, "two")) == (ONE, TWO)
        assert pulses.newest(connection) == ONE
        assert pulses.every(connection) == [ONE, TWO]


def test_to_believe_the_clocks_ends_the_doubt_of_all(store: Store) -> None:
    with store.begin() as connection:
        pulses.put(connection, TWO)
        pulses.put(connection, ONE)
        assert pulses.in_doubt(connection, NOW)
        assert list(pulses.believe(connection)) == ["two"]
        assert not pulses.in_doubt(connection, NOW)
        assert list(pulses.believe(connection)) == []
        assert pulses.of(connection, "two") == Pulse("two", TWO.reading)


@pytest.mark.parametrize(
    ("off", "doubt"), [(timedelta(0), False), (HOUR, False), (-HOUR, False), (1.01 * HOUR, True), (-1.01 * HOUR, True)]
)
def test_a_moment_at_which_nobody_lived_is_in_doubt_before_anybody_looked(
    store: Store, off: timedelta, *, doubt: bool
) -> None:
    with store.begin() as connection:
        assert not pulses.in_doubt(connection, NOW), "without a daemon there is no doubt"
        pulses.put(connection, ONE)
        pulses.put(connection, Pulse("far away", Reading(NOW + timedelta(days=365), 1.0, "x")))
        assert pulses.in_doubt(connection, NOW + off) is doubt
