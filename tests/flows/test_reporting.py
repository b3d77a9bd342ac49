"""The monthly proof over a real desk: right figures, pages that stand alone, and nothing that is another's."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any, get_args

import pytest
from lxml import etree, html
from sqlalchemy import insert, update

from mailbot.desk.contract import Contract, Language
from mailbot.desk.incident import Happening, Urgency
from mailbot.desk.month import Month
from mailbot.desk.report import Kept, Report
from mailbot.desk.reportpicture import picture
from mailbot.desk.reportwords import told_of
from mailbot.errors import RefusedError
from mailbot.flows import life, reporting, reportletters
from mailbot.flows.registry import existing
from mailbot.flows.reporting import Shown
from mailbot.flows.reportletters import Readers
from mailbot.store import contracts, journal
from mailbot.store.schema import contract, incident, incident_event
from tests.desk.report_values import CONTRACT, asked, reported
from tests.flows.office import Letter, Office, mail, open_office, selling

APRIL = Month(2026, 4)
IN_MAY = datetime(2026, 5, 7, 0, 0, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script>]]> & \" ' <!-- {{ 7 * 7 }} \ufffe\uffff\x08 \U0001f980"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Two contracts with a contact each, and one of staff."""
    with open_office(tmp_path) as made:
        for number, customer, language in (("C-1", "株式会社一番", "ja"), ("C-2", "Secondary Ltd", "en")):
            owner = made.contract(number, customer=customer, language=language, cluster=f"cluster of {number}")
            made.asker(owner, f"Asker {number}", f"asker@{number.lower()}.example")
            with made.context.store.begin() as connection:
                contracts.add_contact(
                    connection, owner, name=f"Contact {number}", address=f"boss@{number.lower()}.example"
                )
        made.staff("Suzuki Jiro", "suzuki@desk.example")
        yield made


def ask(office: Office, number: str, subject: str, *, waits: timedelta = timedelta(0)) -> str:
    """A question that the desk finds after so long; gives its number."""
    address = f"asker@{number.lower()}.example"
    known = len(office.incidents())
    raw = mail(
        f"Asker {number} <{address}>", subject, "pgpool-II 4.5", message_id=f"<q{known}@{number.lower()}.example>"
    )
    office.take_in(raw, sender=address)
    office.passes(waits)
    office.work()
    assert len(office.incidents()) == known + 1
    return str(office.incidents()[0]["number"])


def found(office: Office, number: str | None = None, month: Month = APRIL) -> Report:
    with office.context.store.read() as connection:
        wanted = existing(connection, number) if number else None
        return reporting.of_month(office.context, connection, month, wanted, office.now)


def change(office: Office, number: str, **values: Any) -> None:
    with office.context.store.begin() as connection:
        connection.execute(update(incident).where(incident.c.number == number).values(**values))


def happens(office: Office, number: str, what: str, detail: str = "", at: datetime = IN_MAY) -> None:
    with office.context.store.begin() as connection:
        row = connection.execute(incident.select().where(incident.c.number == number)).one()
        ids = {"incident_id": row.id, "contract_id": row.contract_id}
        connection.execute(
            insert(incident_event).values(**ids, at=at, what=what, by="suzuki@desk.example", detail=detail)
        )


# figures


def test_a_month_is_counted_as_it_was(office: Office) -> None:
    quick = ask(office, "C-1", "one")
    office.passes(timedelta(days=1))
    slow = ask(office, "C-1", "two", waits=timedelta(minutes=45))
    ask(office, "C-2", "three")
    office.now = IN_MAY
    report = found(office, "C-1")
    assert [each.number for each in report.asked] == [slow, quick]
    late, early = report.asked
    assert (late.kept(office.now), late.left(office.now)) == (Kept.LATE, timedelta(minutes=-15))
    assert late.window is not None
    assert late.window.used == timedelta(minutes=45)
    assert early.window is not None
    assert early.window.share == 0.0
    assert report.figures.share == 0.5
    assert early.products == ("pgpool-II",)
    assert found(office).figures.questions == 3
    assert [each.number for each in found(office).contracts] == ["C-1", "C-2"]


