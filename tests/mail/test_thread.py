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


def test_message_ids() -> None:
    assert message_ids(["<a@b> <c@d>\t<a@b>", "<e@f>"]) == ("a@b", "c@d", "e@f")
    assert message_ids(["Your message of Monday <a@b>"]) == ("a@b",)
    assert message_ids(["a@b, c@d"]) == ("a@b", "c@d")
    many = message_ids([" ".join(f"<{n}@x>" for n in range(500))])
    assert len(many) == LIMIT
    assert (many[0], many[-1]) == ("0@x", "499@x")
