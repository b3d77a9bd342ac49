"""A report in words, as a picture's numbers and as a table: nothing rounded up, nothing out of its place."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mailbot.desk.incident import Urgency
from mailbot.desk.report import Kept
from mailbot.desk.reportpicture import BARS_FOOT, BARS_TOP, LEFT, RIGHT, STRIP_FOOT, STRIP_TOP, outline, picture
from mailbot.desk.reporttable import COLUMNS, csv_of
from mailbot.desk.reportwords import percent
from mailbot.templates import Templates, load
from tests.desk.report_values import AFTER, RECEIVED, TOKYO, after, asked, reported

HOSTILE = [
    "=cmd|'/c calc'!A1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1＋1",
    'a "quoted" =1, and; more',
    "two\nlines\r\n=1",
    "'=1",
    "\u202egnp.exe",
]


@pytest.fixture(scope="module")
def templates() -> Templates:
    return load(Path(__file__).parents[2] / "templates", languages=["ja", "en"])


@pytest.mark.parametrize(
    ("share", "written"),
    [
        (None, "-"),
        (0.0, "0 %"),
        (0.0004, "0 %"),
        (0.004, "0.4 %"),
        (0.5, "50 %"),
        (2 / 3, "66.6 %"),
        (0.9999, "99.9 %"),
        (999_999 / 1_000_000, "99.9 %"),
        (1.0, "100 %"),
        (0.29, "29 %"),
        (1.367, "136.7 %"),
    ],
)
def test_a_share_is_never_rounded_up(share: float | None, written: str) -> None:
    assert percent(share) == written


def rows(raw: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_table_has_a_line_for_each_question(templates: Templates, language: str) -> None:
    urgent = replace(after(45)[0], urgency=Urgency.URGENT, answer=Kept.IN_TIME, answered_at=AFTER, closed=True)
    table = rows(
        csv_of(
            reported(asked(), urgent, asked(None, window=None)),
            templates.words[language],
            {"premium": "Premium!"},
            TOKYO,
            bom=False,
        )
    )
    assert [len(row) for row in table] == [len(COLUMNS)] * 4
    words = templates.words[language]
    unanswered, late, plain = (dict(zip(COLUMNS, row, strict=True)) for row in table[1:])
    assert (plain["received"], plain["due"], plain["acknowledged"]) == (
        "2026-10-05 10:02:00",
        "2026-10-05 10:32:00",
        "2026-10-05 10:03:00",
    )
    assert (plain["used_minutes"], plain["used_percent"], plain["left_minutes"]) == ("1.00", "3.3", "29.00")
    assert (plain["late_minutes"], plain["menu"], plain["state"]) == ("", "Premium!", words["report_state"]["open"])
    assert (late["late_minutes"], late["left_minutes"]) == ("15.00", "")
    assert (late["urgency"], late["first_answer"]) == (
        "緊急" if language == "ja" else "urgent",
        words["report_kept"]["in-time"],
    )
    assert (unanswered["acknowledged"], unanswered["used_minutes"], unanswered["clock_minutes"]) == ("", "", "")
    assert unanswered["first_response"] == words["report_kept"]["late"]
    assert table[0][COLUMNS.index("received")].endswith(" (Asia/Tokyo)")


@pytest.mark.parametrize("subject", HOSTILE, ids=range(len(HOSTILE)))
def test_no_spreadsheet_runs_a_subject(templates: Templates, subject: str) -> None:
    raw = csv_of(
        reported(asked(subject=subject, products=(subject,), contract=subject)),
        templates.words["en"],
        {},
        TOKYO,
        bom=False,
    )
    head, line = raw.decode().rstrip("\r\n").split("\r\n")  # a row is one line
    assert head.startswith('"')
    assert head.endswith('"')
    cells = dict(zip(COLUMNS, next(csv.reader([line])), strict=True))
    assert line == ",".join('"{}"'.format(cell.replace('"', '""')) for cell in cells.values())
    for cell in cells.values():
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))
        assert not set(cell) & set("\t\r\n\u202e")
    for key in ("subject", "products", "contract"):
        assert cells[key].lstrip("'") in " ".join(subject.replace("\u202e", "").split()).lstrip("'")


def test_the_mark_of_utf_8_stands_where_it_is_wanted(templates: Templates) -> None:
    with_mark, without = (csv_of(reported(), templates.words["ja"], {}, TOKYO, bom=bom) for bom in (True, False))
    assert with_mark == b"\xef\xbb\xbf" + without
    assert without.startswith('"番号"'.encode())


# the picture


def test_bars_stand_on_their_days_and_hold_every_question() -> None:
    at = datetime(2026, 10, 31, 14, 59, 59, tzinfo=UTC)  # the last second of the month in Tokyo
    first = datetime(2026, 9, 30, 15, 0, tzinfo=UTC)
    drawn = picture(
        reported(asked(at=at), asked(45, at=at), asked(at=first), asked(None, at=first, due_at=AFTER)), TOKYO
    )
    assert [(bar.day, bar.kind, bar.count) for bar in drawn.bars] == [
        ("2026-10-01", "in-time", "1"),
        ("2026-10-01", "pending", "1"),
        ("2026-10-31", "in-time", "1"),
        ("2026-10-31", "late", "1"),
    ]
    below, above = drawn.bars[2:]
    assert above.y + above.height == pytest.approx(below.y)
    assert below.y + below.height == pytest.approx(BARS_FOOT)
    assert above.y == BARS_TOP
    assert [tick.label for tick in drawn.days] == [str(day) for day in range(1, 32)]
    assert [bar.day[-2:] for bar in drawn.weekends] == ["03", "04", "10", "11", "17", "18", "24", "25", "31"]


@pytest.mark.parametrize(
    ("most", "labels"),
    [
        (0, "0 1 2"),
        (1, "0 1 2"),
        (4, "0 1 2 3 4"),
        (5, "0 2 4 6"),
        (9, "0 5 10"),
        (23, "0 10 20 30"),
        (400, "0 100 200 300 400"),
        (12_345, "0 5000 10000 15000"),
    ],
)
def test_the_scale_has_round_numbers_and_room(most: int, labels: str) -> None:
    drawn = picture(reported(*[asked()] * most), TOKYO)
    assert [tick.label for tick in drawn.counts] == labels.split()
    assert all(bar.y >= BARS_TOP - 0.05 for bar in drawn.bars)


def test_marks_tell_their_kind_by_shape_and_their_share_by_height() -> None:
    quick, slow = asked(0), asked(15, urgency=Urgency.DOUBTFUL)
    late, very_late = asked(33), asked(600)
    missing, unknown, waiting = asked(None), asked(1, window=None), asked(None, due_at=AFTER)
    drawn = picture(reported(quick, slow, late, very_late, missing, unknown, waiting), TOKYO)
    share = (RECEIVED - datetime(2026, 9, 30, 15, tzinfo=UTC)) / timedelta(days=31)
    x = round(LEFT + (RIGHT - LEFT) * share, 1)
    heights = {"0 %": STRIP_FOOT, "50 %": 372.0, "110 %": 295.2, "2000 %": STRIP_TOP, "-": STRIP_TOP}
    shapes = {"0 %": "in-time", "50 %": "urgent", "110 %": "late", "2000 %": "late", "-": "late"}
    assert {mark.share: mark.outline for mark in drawn.marks} == {
        key: outline(shapes[key], x, y)  # type: ignore[arg-type]
        for key, y in heights.items()
    }
    assert drawn.unplaced == 1


def test_a_day_of_another_length_keeps_every_mark_inside() -> None:
    edges = [datetime(2026, 9, 30, 15, tzinfo=UTC), datetime(2026, 10, 31, 14, 59, 59, tzinfo=UTC)]
    drawn = picture(reported(*(asked(at=at) for at in edges)), TOKYO)
    first, last = (float(mark.outline[1:].split(" ")[0]) + 4.5 for mark in drawn.marks)
    assert (first, last) == (LEFT, RIGHT)
