"""Does the operator see what the clock did, and can they let go what waits for it?"""

from __future__ import annotations

from datetime import timedelta

from mailbot import clock
from mailbot.desk.pulse import Reading
from mailbot.flows import pulse
from tests.cli.terminal import Terminal

YEAR = timedelta(days=365)


def jumped(terminal: Terminal) -> None:
    """A daemon lived a moment ago, by a clock that was a year behind."""
    present = Reading(*clock.reading())
    former = Reading(present.at - YEAR - timedelta(seconds=5), present.since_boot - 5, present.boot)
    with terminal.office(present.at) as office:
        for reading in (former, present):
            pulse.beat(office.context, "mailbot", reading, restarted=False)


def test_nothing_was_found_yet(terminal: Terminal) -> None:
    out = terminal.does("clock", "show").out
    assert "no daemon has run yet\n" in out
    assert "nothing was found yet\n" in out
    told = terminal.does("clock", "show", "--json").json
    assert (told["suspended"], told["daemons"], told["findings"]) == (False, [], [])
    assert "clock is in doubt" not in terminal.does("status").out
    refused = terminal("clock", "accept")
    assert (refused.code, refused.err.count("\n")) == (1, 1)
    assert "no clock is in doubt" in refused.err


def test_a_jump_is_shown_and_accepted(terminal: Terminal) -> None:
    jumped(terminal)
    out = terminal.does("clock", "show").out
    assert "letters that a day causes are suspended; by this clock there wait: 0 guides, 0 ends, 0 changes\n" in out
    assert "forwards 365 days" in out
    assert max(map(len, out.splitlines())) <= 100
    told = terminal.does("clock", "show", "--json").json
    assert told["suspended"] is True
    assert [each["what"] for each in told["findings"]] == ["forwards", "suspended"]
    (daemon,) = told["daemons"]
    assert (daemon["daemon"], round(daemon["ahead_seconds"])) == ("mailbot", round(YEAR.total_seconds()))
    assert "the clock is in doubt, letters that a day causes wait  <-- look: mailbot clock show\n" in (
        terminal.does("status").out
    )
    assert terminal.does("status", "--json").json["clock_in_doubt"] is True
    assert "what waited goes out now (mailbot)\n" in terminal.does("clock", "accept").out
    assert terminal.does("clock", "show", "--json").json["suspended"] is False
    assert "clock is in doubt" not in terminal.does("status").out
