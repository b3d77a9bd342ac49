"""Acknowledgements that do not leave: people hear of them at 50 and 80 per cent of the window and at its end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from mailbot.errors import RelayError
from mailbot.flows import late, watch
from mailbot.store import contracts, journal, outbox
from mailbot.store.outbox import Claimed
from mailbot.store.schema import inbound, incident
from mailbot.store.schema import outbox as outbox_table
from tests.flows.office import NOON, Letter, Office, mail, open_office
from tests.store import rows

ASKER, SATO = "ann@acme.example", "sato@desk.example"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path / "office") as office:
        office.asker(office.contract("C-001", language="en"), "Ann Archer", ASKER)
        office.asker(office.contract("C-002", menu="business", language="en"), "Bob Bell", "bob@acme.example")
        office.staff("Sato", SATO)
        office.relay = _down
        yield office


def _down(letter: Claimed) -> str | RelayError:
    """A relay that takes nothing but alarms, as if these left by another."""
    return "250 ok" if letter.kind == "alarm" else RelayError("421 4.3.2 closing down")


def _asks(office: Office, who: str = ASKER, text: str = "How?", number: int = 0) -> None:
    office.take_in(mail(who, f"Question {number}", text, message_id=f"<q{number}@acme.example>"), sender=who)
    office.work()


def _alarms(office: Office) -> list[Letter]:
    return [letter for letter in office.sent if letter.kind == "alarm"]


def _every(office: Office, step: timedelta, until: datetime) -> list[tuple[datetime, str]]:
    """Let the time pass; when alarms went out, and how each begins."""
    found = []
    while office.now < until:
        office.passes(step)
        found += [(each.at, each.subject) for each in office.work() if each.kind == "alarm"]
    return found


def _paged(office: Office) -> list[tuple[int, datetime | None]]:
    with office.context.store.read() as connection:
        return [tuple(row) for row in connection.execute(select(incident.c.paged, incident.c.page_at))]


def test_premium_is_told_after_15_24_and_30_minutes(office: Office) -> None:
    _asks(office)
    told = _every(office, timedelta(seconds=5), NOON + timedelta(hours=2))
    assert [at - NOON for at, _ in told] == [15 * MINUTE, 24 * MINUTE, 30 * MINUTE]
    assert [subject.partition(":")[0] for _, subject in told] == ["URGENT", "URGENT", "BREACH"]
    half, most, breach = _alarms(office)
    for letter, percent in ((half, 50), (most, 80), (breach, 100)):
        assert f"{percent} % of the time is over" in letter.text
        assert "421 4.3.2 closing down" in letter.text
        assert ASKER in letter.text
        assert "INC-2026-000001" in letter.text
    assert _paged(office) == [(100, None)]
    with office.context.store.read() as connection:
        assert [each["what"] for each in journal.about(connection, "incident:1")].count("paged") == 3


def test_covered_minutes_count_over_the_night(office: Office) -> None:
    """Business, ten minutes before the closing: the rest of the hour is the next morning's."""
    office.now = datetime(2026, 4, 1, 8, 50, tzinfo=UTC)  # 17:50 in Tokyo
    _asks(office, "bob@acme.example")
    told = _every(office, 10 * MINUTE, datetime(2026, 4, 2, 0, 0, tzinfo=UTC))
    told += _every(office, MINUTE, datetime(2026, 4, 2, 1, 30, tzinfo=UTC))
    assert [f"{at:%d %H:%M}" for at, _ in told] == ["02 00:20", "02 00:38", "02 00:50"]


def test_a_holiday_and_a_weekend_do_not_count(office: Office) -> None:
    office.now = datetime(2026, 7, 17, 8, 30, tzinfo=UTC)  # Friday 17:30 in Tokyo; Monday is Marine Day
    _asks(office, "bob@acme.example")
    told = _every(office, MINUTE, datetime(2026, 7, 17, 9, 5, tzinfo=UTC))
    told += _every(office, timedelta(hours=1), datetime(2026, 7, 21, 0, 5, tzinfo=UTC))
    told += _every(office, MINUTE, datetime(2026, 7, 21, 1, 0, tzinfo=UTC))
    assert [f"{at:%d %H:%M}" for at, _ in told] == ["17 09:00", "21 00:18", "21 00:30"]


def test_an_urgent_night_of_premium_counts_at_once(office: Office) -> None:
    office.now = datetime(2026, 4, 1, 18, 0, tzinfo=UTC)  # 03:00 in Tokyo
    _asks(office, text="Our production is down: pgpool hangs after every restart, nobody can work. Mission critical!")
    told = _every(office, MINUTE, datetime(2026, 4, 1, 20, 0, tzinfo=UTC))
    assert [f"{at:%H:%M}" for at, _ in told] == ["18:15", "18:24", "18:30"]
    assert "URGENT  50 %" in _alarms(office)[0].text


