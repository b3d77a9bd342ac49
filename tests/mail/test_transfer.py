"""Transfer encodings as programs break them."""

from __future__ import annotations

import pytest

from mailbot.mail.transfer import transfer_decoded, uuencoded_files

CASES = {
    "none": (b"a=3D", "", b"a=3D"),
    "unknown": (b"a=3D", "x-strange", b"a=3D"),
    "seven bits": (b"abc", "7bit", b"abc"),
    "base64": (b"aGVsbG8=", "base64", b"hello"),
    "base64 by another name": (b"aGVsbG8=", ' "Base-64" ; x', b"hello"),
    "base64 without padding": (b"aGVsbG8", "base64", b"hello"),
    "base64 with line ends inside": (b"aGVs\r\nbG8=\r\n", "base64", b"hello"),
    "base64 with junk": (b"aGVs*bG8=", "base64", b"hello"),
    "base64 with a lost character": (b"aGVsbG8aX", "base64", b"hello\x1a"),
    "base64 line by line": (b"aGVsbG8=\r\nd29ybGQ=\r\n", "base64", b"helloworld"),
    "words after base64": (b"aGVsbG8g" * 9 + b"aGk=\r\n-- \r\nFooter", "base64", b"hello " * 9 + b"hi"),
    "only labelled base64": (b"Hello, Mr. Sato.", "base64", b"Hello, Mr. Sato."),
    "quoted": (b"caf=C3=A9 =\r\nau lait", "quoted-printable", "café au lait".encode()),
    "quoted by another name": (b"caf=c3=a9", "Quoted Printable", "café".encode()),
    "blanks behind a soft break": (b"one = \t\r\ntwo", "quoted-printable", b"one two"),
    "old Mac's line ends": (b"one\rtwo=\rthree", "quoted-printable", b"one\ntwothree"),
    "no code": (b"a=XYb=", "quoted-printable", b"a=XYb"),
    "uuencoded": (b"begin 644 a\n#0V%T\n`\nend\n", "x-uuencode", b"Cat"),
    "uuencoded without its first line": (b"#0V%T\n`\n", "uuencode", b"Cat"),
}


@pytest.mark.parametrize(("data", "encoding", "meant"), CASES.values(), ids=CASES.keys())
def test_transfer_decoded(data: bytes, encoding: str, meant: bytes) -> None:
    assert transfer_decoded(data, encoding) == meant


def test_two_files_in_a_text() -> None:
    data = b"one\nbegin 644 a b.txt\n#0V%T\n`\nend\ntwo\nbegin-base64 600 c.txt\naGVsbG8=\n====\nthree"
    files = uuencoded_files(data)
    assert [(file.name, file.data) for file in files] == [(b"a b.txt", b"Cat"), (b"c.txt", b"hello")]
    assert data[files[0].end : files[1].start] == b"\ntwo\n"


@pytest.mark.parametrize(
    "data", [b"begin 644 a\n#0V%T\n", b"begin 644 a\n\nend\n", b"x begin 644 a\n#0V%T\nend\n", b""]
)
def test_no_file_in_a_text(data: bytes) -> None:
    assert uuencoded_files(data) == []
