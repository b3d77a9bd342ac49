"""Ten hard mails, and all that there is to know of each: `golden/NN-name.eml`, and the JSON of `inspect` beside it.

| mail | shows |
|---|---|
| 01-jis-undeclared | undeclared raw ISO-2022-JP in header and body; NEC and IBM characters, half-width kana |
| 02-utf8-called-jis | UTF-8 under the label ISO-2022-JP; encoded-words that part a character |
| 03-outlook-ja | an Outlook answer above its 差出人 block, and a signature between drawn lines |
| 04-inline-flowed | answers between quotes under Gmail's Japanese attribution; format=flowed with DelSp |
| 05-html-only | HTML alone: hidden preheader, list, table, link, script, tracking pixel, quote |
| 06-nested-forward | a mail handed on; names in RFC 2231 (out of order), RFC 2047, raw JIS; one that lies and climbs |
| 07-auto-reply-ja | an answering machine without any field that says so |
| 08-exchange-ja-bounce | a Japanese delivery report; whom it did not reach, and which mail of ours that was |
| 09-mailman3-munged | a list that writes its own address into From; who really wrote |
| 10-pgp-two-authors | two From fields, somebody else's Authentication-Results, a signed part whose end is missing |

The JSON says what is right, by thought and not by the program. Every field that a file names is compared.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mailbot.cli.inspect import inspect_one

FOLDER = Path(__file__).parent / "golden"
MAILS = sorted(FOLDER.glob("*.eml"))


def named(answer: Any, wanted: Any) -> Any:
    """What the answer says to the keys that are wanted; a key that it does not have stays missing."""
    if isinstance(wanted, dict) and isinstance(answer, dict):
        return {key: named(answer[key], value) for key, value in wanted.items() if key in answer}
    return answer


@pytest.mark.parametrize("file", MAILS, ids=lambda file: file.stem)
def test_all_that_a_mail_says(file: Path) -> None:
    wanted = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
    assert named(inspect_one(file.read_bytes()), wanted) == wanted


def test_there_are_ten_each_with_its_answer() -> None:
    assert len(MAILS) == 10
    assert {file.stem for file in FOLDER.iterdir()} == {file.stem for file in MAILS}
    assert {file.suffix for file in FOLDER.iterdir()} == {".eml", ".json"}


@pytest.mark.parametrize("file", MAILS, ids=lambda file: file.stem)
def test_the_ways_of_line_ends_make_no_difference(file: Path) -> None:
    raw = file.read_bytes()
    lines, network = inspect_one(raw), inspect_one(raw.replace(b"\n", b"\r\n"))
    for answer in (lines, network):
        answer["attachments"] = [(each["filename"], each["content_type"]) for each in answer["attachments"]]
    assert network == lines
