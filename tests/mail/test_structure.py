"""Parts as they come: every kind of multipart, and what gateways and scripts make of it."""

from __future__ import annotations

import base64

import pytest

from mailbot.mail.guard import MAX_DEPTH, MAX_MARKS, MAX_PARTS, TooStrangeError
from mailbot.mail.structure import Part, leaf, parse

HEAD = b"From: ann@acme.example\r\nSubject: s\r\n"
MIXED = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
INNER = b"From: bob@acme.example\r\nSubject: inner\r\n\r\ninner text\r\n"


def outline(raw: bytes) -> str:
    """`multipart/mixed[text/plain:one image/png:data]`, the contents stripped."""
    return _drawn(parse(raw))


def _drawn(part: Part) -> str:
    if part.children:
        return f"{part.content_type}[{' '.join(map(_drawn, part.children))}]"
    return f"{part.content_type}:{part.content().decode('latin-1').strip()}"


WELL_FORMED = {
    "text": (HEAD + b"\r\none", "text/plain:one"),
    "no body": (HEAD, "text/plain:"),
    "mixed": (
        MIXED + b"preamble\r\n--b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--\r\nend",
        "multipart/mixed[text/plain:one text/plain:two]",
    ),
    "quoted boundary": (
        HEAD + b'Content-Type: multipart/mixed; boundary="=_a b(c);d"\r\n\r\n--=_a b(c);d\r\n\r\none\r\n--=_a b(c);d--',
        "multipart/mixed[text/plain:one]",
    ),
    "folded boundary": (
        HEAD + b'Content-Type: multipart/mixed; boundary="a\r\n b"\r\n\r\n--a b\r\n\r\none\r\n--a b--',
        "multipart/mixed[text/plain:one]",
    ),
    "nested": (
        MIXED + b"--b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\n\r\none\r\n--c\r\n"
        b"Content-Type: text/html\r\n\r\n<p>\r\n--c--\r\n--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b--\r\n",
        "multipart/mixed[multipart/alternative[text/plain:one text/html:<p>] image/png:x]",
    ),
    "digest": (
        HEAD + b"Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\n" + INNER + b"--b--",
        "multipart/digest[message/rfc822[text/plain:inner text]]",
    ),
    "message": (HEAD + b"Content-Type: message/rfc822\r\n\r\n" + INNER, "message/rfc822[text/plain:inner text]"),
    "partial": (
        HEAD + b"Content-Type: message/partial; id=a; number=1\r\n\r\n" + INNER,
        "message/partial[text/plain:inner text]",
    ),
    "unknown kind of multipart": (
        HEAD + b"Content-Type: multipart/x-new; boundary=b\r\n\r\n--b\r\n\r\none\r\n--b--",
        "multipart/x-new[text/plain:one]",
    ),
    "status": (
        HEAD + b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; a\r\n\r\n\r\nAction: failed\r\n",
        "message/delivery-status[text/plain: text/plain:]",
    ),
}