def test_nothing_is_told_of_what_left(office: Office) -> None:
    office.relay = lambda letter: "250 ok"
    _asks(office)
    assert _every(office, MINUTE, NOON + timedelta(hours=1)) == []


def test_what_leaves_at_last_is_told_no_more_and_written_down_as_late(office: Office) -> None:
    _asks(office)
    told = _every(office, MINUTE, NOON + 31 * MINUTE)
    assert len(told) == 3
    office.relay = lambda letter: "250 ok"
    office.passes(office.context.policy.max_backoff)
    office.work()
    (row,) = office.incidents()
    assert row["acknowledged_at"] == office.now > row["due_at"]
    with office.context.store.read() as connection:
        (entry,) = [each for each in journal.about(connection, "incident:1") if each["what"] == "acknowledged-late"]
    assert entry["why"] == f"due {row['due_at']}"
    assert _every(office, 5 * MINUTE, office.now + timedelta(hours=2)) == []


def test_what_leaves_in_time_is_not_written_down_as_late(office: Office) -> None:
    _asks(office)
    office.passes(20 * MINUTE)
    office.relay = lambda letter: "250 ok"
    office.work()
    with office.context.store.read() as connection:
        assert "acknowledged-late" not in [each["what"] for each in journal.about(connection, "incident:1")]


def test_after_hours_without_the_daemon_one_alarm_tells_the_worst(office: Office) -> None:
    _asks(office)
    office.passes(timedelta(hours=5))
    (letter,) = (each for each in office.work() if each.kind == "alarm")
    assert letter.subject == "BREACH: acknowledgements that have not left: 1"
    assert "100 % of the time is over" in letter.text
    assert _every(office, 5 * MINUTE, office.now + timedelta(hours=1)) == []


def test_a_restart_tells_nothing_twice_and_leaves_nothing_out(office: Office, tmp_path: Path) -> None:
    _asks(office)
    _every(office, MINUTE, NOON + 16 * MINUTE)
    with open_office(tmp_path / "again", url=f"sqlite:///{tmp_path / 'office' / 'mailbot.db'}") as again:
        again.relay, again.now = _down, office.now
        told = _every(again, MINUTE, NOON + timedelta(hours=1))
    assert [at - NOON for at, _ in told] == [24 * MINUTE, 30 * MINUTE]


def test_a_clock_that_is_put_back_tells_nothing_twice(office: Office) -> None:
    _asks(office)
    _every(office, MINUTE, NOON + 25 * MINUTE)
    office.passes(-timedelta(hours=2))
    assert _every(office, MINUTE, NOON + 29 * MINUTE) == []
    assert len(_every(office, MINUTE, NOON + 40 * MINUTE)) == 1  # its end


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("failed", "FAILED for good"),
        ("in_doubt", "IN DOUBT"),
        ("held", "held back"),
        ("dropped", "dropped by staff"),
    ],
)
def test_whatever_became_of_the_letter_it_is_late(office: Office, state: str, words: str) -> None:
    _asks(office)
    with office.context.store.begin() as connection:
        mine = outbox_table.c.kind == "acknowledgement"
        far = office.now + timedelta(days=1)
        connection.execute(update(outbox_table).where(mine).values(state=state, next_attempt_at=far))
    told = _every(office, MINUTE, NOON + 31 * MINUTE)
    assert len(told) == 3
    assert words in _alarms(office)[0].text


def test_without_its_letter_it_is_late_too(office: Office) -> None:
    _asks(office)
    with office.context.store.begin() as connection:
        connection.execute(outbox_table.delete().where(outbox_table.c.kind == "acknowledgement"))
    _every(office, MINUTE, NOON + 16 * MINUTE)
    (letter,) = _alarms(office)
    assert "THERE IS NONE" in letter.text


def test_a_relay_that_refuses_for_good_is_told_of_with_its_word(office: Office) -> None:
    office.relay = lambda letter: RelayError("550 5.1.1 no such user", permanent=letter.kind == "acknowledgement")
    _asks(office)
    office.relay = _down
    _every(office, MINUTE, NOON + 16 * MINUTE)
    assert "FAILED for good: it is not tried again (outbox 1, tries: 1)" in _alarms(office)[0].text
    assert "550 5.1.1 no such user" in _alarms(office)[0].text


def test_closed_by_a_person_it_is_no_alarm(office: Office) -> None:
    _asks(office)
    office.close_incident("INC-2026-000001")
    assert _every(office, MINUTE, NOON + timedelta(hours=1)) == []


