"""A mend of the reading mends yesterday's mails: what is shown is renewed, what was decided stays, nothing is sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from mailbot.desk.content import Reading
from mailbot.flows import redecode
from mailbot.flows.context import Reader
from mailbot.flows.redecode import Found
from mailbot.mail.message import Attachment, Message
from mailbot.sandbox import ReadingFailure
from mailbot.store import inbound, incidents, journal
from mailbot.store.schema import inbound as inbound_table
from mailbot.store.schema import incident, message, outbox, reference
from mailbot.store.schema import journal as journal_table
from tests.flows.office import NOON, Office, in_process, mail, open_office
from tests.store.conftest import BOTH

ASKER = "yamada@customer.example"
GOLDEN = sorted((Path(__file__).parents[1] / "mail" / "golden").glob("*.eml"))
LATER = NOON + timedelta(days=30)
REPORT = b"""\
From: =?utf-8?b?5bGx55Sw?= <yamada@customer.example>
To: support@desk.example
Subject: =?utf-8?b?6Zqc5a6z?=
Message-ID: <1@customer.example>
In-Reply-To: <0@customer.example>
Date: Wed, 01 Apr 2026 12:00:00 +0900
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=utf-8

pgpool-II 4.5 \xe3\x81\x8c\xe8\xb5\xb7\xe5\x8b\x95\xe3\x81\x97\xe3\x81\xbe\xe3\x81\x9b\xe3\x82\x93\xe3\x80\x82
--b
Content-Type: text/plain; charset=utf-8
Content-Disposition: attachment; filename="pgpool.log"