def test_the_month_is_the_desks_own(office: Office) -> None:
    for at in (datetime(2026, 4, 30, 14, 59, tzinfo=UTC), datetime(2026, 4, 30, 15, 0, tzinfo=UTC)):
        office.now = at
        ask(office, "C-1", f"at {at:%H:%M}")
    office.now = datetime(2026, 6, 1, tzinfo=UTC)
    assert [each.subject for each in found(office).asked] == ["at 14:59"]
    assert [each.subject for each in found(office, month=Month(2026, 5)).asked] == ["at 15:00"]


def test_a_window_over_the_night_counts_covered_time_alone(office: Office) -> None:
    office.now = datetime(2026, 4, 1, 8, 50, tzinfo=UTC)  # 17:50 in Tokyo: ten minutes today, twenty tomorrow
    ask(office, "C-1", "late in the day", waits=timedelta(hours=15, minutes=25))
    office.now = IN_MAY
    (each,) = found(office).asked
    assert each.window is not None
    assert (each.window.used, each.took) == (timedelta(minutes=25), timedelta(hours=15, minutes=25))
    assert each.kept(IN_MAY) is Kept.IN_TIME


def test_a_window_is_measured_by_the_calendar_as_it_was_then(office: Office) -> None:
    office.now = datetime(2026, 4, 1, 8, 50, tzinfo=UTC)
    ask(office, "C-1", "late in the day", waits=timedelta(hours=15, minutes=25))
    always = office.context.rules.calendars["always"]
    rules = replace(office.context.rules, calendars={"business": always, "always": always})
    office.context = replace(office.context, rules=rules)  # what is open now is another time
    office.now = IN_MAY
    (each,) = found(office).asked
    assert each.window is not None
    assert each.window.used == timedelta(minutes=25)


def test_questions_without_notes_of_their_clock_are_told_as_the_menu_sets_it(office: Office) -> None:
    number = ask(office, "C-1", "old", waits=timedelta(minutes=6))
    change(office, number, menu=None, edition=None, response_minutes=None, starts_at=None)
    office.now = IN_MAY
    (each,) = found(office).asked
    assert (each.menu, each.window and each.window.share) == ("premium", pytest.approx(0.2))
    change(office, number, due_at=each.due_at + timedelta(minutes=1))  # another menu set it
    (each,) = found(office).asked
    assert each.window is None
    assert found(office).covered is None


def test_a_menu_that_is_sold_no_more_leaves_its_name(office: Office) -> None:
    number = ask(office, "C-1", "old")
    change(office, number, menu="gold")
    office.now = IN_MAY
    (each,) = found(office).asked
    assert (each.menu, each.window and each.window.used) == ("gold", timedelta(0))
    with office.context.store.begin() as connection:
        connection.execute(update(contract).values(menu="gold"))
    assert Shown(office.context, found(office, "C-1"), "ja").menu == "gold"


def test_what_is_closed_later_is_open_at_the_months_end(office: Office) -> None:
    numbers = [ask(office, "C-1", f"{n}") for n in range(3)]
    happens(office, numbers[0], "closed", at=APRIL.ends(office.context.desk.zone) - timedelta(seconds=1))
    happens(office, numbers[1], "closed", at=APRIL.ends(office.context.desk.zone))
    for number in numbers[:2]:
        change(office, number, status="closed")
    office.now = IN_MAY
    assert {each.number: each.closed for each in found(office).asked} == dict(
        zip(numbers, (True, False, False), strict=True)
    )
    change(office, numbers[2], status="closed")  # before there were such events
    assert sum(each.closed for each in found(office).asked) == 2


