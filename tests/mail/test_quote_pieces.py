"""Whole mails with the piece that each line belongs to written before it: `new`, `old` (quoted) or `sig`.

The mails stand in `pieces/mails.txt`: Japanese and others, in the manner of many programs, as their writers see them.
"""

from pathlib import Path

import pytest

from mailbot.mail.quote import split

_FILE = Path(__file__).parent / "pieces" / "mails.txt"
_MAILS = [block.rstrip("\n").split("\n") for block in ("\n" + _FILE.read_text(encoding="utf-8")).split("\n=== ")[1:]]


@pytest.mark.parametrize("mail", _MAILS, ids=lambda mail: mail[0])
def test_each_line_is_in_its_piece(mail: list[str]) -> None:
    rows = [(row[:3], row[5:]) for row in mail[1:] if row]
    pieces = split("\n".join(line for _, line in rows), is_reply=mail[0].endswith("(an answer)"))
    found = {"new": pieces.new_text, "old": pieces.quoted_text, "sig": pieces.signature}
    wanted = {piece: [line for name, line in rows if name == piece and line.strip()] for piece in found}
    assert {piece: [line for line in text.split("\n") if line.strip()] for piece, text in found.items()} == wanted


def test_there_are_mails() -> None:
    assert len(_MAILS) > 50