BROKEN = {
    "no closing line": (MIXED + b"--b\r\n\r\none\r\n--b\r\n\r\ntwo", "multipart/mixed[text/plain:one text/plain:two]"),
    "closing line without hyphens": (MIXED + b"--b\r\n\r\none\r\n--b\r\n\r\n", "multipart/mixed[text/plain:one]"),
    "blanks behind the boundary": (MIXED + b"--b \t\r\n\r\none\r\n--b-- \r\n", "multipart/mixed[text/plain:one]"),
    "words behind the boundary": (
        MIXED + b"--b and more\r\n\r\none\r\n--b-->\r\nepilogue",
        "multipart/mixed[text/plain:one]",
    ),
    "only an empty part": (MIXED + b"preamble\r\n--b\r\n\r\n--b--\r\n", "multipart/mixed[text/plain:]"),
    "boundary in another case": (MIXED + b"--B\r\n\r\none\r\n--B--\r\n", "multipart/mixed[text/plain:one]"),
    "another boundary than declared": (
        MIXED + b"--zz\r\nContent-Type: text/plain\r\n\r\none\r\n--zz--",
        "multipart/mixed[text/plain:one]",
    ),
    "no boundary declared": (
        HEAD + b"Content-Type: multipart/mixed\r\n\r\n--zz\r\nContent-Type: text/plain\r\n\r\none\r\n--zz--",
        "multipart/mixed[text/plain:one]",
    ),
    "nothing divides it": (MIXED + b"one", "text/plain:one"),
    "wildcard type": (
        HEAD + b"Content-Type: multipart/*; boundary=b\r\n\r\n--b\r\n\r\none\r\n--b--",
        "multipart/*[text/plain:one]",
    ),
    "one boundary twice": (
        MIXED + b"--b\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\none\r\n--b--\r\n",
        "multipart/mixed[multipart/alternative[text/plain:one]]",
    ),
    "boundary that is the end of another": (
        MIXED + b"--b\r\nContent-Type: multipart/mixed; boundary=b--\r\n\r\n--b--\r\n\r\none\r\n--b----\r\n",
        "multipart/mixed[multipart/mixed[text/plain:one]]",
    ),
    "closed too early": (
        MIXED + b"--b\r\n\r\none\r\n--b--\r\n--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b--",
        "multipart/mixed[text/plain:one image/png:x]",
    ),
    "no blank line after the part's header": (
        MIXED + b"--b\r\nContent-Type: text/html\r\n<p>one</p>\r\n--b--",
        "multipart/mixed[text/html:<p>one</p>]",
    ),
    "header runs into the next part": (
        HEAD + b"Content-Type: multipart/alternative; boundary=b\r\nContent-Type: text/plain\r\n\r\none\r\n--b\r\n"
        b"Content-Type: text/html\r\n\r\n<p>\r\n--b--",
        "multipart/alternative[text/plain:one text/html:<p>]",
    ),
    "two types and a preamble": (
        HEAD
        + b"Content-Type: multipart/mixed; boundary=b\r\nContent-Type: text/plain\r\n\r\nThis is a MIME message.\r\n"
        b"--b\r\n\r\none\r\n--b--",
        "multipart/mixed[text/plain:one]",
    ),
    "garbage in the part's header": (
        MIXED + b"--b\r\nContent-Type: text/html\r\n???\r\nContent-Language: ja\r\n\r\none\r\n--b--",
        "multipart/mixed[text/html:one]",
    ),
    "parameter without its fold": (
        HEAD + b'Content-Type: multipart/mixed;\r\nboundary="b"\r\n\r\n--b\r\n\r\none\r\n--b--',
        "multipart/mixed[text/plain:one]",
    ),
    "old Mac's line ends": (
        b"From: a@b.example\rContent-Type: multipart/mixed; boundary=b\r\r--b\r\rone\r--b\r\rtwo\r--b--\r",
        "multipart/mixed[text/plain:one text/plain:two]",
    ),
    "doubled carriage returns": (
        (MIXED + b"--b\r\n\r\none\r\n--b--\r\n").replace(b"\r\n", b"\r\r\n"),
        "multipart/mixed[text/plain:one]",
    ),
    "blank line before the MIME fields": (
        HEAD + b"\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\none\r\n--b--",
        "multipart/mixed[text/plain:one]",
    ),
    "blank line, but text": (
        HEAD + b"\r\nContent-Type: is what I mean\r\n\r\none",
        "text/plain:Content-Type: is what I mean\r\n\r\none",
    ),
    "two messages in base64": (
        HEAD + b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(INNER),
        "message/rfc822[text/plain:inner text]",
    ),
    "message only labelled base64": (
        HEAD + b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n" + INNER,
        "message/rfc822[text/plain:inner text]",
    ),
    "mbox line in the message": (
        HEAD + b"Content-Type: message/rfc822\r\n\r\n>From bob Mon Jan  1 00:00:00 2026\r\n" + INNER,
        "message/rfc822[text/plain:inner text]",
    ),
    "status in base64": (
        HEAD
        + b"Content-Type: message/delivery-status\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(b"Reporting-MTA: dns; mx.example\n\nAction: failed\n"),
        "message/delivery-status[text/plain: text/plain:]",
    ),
    "uuencoded file": (
        HEAD + b"\r\none\r\nbegin 644 cat.txt\r\n#0V%T\r\n`\r\nend\r\ntwo",
        "multipart/mixed[text/plain:one\r\n\r\ntwo application/octet-stream:Cat]",
    ),
    "begin is a word": (HEAD + b"\r\nbegin 644 and\r\ngo on\r\nend\r\n", "text/plain:begin 644 and\r\ngo on\r\nend"),
    "zeros": (HEAD + b"\r\no\x00ne", "text/plain:o\x00ne"),
}