@pytest.mark.parametrize(
    ("events", "columns", "kept"),
    [
        ([], {}, None),
        (
            [("answered", "due 2026-04-01T05:00:00Z, in time"), ("answered", "due 2026-04-02T05:00:00Z, late")],
            {},
            Kept.IN_TIME,
        ),
        ([("answered", "due 2026-04-01T05:00:00Z, late")], {}, Kept.LATE),
        ([("closed", "due 2026-04-01T05:00:00Z, in time")], {}, Kept.IN_TIME),
        ([("answered", ""), ("closed", "due 2026-04-01T05:00:00Z, late")], {}, None),
        ([("closed", "")], {"status": "closed"}, None),
        ([], {"answer_due_at": datetime(2026, 4, 30, tzinfo=UTC)}, Kept.LATE),
        ([], {"answer_due_at": IN_MAY}, Kept.PENDING),
        (
            [],
            {"answer_due_at": datetime(2026, 4, 2, tzinfo=UTC), "answered_at": datetime(2026, 4, 1, tzinfo=UTC)},
            None,
        ),
    ],
)
def test_first_answers_where_they_are_sold(
    office: Office, events: list[tuple[str, str]], columns: dict[str, Any], kept: Kept | None
) -> None:
    number = ask(office, "C-1", "one")
    for what, detail in events:
        happens(office, number, what, detail)
    if columns:
        change(office, number, **columns)
    office.now = IN_MAY
    assert [each.answer for each in found(office).asked] == [kept]


def test_first_answers_are_told_as_the_answer_clock_keeps_them(office: Office) -> None:
    """Two covered hours were sold: the verdict is the one that was written down when somebody answered."""
    office.context = replace(office.context, rules=selling("premium", "answer_minutes = 120"))
    numbers = [ask(office, "C-1", f"{n}") for n in range(4)]
    for number, minutes in zip(numbers, (60, 180), strict=False):
        at = office.now + timedelta(minutes=minutes)
        life.by_hand(office.context, number, Happening.ANSWERED, "suzuki@desk.example", at)
    life.by_hand(office.context, numbers[2], Happening.WAITS, "suzuki@desk.example", office.now)
    office.now += timedelta(hours=4)
    kept = {each.number: each.answer for each in found(office).asked}
    assert kept == dict(zip(numbers, (Kept.IN_TIME, Kept.LATE, None, Kept.LATE), strict=True))


def test_a_month_that_has_not_begun_has_no_report(office: Office) -> None:
    with pytest.raises(RefusedError, match="2026-05 has not begun"):
        found(office, month=Month(2026, 5))
    assert not found(office).finished
    office.now = APRIL.ends(office.context.desk.zone)
    assert found(office).finished


# pages


def page(office: Office, report: Report, language: Language) -> etree._Element:
    """The page as XML, which it must be, and nothing in it that runs or is fetched."""
    text = Shown(office.context, report, language).page()
    tree = etree.fromstring(text.encode().replace(b"<!DOCTYPE html>", b""), etree.XMLParser(resolve_entities=False))
    names = {etree.QName(each).localname for each in tree.iter(etree.Element)}
    assert not names & {"script", "img", "iframe", "object", "link", "form", "a", "image", "use", "foreignObject"}
    for each in tree.iter(etree.Element):
        assert not [name for name in each.attrib if str(name).startswith("on") or "href" in str(name) or name == "src"]
    for style in tree.iter("style", f"{SVG}style"):
        assert "url(" not in (style.text or "").replace("url(#stripes)", "")
        assert "@import" not in (style.text or "")
    return tree


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize("many", [0, 1, 40, 400])
def test_pages_stand_alone_and_are_well_formed(office: Office, language: Language, many: int) -> None:
    times = [1, 45, None, 20]
    report = reported(*(asked(times[n % 4], urgency=list(Urgency)[n % 3]) for n in range(many)))
    tree = page(office, report, language)
    assert tree.get("lang") == language
    assert len(tree.findall(".//table[@class='asked']/tbody/tr")) == many
    drawn = tree.find(f".//{SVG}svg")
    assert drawn is not None
    assert drawn.get("role") == "img"
    bars = sum(int(each.split(": ")[1].split()[0]) for each in drawn.xpath(".//*[local-name()='rect']/*/text()"))
    assert bars == many
    alone = etree.fromstring(Shown(office.context, report, language).picture().encode())
    assert alone.tag == f"{SVG}svg"
    ids = alone.get("aria-labelledby", "").split()
    assert [bool((alone.find(f".//*[@id='{each}']").text or "").strip()) for each in ids] == [True, True]


