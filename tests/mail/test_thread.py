"""Identifiers, base subjects (RFC 5256 §2.1), number tags."""

import pytest

from mailbot.mail.thread import LIMIT, base_subject, is_reply_subject, message_id, message_ids, subject_numbers

SUBJECTS = {
    "plain": ("Subject", "subject", False),
    "re": ("Re: subject", "subject", True),
    "RE and fwd": ("RE: Fwd: subject", "subject", True),
    "fwd": ("Fwd: subject", "subject", False),
    "trailer": ("subject (fwd)", "subject", False),
    "fwd brackets": ("[Fwd: Re: subject]", "subject", False),
    "blob before": ("[list] Re: subject", "subject", True),
    "blob behind": ("Re: [list] subject", "subject", True),
    "blob in leader": ("Re[2]: subject", "subject", True),
    "count": ("Re^3: subject", "subject", True),
    "our tag": ("Re: [INC-2026-000123] 障害の件", "障害の件", True),
    "full width": ("Re:障害の件", "障害の件", True),
    "japanese": ("返信: 障害の件", "障害の件", True),
    "german": ("AW: WG: Frage", "frage", True),
    "only a blob": ("[blob]", "[blob]", False),
    "only re": ("Re:", "", True),
    "report is no reply": ("Report: x", "report: x", False),
    "blanks": ("Re:   a \t b ", "a b", True),
}


@pytest.mark.parametrize(("subject", "base", "reply"), SUBJECTS.values(), ids=SUBJECTS.keys())
def test_subject(subject: str, base: str, reply: bool) -> None:
    assert base_subject(subject) == base
    assert is_reply_subject(subject) is reply


def test_numbers() -> None:
    assert subject_numbers("Re: [INC-2026-000123] [INC-2026-000123] x [inc-2026-1] [A-2026-000124]") == (
        "INC-2026-000123",
    )


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("<a@b>", "a@b"),
        (" <a@b> (comment)", "a@b"),
        ("a@b", "a@b"),
        ("<a b@c>", "ab@c"),
        ("", None),
        ("<>", None),
        ("<[x@y]>", "[x@y]"),
    ],
)
def test_message_id(value: str, found: str | None) -> None:
    assert message_id(value) == found


IDS = {
    "several": (["<a@b> <c@d>\t<a@b>", "<e@f>"], ("a@b", "c@d", "e@f")),
    "prose before": (["Your message of Monday <a@b>"], ("a@b",)),
    "prose with the writer's address": (['Message from "T" <t@x.example> of "Mon, 1 Feb" <1@b>'], ("1@b",)),
    "prose behind": (["<1@b>; from t@x.example on Mon, Feb 01"], ("1@b",)),
    "prose behind, address in brackets": (["<1@b> from T <t@x.example>"], ("1@b",)),
    "prose in German": (["Nachricht von T <t@x.example> vom 1. Februar <1@b>"], ("1@b",)),
    "nothing but prose": (["message from t@x.example on Monday"], ()),
    "one word": (["mumble"], ()),
    "a comment": (["<a@b> (T's message of Monday)"], ("a@b",)),
    "bare": (["a@b, c@d"], ("a@b", "c@d")),
    "bare, with a comment": (["a@b (T)"], ("a@b",)),
    "bare among others": (["<a@b> c@d <e@f>"], ("a@b", "c@d", "e@f")),
    "cut off": (["<a@b> <c@d"], ("a@b", "c@d")),
    "folded within": (["<a\r\n @b>"], ("a@b",)),
    "two in one pair": (["<a@b c@d>"], ("a@b", "c@d")),
    "no at sign": (["<rt-ticket-7>"], ("rt-ticket-7",)),
    "empty": (["", "<>", " \t"], ()),
}


@pytest.mark.parametrize(("values", "found"), IDS.values(), ids=IDS)
def test_message_ids(values: list[str], found: tuple[str, ...]) -> None:
    assert message_ids(values) == found


def test_of_many_ids_the_first_and_the_newest_are_kept() -> None:
    many = message_ids([" ".join(f"<{n}@x>" for n in range(500))])
    assert len(many) == LIMIT
    assert (many[0], many[-1]) == ("0@x", "499@x")