@pytest.mark.parametrize(("raw", "drawn"), [*WELL_FORMED.values(), *BROKEN.values()], ids=[*WELL_FORMED, *BROKEN])
def test_outline(raw: bytes, drawn: str) -> None:
    assert outline(raw) == drawn


@pytest.mark.parametrize("raw", [raw for raw, _ in WELL_FORMED.values()], ids=WELL_FORMED.keys())
def test_line_ends_make_no_difference(raw: bytes) -> None:
    assert outline(raw.replace(b"\r\n", b"\n")) == outline(raw).replace("\r\n", "\n")


def test_numbers_are_given_in_walking_order() -> None:
    root = parse(WELL_FORMED["nested"][0])
    assert [part.number for part in root.walk()] == list(range(5))


NAMES = {
    "disposition": (b'Content-Disposition: attachment; filename="a.pdf"\r\nContent-Type: a/b; name="b.pdf"', "a.pdf"),
    "type": (b'Content-Type: application/pdf; name="b.pdf"', "b.pdf"),
    "description": (b"Content-Type: application/pdf\r\nContent-Description: plan.pdf", "plan.pdf"),
    "description in words": (b"Content-Type: application/pdf\r\nContent-Description: The plan", ""),
    "location": (b"Content-Type: image/png\r\nContent-Location: https://acme.example/img/logo.png?x=1", "logo.png"),
    "text keeps none": (b"Content-Type: text/html\r\nContent-Location: https://acme.example/index.html", ""),
}


@pytest.mark.parametrize(("header", "name"), NAMES.values(), ids=NAMES.keys())
def test_file_name(header: bytes, name: str) -> None:
    part = parse(MIXED + b"--b\r\n" + header + b"\r\n\r\nx\r\n--b--").children[0]
    assert part.filename == name


def test_a_leaf_made_by_us_reads_like_one_that_came() -> None:
    made = leaf(7, "text/plain; charset=utf-8", "../a.txt", b"abc")
    assert (made.number, made.content_type, made.filename, made.content()) == (7, "text/plain", "a.txt", b"abc")


def _nested(depth: int) -> bytes:
    raw = INNER
    for _ in range(depth):
        raw = b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(raw)
    return raw


TOO_MUCH = {
    "parts": MIXED + b"--b\r\n\r\nx\r\n" * (MAX_PARTS + 2),
    "multiparts": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(MAX_DEPTH + 2)
    ),
    "messages": b"Content-Type: message/rfc822\r\n\r\n" * (MAX_DEPTH + 2),
    "messages in base64": _nested(MAX_DEPTH + 2),
    "dividing lines": MIXED + b"--x\r\n" * (MAX_MARKS + 1),
}


@pytest.mark.parametrize("raw", TOO_MUCH.values(), ids=TOO_MUCH.keys())
def test_too_much(raw: bytes) -> None:
    with pytest.raises(TooStrangeError):
        parse(raw)


def test_many_boundaries_in_a_text_are_a_text() -> None:
    """Customers send us logs of mails."""
    raw = HEAD + b"\r\n" + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" * 100
    assert parse(raw).content_type == "text/plain"