@pytest.mark.parametrize("language", get_args(Language))
def test_hostile_words_stay_words(office: Office, language: Language) -> None:
    bad = asked(
        45, subject=HOSTILE, number=HOSTILE, products=(HOSTILE,), contract=HOSTILE, customer=HOSTILE, menu=HOSTILE
    )
    tree = page(office, reported(bad, contract=None), language)
    cell = tree.find(".//table[@class='asked']/tbody/tr/td")
    assert cell is not None
    said = "".join(cell.itertext())
    assert "<script>alert(1)</script>]]> & \" '" in said
    assert "{{ 7 * 7 }}" in said
    picture = etree.fromstring(Shown(office.context, reported(bad), language).picture().encode())
    assert any("<script>" in (title.text or "") for title in picture.iter(f"{SVG}title"))


def test_a_page_that_would_be_too_long_says_how_many_more(office: Office) -> None:
    tree = page(office, reported(*[asked()] * 1003), "en")
    assert len(tree.findall(".//table[@class='asked']/tbody/tr")) == 1000
    assert "attached table: 3" in " ".join("".join(tree.itertext()).split())


@pytest.mark.parametrize("contract", [CONTRACT, None], ids=["contract", "desk"])
def test_the_samples_name_what_pages_and_letters_are_given(office: Office, contract: Contract | None) -> None:
    found = reported(asked(45), contract=contract)
    told = told_of(office.context.desk, "ja", found, "", most=9)
    samples = office.context.templates.samples
    for sample in (each for name in ("report.html", "contact-report", "staff-report") for each in samples[name]):
        assert shape(told, sample["report"]) == shape(sample["report"], told)
    drawn = asdict(picture(found, office.context.desk.zone))
    assert shape(drawn, samples["report.html"][0]["picture"]) == shape(samples["report.html"][0]["picture"], drawn)


def shape(value: object, other: object) -> object:
    """The keys of all mappings; lists are told by their first piece, where both have one."""
    if isinstance(value, dict) and isinstance(other, dict):
        return {key: shape(each, other.get(key)) for key, each in value.items()}
    if isinstance(value, list | tuple) and isinstance(other, list | tuple):
        return shape(value[0], other[0]) if value and other else None
    return None


# mails


def send(
    office: Office, number: str | None, *, readers: Readers = "contacts", again: bool = False
) -> reportletters.Outcome:
    report = found(office, number)
    with office.context.store.begin() as connection:
        outcome = reportletters.prepare(office.context, connection, report, readers, again=again, now=office.now)
        reportletters.queue(connection, report, outcome.letters, office.now)
    return outcome


def files(letter: Letter) -> dict[str, EmailMessage]:
    return {str(part.get_filename()): part for part in letter.message.iter_attachments()}


def words_of(letter: Letter) -> str:
    """All that can be read in a mail, whatever its parts are."""
    parts = [part for part in letter.message.walk() if not part.is_multipart()]
    texts = [bytes(part.get_payload(decode=True)).decode("utf-8-sig") for part in parts]
    return "\n".join([*map(str, letter.message.values()), *texts])


def test_a_contact_gets_the_report_with_its_page_and_table(office: Office) -> None:
    ask(office, "C-1", "=1+1 止まりました")
    ask(office, "C-1", "遅れました", waits=timedelta(minutes=40))
    office.now = IN_MAY
    send(office, "C-1")
    (letter,) = office.work()
    assert (letter.recipient, letter.kind, letter.audience) == ("boss@c-1.example", "report", "customer")
    assert letter.subject == "サポート月次報告 2026年4月（契約番号 C-1）"
    assert letter.message["Auto-Submitted"] == "auto-generated"
    assert letter.sender == "bounce@desk.example"  # what does not arrive is told to staff
    plain = letter.message.get_body(("plain",))
    assert plain is not None
    assert "Contact C-1 様" in plain.get_content()
    assert list(files(letter)) == ["report-2026-04-C-1.html", "report-2026-04-C-1.csv"]
    page, table = files(letter).values()
    assert "遅れました" in html.fromstring(bytes(page.get_payload(decode=True))).text_content()
    raw = bytes(table.get_payload(decode=True))
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert [row[6] for row in rows] == ["件名", "遅れました", "'=1+1 止まりました"]