def test_with_nobody_to_tell_it_waits_for_somebody(office: Office) -> None:
    with office.context.store.begin() as connection:
        contracts.remove_staff(connection, SATO, office.now)
    _asks(office)
    assert _every(office, MINUTE, NOON + 20 * MINUTE) == []
    office.staff("Sato", SATO)
    office.passes(MINUTE)
    assert [letter.kind for letter in office.work()] == ["alarm"]


def test_each_of_staff_is_told_in_their_language(office: Office) -> None:
    office.staff("鈴木", "suzuki@desk.example", language="ja")
    _asks(office)
    _every(office, MINUTE, NOON + 15 * MINUTE)
    subjects = {letter.recipient: letter.subject for letter in _alarms(office)}
    assert subjects[SATO].startswith("URGENT: acknowledgements")
    assert subjects["suzuki@desk.example"].startswith("【至急】受付のお知らせ")
    assert {letter.message["Reply-To"].addresses[0].username.split("+")[0] for letter in _alarms(office)} == {"staff"}


def test_an_alarm_says_nothing_of_the_question(office: Office) -> None:
    _asks(office, text="The password is xyzzy-plugh.")
    _every(office, MINUTE, NOON + timedelta(hours=1))
    assert len(_alarms(office)) == 3
    assert not any("xyzzy" in letter.text or "Question 0" in letter.text for letter in _alarms(office))


def test_those_that_come_one_after_another_are_told_together(office: Office) -> None:
    """One question a minute for an hour: halves are told every five minutes, a breach within a minute of its time."""
    dues = []
    for number in range(60):
        _asks(office, number=number, text=f"What of node {number}?")
        dues.append(NOON + number * MINUTE + 30 * MINUTE)
        office.passes(MINUTE)
    _every(office, timedelta(seconds=15), NOON + timedelta(minutes=95))
    times = sorted({letter.at for letter in _alarms(office)})
    assert all(later - former >= timedelta(seconds=45) for former, later in pairwise(times))
    assert times[0] == NOON + 15 * MINUTE
    # Until the first reaches 80 per cent there are only halves, five minutes apart.
    assert [at - NOON for at in times if at < NOON + 24 * MINUTE] == [15 * MINUTE, 20 * MINUTE]
    for number, due in enumerate(dues, 1):
        breaches = [
            letter.at for letter in _alarms(office) if f"INC-2026-{number:06d}" in letter.text and letter.at >= due
        ]
        with office.context.store.read() as connection:
            paged = [each["at"] for each in journal.about(connection, f"incident:{number}") if "100 %" in each["why"]]
        assert len(paged) == 1
        assert due <= paged[0] <= due + MINUTE
        assert breaches


MANY = 5_000


def test_thousands_are_one_alarm(office: Office) -> None:
    """A relay is down for a morning: five thousand are late, and people get one letter that can be read."""
    _asks(office)
    _many(office, MANY - 1)
    office.passes(timedelta(hours=3))
    began = monotonic()
    watch.tick(office.context, office.now)
    took = monotonic() - began
    alarms = _letters(office)
    assert len(alarms) == 1
    assert alarms[0]["subject"] == f"BREACH: acknowledgements that have not left: {MANY}"
    with office.context.store.read() as connection:
        text = (outbox.raw(connection, alarms[0]["id"]) or b"").decode()
    assert text.count("INC-2026-") == 20
    assert f"And {MANY - 20} more." in text
    assert {percent for percent, _ in _paged(office)} == {100}
    assert took < 10, f"{took:.1f} s"  # 0.6 s where nothing else runs
    assert late.alarm(office.context, office.now + timedelta(hours=1)) == 0


def _letters(office: Office) -> list[dict[str, Any]]:
    return [row for row in office.outbox() if row["kind"] == "alarm"]


def _many(office: Office, count: int) -> None:
    """So many more questions like the first, as rows."""
    with office.context.store.begin() as connection:
        mails = dict(connection.execute(select(inbound)).mappings().one())
        question = dict(connection.execute(select(incident)).mappings().one())
        letter = replace(rows.letter("ack:1"), kind="acknowledgement")
        for number in range(2, count + 2):
            connection.execute(insert(inbound), [mails | {"id": number, "fingerprint": f"f{number}"}])
            new = {"id": number, "number": f"INC-2026-{number:06d}", "inbound_id": number}
            connection.execute(insert(incident), [question | new])
            own = {"key": f"ack:{number}", "message_id": f"{number}@x", "incident_id": number, "contract_id": 1}
            outbox.put(connection, [replace(letter, **own)], NOON)
