"""Are people called until somebody answers, once for each call, and does a person's word change what follows?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from mailbot.desk.contract import Role
from mailbot.desk.oncall import OnCallRules, Rota, Rung
from mailbot.errors import InputError, NotFoundError, RefusedError, RelayError
from mailbot.flows import callletters, escalation, life, urgency
from mailbot.flows.paging import Alarm
from mailbot.store import contracts, escalations, events, incidents, journal
from mailbot.store.outbox import Claimed
from mailbot.store.schema import asker as asker_table
from mailbot.store.schema import incident as incident_table
from tests.flows.office import Letter, Office, mail, open_office

ANN, SATO, SUZUKI, NIGHT = "ann@acme.example", "sato@desk.example", "suzuki@desk.example", "night@partner.example"
DAY = datetime(2026, 4, 1, 1, 0, tzinfo=UTC)  # a Wednesday, 10:00 in Tokyo
AT_NIGHT = datetime(2026, 4, 3, 18, 0, tzinfo=UTC)  # Saturday 03:00
URGENT = (
    "Our production system is down, pgpool-II 4.5 crashes again after every restart.\n"
    "We cannot work at all, and it is mission critical."
)
DOUBTFUL = "[URGENT] health check"
QUARTER = timedelta(minutes=15)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path / "office") as office:
        office.now = AT_NIGHT
        office.asker(office.contract("C-001", language="en", customer="Acme Ltd"), "Ann Archer", ANN)
        yield office


def staffed(office: Office, *, partner: bool = True) -> None:
    office.staff("Sato", SATO)
    office.staff("Suzuki", SUZUKI)
    if partner:
        office.staff("Night", NIGHT, role=Role.PARTNER)


def ask(office: Office, text: str = URGENT, subject: str = "Production is down") -> str:
    raw = mail(f"Ann <{ANN}>", f"{subject} {len(office.inbound())}", text)
    assert office.take_in(raw, sender=ANN) is not None
    office.work()
    return str(office.incidents()[0]["number"])


def calls(letters: list[Letter]) -> list[str]:
    return [each.recipient for each in letters if each.kind == "call"]


def later(office: Office, time: timedelta) -> list[Letter]:
    office.passes(time)
    return office.work()


def answer(office: Office, by: str, text: str, *fields: str, answers: Letter | None = None) -> list[Letter]:
    """Answer the newest call to this person, or another letter."""
    letter = answers or next(each for each in reversed(office.sent) if each.kind == "call" and each.recipient == by)
    to = letter.message["Reply-To"].addresses[0].addr_spec
    ids = fields or (f"In-Reply-To: {letter.message_id}",)
    before = len(office.sent)
    office.take_in(mail(by, f"Re: {len(office.inbound())}", text, *ids, to=to), sender=by, recipients=[to])
    office.work()
    return office.sent[before:]


def row(office: Office, number: str) -> Any:
    with office.context.store.read() as connection:
        found = incidents.by_number(connection, number)
        assert found is not None
        return incidents.whole(connection, found.id)


def running(office: Office, number: str) -> Any:
    with office.context.store.read() as connection:
        return escalations.of(connection, row(office, number)["id"])


def with_rules(office: Office, change: Any) -> None:
    rules: OnCallRules = change(office.context.rules.oncall)
    office.context = replace(office.context, rules=replace(office.context.rules, oncall=rules))


def rung(address: str) -> Any:
    """The ladder outside the hours begins with this address."""
    return lambda rules: replace(
        rules, outside=replace(rules.outside, rungs=(Rung(address, timedelta(0)), Rung("all", QUARTER)))
    )


def test_a_normal_question_calls_nobody(office: Office) -> None:
    staffed(office)
    number = ask(office, "How do I set health_check_timeout?", "Question")
    assert (calls(office.sent), running(office, number)) == ([], None)


def test_each_call_is_made_once_however_often_one_looks(office: Office) -> None:
    staffed(office)
    ask(office)
    assert calls(office.sent) == [NIGHT]
    for _ in range(3):
        office.work()
    assert calls(office.sent) == [NIGHT]
    assert calls(later(office, QUARTER)) == [SATO, SUZUKI]
    assert calls(later(office, QUARTER - timedelta(seconds=1))) == []
    assert calls(later(office, timedelta(seconds=1))) == [SATO, SUZUKI]


def test_after_a_long_sleep_the_next_call_is_made_and_not_all_that_were_missed(office: Office) -> None:
    staffed(office)
    ask(office)
    assert calls(later(office, timedelta(hours=5))) == [SATO, SUZUKI]
    assert calls(office.work()) == []


def test_when_nobody_answers_all_staff_are_told_and_that_is_the_end(office: Office) -> None:
    staffed(office)
    number = ask(office)
    seen = [each for _ in range(40) for each in later(office, QUARTER)]
    assert len(calls(seen)) == 2 * 17  # the second rung, and sixteen times more
    told = [each for each in seen if each.kind == "alarm"]
    assert [each.recipient for each in told] == [SATO, SUZUKI]
    assert f"take {number}" in told[0].text
    assert running(office, number).next_at is None
    # It can be taken still.
    answer(office, SATO, "mine")
    assert row(office, number)["assignee_id"] == 1


def test_whoever_is_registered_first_is_called_when_there_was_nobody(office: Office) -> None:
    ask(office)
    assert calls(later(office, timedelta(hours=1))) == []
    office.staff("Sato", SATO)
    assert calls(office.work()) == [SATO]


def test_an_address_that_is_nobodys_is_passed_over_and_told(office: Office) -> None:
    staffed(office)
    with_rules(office, rung("gone@desk.example"))
    number = ask(office)
    assert calls(office.sent) == [SATO, SUZUKI]
    told = [each for each in office.sent if each.kind == "alarm"]
    assert [each.recipient for each in told] == [SATO, SUZUKI]
    assert "gone@desk.example" in told[0].text
    with office.context.store.read() as connection:
        written = journal.about(connection, f"incident:{row(office, number)['id']}")
    assert [each["why"] for each in written if each["what"] == "nobody there"] == ["gone@desk.example"]


def test_a_rota_is_asked_at_every_call(office: Office) -> None:
    staffed(office)
    zone = office.context.desk.zone
    rota = Rota("r", zone, date(2026, 3, 23), 5, 190, (SATO, SUZUKI))  # Saturdays at 03:10
    with_rules(office, rung("rota:r"))
    with_rules(
        office,
        lambda rules: replace(rules, rotas={"r": rota}, outside=replace(rules.outside, rungs=rules.outside.rungs[:1])),
    )
    ask(office)
    assert calls(office.sent) == [SATO]
    assert "Suzuki will be called at" in office.sent[-1].text
    assert calls(later(office, QUARTER)) == [SUZUKI]


def test_a_closed_incident_calls_nobody(office: Office) -> None:
    staffed(office)
    number = ask(office)
    office.close_incident(number)
    assert calls(later(office, QUARTER)) == []
    assert running(office, number).next_at is None


def test_machines_are_told_when_mail_may_not_be_enough(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Alarm] = []
    monkeypatch.setattr(
        escalation, "raise_alarm", lambda _context, _connection, alarm, _now: seen.append(alarm) or True
    )
    staffed(office)
    ask(office)
    assert [(each.kind, each.to, each.facts["called"]) for each in seen] == [("call", (), "partner")]
    later(office, QUARTER)
    assert [each.facts["called"] for each in seen] == ["partner", "all"]
    answer(office, SATO, "mine")
    seen.clear()
    office.now = DAY + timedelta(days=7)
    ask(office)
    assert seen == [], "in the hours the first call is a mail alone"
    later(office, QUARTER)
    assert [each.facts["called"] for each in seen] == ["all"]
    assert len({each.key for each in seen}) == len(seen)
    letter = office.context.templates.render("en", seen[0].say("en").template, seen[0].say("en").variables)
    assert "URGENT AGAIN" in letter.subject


def test_a_bug_in_a_call_keeps_back_neither_the_acknowledgement_nor_another_call(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    staffed(office)
    good = callletters.calls

    def breaks(context: Any, connection: Any, about: Any, *rest: Any, **more: Any) -> Any:
        if about.row["subject"].startswith("Bad"):
            raise ValueError("a template that breaks")
        return good(context, connection, about, *rest, **more)

    monkeypatch.setattr(callletters, "calls", breaks)
    bad, fine = ask(office, subject="Bad"), ask(office)
    assert [each.kind for each in office.sent].count("acknowledgement") == 2
    assert calls(office.sent) == [NIGHT]
    assert running(office, bad).rung == -1
    assert [each["error"] for each in office.log if each["event"] == "a bug"] == ["ValueError: a template that breaks"]
    office.work()
    assert len([each for each in office.log if each["event"] == "a bug"]) == 1, "not at every tick"
    monkeypatch.undo()
    assert calls(later(office, timedelta(minutes=1))) == [NIGHT]
    assert running(office, bad).rung == running(office, fine).rung == 0


# who answers has it


def test_any_answer_to_a_call_takes_it(office: Office) -> None:
    staffed(office)
    number = ask(office)
    later(office, QUARTER)
    told = answer(office, SUZUKI, "ok")
    assert {(each.kind, each.recipient) for each in told} == {
        ("transcript", SUZUKI),
        ("claimed", SATO),
        ("claimed", NIGHT),
    }
    assert row(office, number)["assignee_id"] == 2
    assert row(office, number)["taken_at"] == office.now
    found = running(office, number)
    assert (found.claimed_by, found.claimed_at, found.next_at) == (2, office.now, None)
    with office.context.store.read() as connection:
        taken = [each for each in events.of(connection, row(office, number)["id"]) if each.what == "taken"]
    assert [(each.by, each.at) for each in taken] == [(SUZUKI, office.now)]
    assert calls(later(office, timedelta(hours=2))) == []


def test_an_answer_whose_program_does_not_say_what_it_answers_takes_it_too(office: Office) -> None:
    staffed(office, partner=False)
    number = ask(office)
    answer(office, SATO, "ok", "X-Mailer: odd")
    assert row(office, number)["assignee_id"] == 1


def test_an_answer_to_the_question_is_none_to_the_call(office: Office) -> None:
    staffed(office, partner=False)
    number = ask(office, "How?", DOUBTFUL)
    asked = next(each for each in office.sent if each.kind == "question" and each.recipient == SATO)
    answer(office, SATO, "Who is this?", answers=asked)
    assert row(office, number)["assignee_id"] is None
    answer(office, SATO, "take", answers=asked)
    assert row(office, number)["assignee_id"] == 1


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("I am away until Monday.", "Auto-Submitted: auto-replied"),
        ("This is an automatic reply: I am out of the office.", "X-Mailer: odd"),
    ],
)
def test_an_answering_machine_takes_nothing(office: Office, text: str, field: str) -> None:
    staffed(office)
    number = ask(office)
    for by in (NIGHT, SATO):
        letter = next((each for each in office.sent if each.kind == "call" and each.recipient == by), None)
        if letter is None:
            later(office, QUARTER)
        letter = next(each for each in office.sent if each.kind == "call" and each.recipient == by)
        answer(office, by, text, field, f"In-Reply-To: {letter.message_id}")
        assert row(office, number)["assignee_id"] is None
    assert running(office, number).next_at is not None


def test_what_is_written_besides_is_kept_and_goes_to_no_customer(office: Office) -> None:
    staffed(office)
    number = ask(office)
    before = [each.message_id for each in office.sent if each.recipient == ANN]
    answer(office, NIGHT, "take\n\nzq-secret: their disk is full.")
    with office.context.store.read() as connection:
        said = incidents.conversation(connection, row(office, number)["id"])
    assert [(each["direction"], each["author_address"]) for each in said] == [("in", ANN), ("note", NIGHT)]
    assert "zq-secret" in said[1]["text"]
    assert [each.message_id for each in office.sent if each.recipient == ANN] == before
    told = [each for each in office.sent if "zq-secret" in each.text]
    assert {each.recipient for each in told} == {SATO, SUZUKI}


def test_an_order_alone_leaves_no_note(office: Office) -> None:
    staffed(office, partner=False)
    number = ask(office)
    answer(office, SATO, "take it.")
    with office.context.store.read() as connection:
        assert len(incidents.conversation(connection, row(office, number)["id"])) == 1


def test_the_second_hears_who_was_first(office: Office) -> None:
    staffed(office, partner=False)
    number = ask(office)
    answer(office, SATO, "mine")
    (told,) = answer(office, SUZUKI, "mine")
    assert f"{number}, Sato <{SATO}>" in told.text
    assert row(office, number)["assignee_id"] == 1
    # Once more by the first changes nothing, and nobody hears of it.
    assert [each.kind for each in answer(office, SATO, "take")] == ["transcript"]


def test_taken_by_hand(office: Office) -> None:
    staffed(office)
    number = ask(office)
    said = life.take_by_hand(office.context, number.lower(), f"{SATO.upper()}", office.now)
    assert said == f"{number} is taken by Sato <{SATO}>"
    assert [(each.kind, each.recipient) for each in office.work()] == [("claimed", NIGHT)]
    assert calls(later(office, QUARTER)) == []
    assert life.take_by_hand(office.context, number, SATO, office.now) == said
    with pytest.raises(RefusedError, match=f"{number} is taken already, by Sato <{SATO}>"):
        life.take_by_hand(office.context, number, SUZUKI, office.now)
    with pytest.raises(NotFoundError, match="there is no incident"):
        life.take_by_hand(office.context, "INC-2026-000009", SATO, office.now)
    with pytest.raises(NotFoundError, match="nobody is registered so"):
        life.take_by_hand(office.context, number, ANN, office.now)
    with pytest.raises(InputError, match="--by"):
        life.take_by_hand(office.context, number, "Sato", office.now)
    office.close_incident(number)
    with pytest.raises(RefusedError, match="is closed"):
        life.take_by_hand(office.context, number, SUZUKI, office.now)


def test_a_call_to_the_partner_that_comes_back_is_told(office: Office) -> None:
    """Staff hear that it did not arrive, and the ladder goes on."""
    staffed(office)

    def refuses(letter: Claimed) -> str | RelayError:
        return RelayError("550 5.1.1 no such user", permanent=True) if letter.recipient == NIGHT else "250 ok"

    office.relay = refuses
    ask(office)
    lost = [each for each in office.sent if each.kind == "undelivered"]
    assert {each.recipient for each in lost} == {SATO, SUZUKI}
    assert calls(later(office, QUARTER)) == [SATO, SUZUKI]


# how urgent it is, a person says


def decide(office: Office, number: str, by: str, *, urgent: bool) -> list[Letter]:
    before = len(office.sent)
    urgency.decide_by_hand(office.context, number, by, urgent=urgent, now=office.now)
    office.work()
    return office.sent[before:]


def defers(letter: Claimed) -> RelayError:
    return RelayError("450 4.2.0 try again later")


def test_the_clock_counts_anew_where_nothing_was_acknowledged(office: Office) -> None:
    staffed(office)
    office.relay = defers
    number = ask(office, "How?", DOUBTFUL)
    with office.context.store.begin() as connection:
        connection.execute(update(incident_table).values(paged=50))
    assert row(office, number)["due_at"] == AT_NIGHT + 2 * QUARTER
    office.passes(timedelta(minutes=5))
    decide(office, number, SATO, urgent=False)
    monday = datetime(2026, 4, 6, 0, 0, tzinfo=UTC)  # 09:00 in Tokyo
    found = row(office, number)
    assert (found["starts_at"], found["due_at"], found["page_at"]) == (monday, monday + 2 * QUARTER, monday + QUARTER)
    assert (found["urgency"], found["urgency_by"], found["paged"]) == ("normal", SATO, 0)
    decide(office, number, SUZUKI, urgent=True)
    found = row(office, number)
    assert (found["starts_at"], found["due_at"], found["page_at"]) == (
        AT_NIGHT,
        AT_NIGHT + 2 * QUARTER,
        AT_NIGHT + QUARTER,
    )


def test_what_was_acknowledged_keeps_its_clock(office: Office) -> None:
    staffed(office)
    number = ask(office, "How?", DOUBTFUL)
    before = row(office, number)
    told = decide(office, number, SATO, urgent=False)
    after = row(office, number)
    assert [before[key] for key in ("due_at", "starts_at")] == [after[key] for key in ("due_at", "starts_at")]
    (letter,) = [each for each in told if each.recipient == ANN]
    assert "We start at Mon 6 Apr 2026 09:00 JST" in letter.text
    assert letter.message["Reply-To"].addresses[0].addr_spec.startswith("support+")
    with office.context.store.read() as connection:
        written = [each for each in events.of(connection, after["id"]) if each.what == "urgency"]
    assert [(each.by, each.detail.split("\n")[0]) for each in written] == [("rules", "doubtful"), (SATO, "normal")]


def test_a_normal_question_becomes_urgent(office: Office) -> None:
    staffed(office)
    number = ask(office, "How do I set health_check_timeout?", "Question")
    told = decide(office, number, SATO, urgent=True)
    assert {(each.kind, each.recipient) for each in told} == {("urgency", ANN), ("call", NIGHT)}
    (letter,) = [each for each in told if each.recipient == ANN]
    assert letter.text.startswith("IMPORTANT: please also phone us")
    assert "work on it at once" in letter.text
    assert "staff have said so" in next(each.text for each in told if each.kind == "call")
    assert decide(office, number, SUZUKI, urgent=True) == []
    assert row(office, number)["urgency_by"] == SATO


def test_who_confirms_a_doubt_changes_nothing_for_the_asker(office: Office) -> None:
    staffed(office)
    number = ask(office, "How?", DOUBTFUL)
    assert decide(office, number, SATO, urgent=True) == []
    assert row(office, number)["urgency"] == "urgent"
    assert calls(later(office, QUARTER)) == [SATO, SUZUKI], "the calls go on"


@pytest.mark.parametrize("menu", ["business", "premium"])
def test_in_the_hours_nothing_changes_for_the_asker(office: Office, menu: str) -> None:
    staffed(office)
    office.now = DAY
    office.asker(office.contract("C-002", menu=menu, language="en"), "Bob", "bob@other.example")
    office.take_in(mail("bob@other.example", DOUBTFUL, "How?"), sender="bob@other.example")
    office.work()
    number = str(office.incidents()[0]["number"])
    told = decide(office, number, SATO, urgent=False)
    assert {(each.kind, each.recipient) for each in told} == {("claimed", SUZUKI)}


def test_who_has_it_already_is_not_called(office: Office) -> None:
    staffed(office)
    number = ask(office, "How do I set health_check_timeout?", "Question")
    life.take_by_hand(office.context, number, SATO, office.now)
    assert calls(decide(office, number, SATO, urgent=True)) == []
    assert running(office, number) is None


def test_a_closed_incident_stays_as_it_is(office: Office) -> None:
    staffed(office)
    number = ask(office, "How?", DOUBTFUL)
    office.close_incident(number)
    with pytest.raises(RefusedError, match="is closed"):
        urgency.decide_by_hand(office.context, number, SATO, urgent=False, now=office.now)
    assert row(office, number)["urgency"] == "doubtful"


def test_an_asker_who_is_gone_is_not_written_to(office: Office) -> None:
    staffed(office)
    number = ask(office, "How?", DOUBTFUL)
    with office.context.store.begin() as connection:
        connection.execute(update(asker_table).values(removed_at=office.now))
    assert [each.recipient for each in decide(office, number, SATO, urgent=False)] == [NIGHT]


def test_the_orders_of_a_doubtful_question(office: Office) -> None:
    staffed(office)
    number = ask(office, "How?", DOUBTFUL)
    asked = next(each for each in office.sent if each.kind == "question" and each.recipient == SATO)
    (told, *_) = answer(office, SATO, "not urgent INC-2026-000099", answers=asked)
    assert "there is nothing with this number" in told.text
    assert row(office, number)["urgency"] == "doubtful"
    answer(office, SATO, "not urgent", answers=asked)
    assert row(office, number)["urgency"] == "normal"
    told = next(each for each in answer(office, SATO, "not urgent", answers=asked) if each.kind == "transcript")
    assert "it was so already" in told.text


def test_without_an_incident_the_number_is_needed(office: Office) -> None:
    staffed(office)
    number = ask(office, "How?", DOUBTFUL)
    office.take_in(mail("eve@elsewhere.example", "x", "y"), sender="eve@elsewhere.example")
    office.work()
    digest = next(each for each in office.sent if each.kind == "digest" and each.recipient == SATO)
    (told,) = [each for each in answer(office, SATO, "urgent", answers=digest) if each.kind == "transcript"]
    assert "which incident is meant?" in told.text
    answer(office, SATO, f"take {number}", answers=digest)
    assert row(office, number)["assignee_id"] == 1


def test_staff_are_staff_and_the_partner_is_none_of_them(office: Office) -> None:
    staffed(office)
    with office.context.store.read() as connection:
        assert [each.address for each in contracts.all_staff(connection)] == [SATO, SUZUKI]
        assert [each.address for each in contracts.everybody(connection)] == [SATO, SUZUKI, NIGHT]