FATAL
--b--
"""


def misread(**wrong: Any) -> Reader:
    """A reader with a fault: it takes these fields for something else."""

    def read(raws: Sequence[bytes]) -> list[Reading | ReadingFailure]:
        good = in_process(raws)
        return [replace(each, message=replace(each.message, **wrong)) for each in good]

    return read


GARBLED = misread(
    subject="=?utf-8?b?6Zqc5a6z?=",
    text="pgpool-II 4.5 ã��",
    new_text="pgpool-II 4.5 ã��",
    message_id="wrong@customer.example",
    in_reply_to=(),
    attachments=(Attachment("=?log?=", "text/plain", 6, False, 2),),
)


@pytest.fixture(params=BOTH)
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    url = request.getfixturevalue("postgresql_url") if request.param == "postgresql" else ""
    with open_office(tmp_path / "office", url=url) as office:
        office.asker(office.contract("C-001"), "Yamada", ASKER)
        office.staff("Sato", "sato@desk.example")
        yield office


def read_by(office: Office, reader: Reader, *raws: bytes) -> None:
    """Let these mails come in and be decided about, by this reader."""
    right = office.context
    office.context = replace(right, read=reader)
    for raw in raws:
        office.take_in(raw, sender=ASKER)
    office.work()
    office.context = right


def sizes(office: Office, since: datetime | None = None) -> dict[int, int]:
    with office.context.store.read() as connection:
        return inbound.sizes(connection, since)


def differences(office: Office, reader: Reader = in_process) -> list[Found]:
    found = redecode.differences(office.context.store, reader, sizes(office))
    return [each for each in found if each.changes or each.fault]


def renew(office: Office, reader: Reader = in_process) -> list[Found]:
    found = differences(office, reader)
    for each in found:
        redecode.renew(office.context.store, each, version="9.9", now=LATER)
    return found


def rows(office: Office, table: Any) -> list[dict[str, Any]]:
    with office.context.store.read() as connection:
        return [dict(row) for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()]


def told(found: Found) -> list[str]:
    return [str(each) for each in found.changes]


def test_what_is_shown_of_a_mail_is_renewed(office: Office) -> None:
    read_by(office, GARBLED, REPORT)
    assert [told(each) for each in renew(office)] == [
        [
            'subject: "=?utf-8?b?6Zqc5a6z?=" → "障害"',
            'message id: "wrong@customer.example" → "1@customer.example"',
            "text: 1 line differs",
            "new text: 1 line differs",
            'attachments: "=?log?=" (text/plain, 6 bytes) → "pgpool.log" (text/plain, 5 bytes)',
            'incident subject: "=?utf-8?b?6Zqc5a6z?=" → "障害"',
            "references: 2 more",
        ]
    ]
    (row,) = office.inbound()
    assert (row["subject"], row["message_id"]) == ("障害", "1@customer.example")
    (shown,) = office.incidents()
    assert shown["subject"] == "障害"
    with office.context.store.read() as connection:
        (said,) = incidents.conversation(connection, shown["id"])
        (attached,) = incidents.attachments(connection, shown["id"])
    assert said["new_text"].strip() == "pgpool-II 4.5 が起動しません。"
    assert attached["filename"] == "pgpool.log"


def test_the_second_time_changes_nothing(office: Office) -> None:
    read_by(office, GARBLED, REPORT)
    renew(office)
    tables = (inbound_table, message, incident, reference, journal_table)
    before = [rows(office, table) for table in tables]
    assert renew(office) == []
    assert [rows(office, table) for table in tables] == before


def test_one_that_was_quicker_leaves_nothing_to_do(office: Office) -> None:
    read_by(office, GARBLED, REPORT)
    seen = differences(office)
    for each in (*seen, *seen):
        redecode.renew(office.context.store, each, version="9.9", now=LATER)
    with office.context.store.read() as connection:
        happened = [each["what"] for each in journal.about(connection, "inbound:1")]
    assert happened.count("redecoded") == 1


def test_what_was_decided_stays_and_nothing_is_sent(office: Office) -> None:
    read_by(office, GARBLED, REPORT)
    letters, decided = rows(office, outbox), rows(office, inbound_table)[0]
    (before,) = rows(office, incident)
    renew(office, misread(subject="緊急 障害 本番停止", new_text="URGENT", text="URGENT"))
    assert office.work() == []
    assert rows(office, outbox) == letters
    after = rows(office, inbound_table)[0]
    assert {key for key in after if after[key] != decided[key]} == {"subject", "message_id"}
    (now,) = rows(office, incident)
    assert {key for key in now if now[key] != before[key]} == {"subject", "base_subject"}


def test_the_journal_tells_what_changed_and_by_which_version(office: Office) -> None:
    read_by(office, misread(subject="old"), REPORT)
    renew(office)
    with office.context.store.read() as connection:
        entry = journal.about(connection, "inbound:1")[-1]
    assert (entry["at"], entry["what"]) == (LATER, "redecoded")
    assert entry["why"].startswith('by mailbot 9.9: subject: "old" → "障害"')


def test_nothing_is_written_until_it_is_asked_for(office: Office) -> None:
    read_by(office, GARBLED, REPORT)
    before = rows(office, message)
    assert differences(office)
    assert rows(office, message) == before


def test_a_subject_that_somebody_gave_the_incident_stays(office: Office) -> None:
    read_by(office, GARBLED, REPORT)
    with office.context.store.begin() as connection:
        connection.execute(update(incident).values(subject="given by staff"))
    assert not [each for each in told(renew(office)[0]) if each.startswith("incident")]
    assert office.incidents()[0]["subject"] == "given by staff"


def test_only_the_first_mail_names_the_incident(office: Office) -> None:
    read_by(office, in_process, REPORT)
    answer = mail(
        ASKER, "Re: 障害", "再発しました。", "In-Reply-To: <1@customer.example>", message_id="<2@customer.example>"
    )
    read_by(office, misread(subject="Re: garbled"), answer)
    assert told(renew(office)[0]) == ['subject: "Re: garbled" → "Re: 障害"']
    assert office.incidents()[0]["subject"] == "障害"


def test_a_later_answer_finds_the_incident_by_what_was_mended(office: Office) -> None:
    read_by(office, misread(message_id=None), REPORT)
    renew(office)
    answer = mail(
        ASKER, "something else", "再発。", "References: <1@customer.example>", message_id="<2@customer.example>"
    )
    read_by(office, in_process, answer)
    assert len(office.incidents()) == 1


def test_a_held_mail_is_renewed_and_stays_held(office: Office) -> None:
    stranger = mail("x@stranger.example", "Frage", "Hallo", message_id="<9@stranger.example>")
    read_by(office, misread(subject="=?x?="), stranger)
    (found,) = renew(office)
    assert (told(found), found.state) == (['subject: "=?x?=" → "Frage"'], "held")
    (row,) = office.inbound()
    assert (row["subject"], row["state"]) == ("Frage", "held")


def test_a_mail_that_nobody_decided_about_is_left_to_the_daemon(office: Office) -> None:
    office.take_in(REPORT, sender=ASKER)
    assert sizes(office) == {}
    assert list(redecode.differences(office.context.store, in_process, {1: 1})) == [Found(1, "new", _message(), ())]


def _message() -> Message:
    return in_process([REPORT])[0].message  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("reader", "fault"),
    [
        (lambda raws: [ReadingFailure("took too long") for _ in raws], "cannot be read now: took too long"),
        (misread(analysed=False, text="", new_text="", warnings=("not analysed: too large",)), "too large"),
    ],
    ids=["no reading", "half a reading"],
)
def test_a_worse_reading_replaces_nothing(office: Office, reader: Callable[..., Any], fault: str) -> None:
    read_by(office, in_process, REPORT)
    before = rows(office, message)
    (found,) = renew(office, reader)
    assert fault in found.fault
    assert rows(office, message) == before


def test_since(office: Office) -> None:
    read_by(office, in_process, REPORT)
    office.passes(timedelta(days=2))
    read_by(office, in_process, mail(ASKER, "second", "x", message_id="<2@customer.example>"))
    assert list(sizes(office)) == [1, 2]
    assert list(sizes(office, NOON + timedelta(days=1))) == [2]
    assert list(sizes(office, datetime(2030, 1, 1, tzinfo=UTC))) == []


def test_all_kinds_of_mail_are_read_now_as_they_were_then(office: Office) -> None:
    """Whatever process writes, redecode must expect; else a second reading of any mail would "change" it."""
    through_list = ("List-Id: <db.lists.example>", "List-Post: <mailto:db@lists.example>", f"Reply-To: {ASKER}")
    raws = [
        REPORT,
        mail(
            ASKER,
            "Re: 障害",
            "> 引用\n\n了解です。\n\n-- \n山田",
            "References: <1@customer.example>",
            message_id="<2@c.example>",
        ),
        mail("a@x.example, b@y.example", "two authors", "?"),
        mail("db@lists.example", "[db] through a list", "?", *through_list),
        mail(ASKER, "", "", "Date: nonsense"),
        b"\n\nno header at all \xff",
        mail("x@stranger.example", "Automatic reply", "away", "Auto-Submitted: auto-replied"),
        *(each.read_bytes().replace(b"@customer.example", b"@stranger.example") for each in GOLDEN),
        *(re.sub(rb"\w+@customer\.example", ASKER.encode(), each.read_bytes()) for each in GOLDEN),
    ]
    read_by(office, in_process, *raws)
    assert len(sizes(office)) == len(raws)
    assert len(rows(office, message)) > 5
    assert differences(office) == []


def test_batches_are_bounded_by_number_and_by_size(office: Office) -> None:
    seen: list[int] = []

    def read(raws: Sequence[bytes]) -> list[Any]:
        seen.append(len(raws))
        return in_process(raws)

    read_by(office, in_process, *(mail(ASKER, f"n {n}", "x", message_id=f"<{n}@c.example>") for n in range(40)))
    differences(office, read)
    assert seen == [32, 8]
    seen.clear()
    list(redecode.differences(office.context.store, read, dict.fromkeys(range(1, 5), 20_000_000)))
    assert seen == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("before", "after", "how"),
    [
        ("a\nb\nc", "a\nB\nc", "1 line differs"),
        ("a\nb\nc", "a", "2 lines differ"),
        ("", "a\nb", "2 lines differ"),
        ("a\nb", "b\na", "order or blank end differs"),
    ],
)
def test_lines_are_counted(office: Office, before: str, after: str, how: str) -> None:
    read_by(office, misread(text=before), REPORT)
    assert f"text: {how}" in told(differences(office, misread(text=after))[0])