def test_it_goes_once_unless_it_is_corrected(office: Office) -> None:
    office.now = IN_MAY
    assert [each.key for each in send(office, "C-2").letters] == ["report:2:2026-04:boss@c-2.example"]
    second = send(office, "C-2")
    assert (second.letters, second.already) == ((), ("boss@c-2.example",))
    assert [each.key for each in send(office, "C-2", again=True).letters] == ["report:2:2026-04:boss@c-2.example:2"]
    assert [each.key for each in send(office, "C-2", again=True).letters] == ["report:2:2026-04:boss@c-2.example:3"]
    first, *corrected = office.work()
    assert "corrected" not in first.subject
    assert all(each.subject.endswith(", corrected") for each in corrected)
    assert len({each.message_id for each in (first, *corrected)}) == 3


def test_the_report_so_far_does_not_keep_the_finished_one_back(office: Office) -> None:
    office.now = datetime(2026, 4, 20, tzinfo=UTC)
    assert [each.key for each in send(office, "C-1").letters] == ["report:1:2026-04:2026-04-20:boss@c-1.example"]
    (letter,) = office.work()
    assert "まだ終わっていません" in words_of(letter)
    office.now = IN_MAY
    assert len(send(office, "C-1").letters) == 1


def test_a_list_that_is_a_contact_is_written_to_as_a_list(office: Office) -> None:
    office.asker(1, "Team", "boss@c-1.example", list_id="team.c-1.example")
    office.now = IN_MAY
    send(office, "C-1")
    (letter,) = office.work()
    assert (letter.audience, letter.message["Precedence"]) == ("list", "list")


def test_staff_get_the_draft_in_the_contracts_language_and_the_desks_report_in_their_own(office: Office) -> None:
    ask(office, "C-1", "one")
    office.now = IN_MAY
    send(office, "C-1", readers="staff")
    send(office, None, readers="staff")
    draft, whole = office.work()
    assert (draft.recipient, draft.audience) == ("suzuki@desk.example", "staff")
    assert "転送してください" in words_of(draft)
    assert whole.subject == "Report of the desk, April 2026"
    assert list(files(whole)) == ["report-2026-04.html", "report-2026-04.csv"]
    assert "株式会社一番" in words_of(whole)


def test_nobody_to_write_to_is_said_with_its_mend(office: Office) -> None:
    office.contract("C-3")
    office.now = IN_MAY
    with pytest.raises(RefusedError, match="C-3 has no contact to send to: mailbot contract edit C-3 --add-contact"):
        send(office, "C-3")
    with office.context.store.begin() as connection:
        contracts.remove_staff(connection, "suzuki@desk.example", office.now)
    with pytest.raises(RefusedError, match="nobody is registered as staff"):
        send(office, None, readers="staff")


def test_a_contracts_report_holds_no_word_of_another_or_of_staff(office: Office) -> None:
    """Also where the customers themselves name one of staff: the mail must leave all the same (attack row 26)."""
    mine = ask(office, "C-1", "ask SUZUKI@desk.example, please")
    theirs = ask(office, "C-2", "a secret question")
    for number in (mine, theirs):
        happens(office, number, "answered", "due 2026-04-01T05:00:00Z, in time")
    office.now = IN_MAY
    send(office, "C-1")
    (letter,) = office.work()
    said = words_of(letter).casefold()
    assert mine.casefold() in said
    assert "ask …, please" in said
    for hidden in (theirs, "secret", "Secondary", r"\bC-2\b", "suzuki", "Jiro", "asker@"):
        assert not re.search(hidden, said, re.IGNORECASE)
    assert {each["state"] for each in office.outbox()} == {"sent"}


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("C-001", "report-2026-10-C-001"),
        ("契約/1", "report-2026-10-1"),
        ("契約", "report-2026-10"),
        ("../..", "report-2026-10"),
        ("N" * 64, f"report-2026-10-{'N' * 60}"),
    ],
)
def test_file_names_are_plain(number: str, name: str) -> None:
    assert reportletters.file_name(reported(contract=replace(CONTRACT, number=number))) == name


def test_that_it_was_sent_is_written_down(office: Office) -> None:
    office.now = IN_MAY
    send(office, "C-1")
    with office.context.store.read() as connection:
        entries = journal.about(connection, "contract:1")
    assert [(entry["what"], entry["why"]) for entry in entries] == [
        ("report", "the report of 2026-04 to boss@c-1.example")
    ]
