"""What holds for all mails: any bytes keep the promises, and what a program wrote by the standards is read back.

In the suite each property tries some dozens of mails, always the same ones in CI; `make fuzz` tries thousands.
"""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from mailbot.cli.inspect import inspect_one
from mailbot.mail.reading import read
from tests.fuzz.invariants import check
from tests.mail.strategies import LABELS, Reply, Tree, encoded_words, line_text, replies, soup, spliced, trees

_EXAMPLES = settings.default.max_examples if settings.default else 100  # of the profile that was asked for
_FEW = settings(max_examples=_EXAMPLES // 10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
_MANY = settings(max_examples=_EXAMPLES * 2, deadline=None, suppress_health_check=[HealthCheck.too_slow])
_WRITTEN_WITHOUT_LOOKING = ("us-ascii", "iso-8859-1", "")


@_MANY
@given(st.binary(max_size=4_000))
@example(b"\n\x01\x0b")
@example(b"Subject: =?utf-8?B?7aCA?=\n\n\xed\xa0\x80")
def test_any_bytes_keep_the_promises(raw: bytes) -> None:
    check(raw)


@_MANY
@given(soup())
def test_any_words_of_mail_keep_the_promises(raw: bytes) -> None:
    check(raw)


@_MANY
@given(spliced())
def test_spliced_mails_keep_the_promises(raw: bytes) -> None:
    check(raw)


@_FEW
@given(soup() | spliced())
def test_the_same_bytes_say_the_same(raw: bytes) -> None:
    assert read(raw) == read(raw)


@_FEW
@given(soup() | spliced())
def test_everything_can_be_said_in_json(raw: bytes) -> None:
    json.dumps(inspect_one(raw), ensure_ascii=False).encode()


@pytest.mark.parametrize("label", LABELS)
@_FEW
@given(data=st.data())
def test_a_right_label_gives_the_text_back(label: str, data: st.DataObject) -> None:
    codec = LABELS[label]
    text = "\n".join(data.draw(st.lists(line_text(codec), min_size=1, max_size=3)))
    written = text.encode(codec)
    assume(codec == "utf-8" or _is_not_utf8_by_chance(written))
    assert read(_base64_mail(label, written)).text.rstrip("\n") == text


@pytest.mark.parametrize("label", ["utf-8", *_WRITTEN_WITHOUT_LOOKING, "shift_jis", "x-unknown"])
@_FEW
@given(text=line_text("iso2022_jp"))
def test_iso_2022_jp_is_seen_under_any_label(label: str, text: str) -> None:
    written = text.encode("iso2022_jp")
    assume(b"\x1b$" in written)
    raw = b"From: a@b.example\nContent-Type: text/plain; charset=%s\n\n%s\n" % (label.encode(), written)
    assert read(raw).text.rstrip("\n") == text


@pytest.mark.parametrize("label", _WRITTEN_WITHOUT_LOOKING)
@_FEW
@given(text=line_text())
def test_utf_8_is_seen_where_no_label_is(label: str, text: str) -> None:
    assert read(_base64_mail(label, text.encode())).text.rstrip("\n") == text


@pytest.mark.parametrize("charset", ["utf-8", "iso-2022-jp", "euc-jp", "shift_jis", "koi8-r", "gb2312"])
@_FEW
@given(data=st.data())
def test_a_subject_comes_back(charset: str, data: st.DataObject) -> None:
    text = data.draw(line_text(LABELS[charset]))
    assume(charset == "utf-8" or _is_not_utf8_by_chance(text.encode(LABELS[charset])))
    raw = f"From: a@b.example\nSubject: {encoded_words(text, charset, LABELS[charset])}\n\nx\n"
    assert read(raw.encode()).subject == text


@_MANY
@given(trees())
def test_every_text_and_every_file_is_found(tree: Tree) -> None:
    message = check(tree.raw)
    assert [line for line in message.text.split("\n") if line] == list(tree.texts)
    assert [part.filename for part in message.attachments] == list(tree.files)


@_MANY
@given(replies())
def test_what_is_new_is_told_from_what_is_quoted(reply: Reply) -> None:
    message = check(reply.raw)
    assert message.new_text == reply.new
    assert [line[2:] for line in message.quoted_text.split("\n") if line.startswith("> ")] == list(reply.quoted)


def _base64_mail(label: str, written: bytes) -> bytes:
    charset = f"; charset={label}" if label else ""
    header = f"From: a@b.example\nContent-Type: text/plain{charset}\nContent-Transfer-Encoding: base64\n\n"
    return header.encode() + base64.encodebytes(written)


def _is_not_utf8_by_chance(written: bytes) -> bool:
    """Sentences in another charset never are; two letters may be, and no reader could tell."""
    try:
        return written.decode().isascii()
    except UnicodeDecodeError:
        return True
