"""Which mails does the reading's benchmark read? Typical ones of some 5 KB, and families of any size. Pure."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping

_HEADER = (
    "Received: from mx.acme.example (mx.acme.example [192.0.2.7]) by mx.desk.example with ESMTPS;\r\n"
    "\tMon, 23 Nov 2026 09:30:01 +0900\r\n"
    "Authentication-Results: mx.desk.example; spf=pass smtp.mailfrom=acme.example; dkim=pass header.d=acme.example\r\n"
    "From: =?UTF-8?B?5bGx55Sw5aSq6YOO?= <taro@acme.example>\r\nTo: support@desk.example\r\nCc: team@acme.example\r\n"
    "Subject: {subject}\r\nDate: Mon, 23 Nov 2026 09:30:00 +0900\r\nMessage-ID: <q1@acme.example>\r\n"
    "In-Reply-To: <a0@desk.example>\r\nReferences: <q0@acme.example> <a0@desk.example>\r\nMIME-Version: 1.0\r\n"
)
_ENGLISH = (
    "After the failover of last night the standby does not follow the primary any more.\r\n"
    "We see the load balancing send every SELECT to one node only; backend_weight is 1 for both.\r\n"
    "LOG:  failed to connect to PostgreSQL server on \"db2:5432\", getsockopt() failed\r\n"
    "Which value of num_init_children do you recommend for 400 connections?\r\n\r\n"
)  # fmt: skip
_JAPANESE = (
    "お世話になっております。昨夜のフェイルオーバー後、スタンバイがプライマリに追従しません。\r\n"
    "負荷分散の設定をしましたが、参照系の問い合わせが片方のノードに偏ります。\r\n"
    "ログには「unable to read data from frontend」が一時間に一、二度出力されます。\r\n\r\n"
)
_SIGNATURE = "-- \r\n山田太郎\r\n株式会社アクメ 情報システム部\r\nTEL 03-0000-0000\r\n"
_ATTRIBUTION = "2026年11月22日(日) 18:00 サポート <support@desk.example>:\r\n"


def typical() -> dict[str, bytes]:
    """What customers write, by name."""
    japanese, english = _JAPANESE * 12 + _SIGNATURE, _ENGLISH * 14
    page = "<html><body>" + "".join(f"<p>{line}</p>\r\n" for line in japanese.split("\r\n")) + "</body></html>"
    reply = _JAPANESE * 4 + _ATTRIBUTION + "".join(f"> {line}\r\n" for line in (_ENGLISH * 8).split("\r\n"))
    log = base64.encodebytes(b"LOG:  connection received\n" * 1_500)
    return {
        "plain, English": _mail("Standby stays detached", "", english.encode()),
        "plain, Japanese, base64": _mail("=?UTF-8?B?6Zqc5a6z?=", _coded("utf-8"), _base64(japanese)),
        "plain, Japanese, 8 bit": _mail("=?UTF-8?B?6Zqc5a6z?=", _utf8(), japanese.encode()),
        "plain, Japanese, ISO-2022-JP": _mail(
            "=?ISO-2022-JP?B?GyRCPmMzMhsoQg==?=",
            "Content-Type: text/plain; charset=iso-2022-jp\r\nContent-Transfer-Encoding: 7bit\r\n",
            japanese.encode("iso2022_jp"),
        ),
        "reply over a quote": _mail("Re: [INC-2026-000123] =?UTF-8?B?6Zqc5a6z?=", _utf8(), reply.encode()),
        "text and HTML": _mail(
            "both", _multipart("alternative"), _parts(_part(_utf8(), japanese), _part(_html(), page))
        ),
        "HTML alone": _mail("page", _html(), page.encode()),
        "text and 40 KB of log": _mail(
            "log", _multipart("mixed"), _parts(_part(_utf8(), japanese), _file("pgpool.log").encode() + log)
        ),
    }


def _many(words: str, content: str = "text/plain; charset=utf-8") -> Callable[[int], bytes]:
    def made(size: int) -> bytes:
        octets = words.encode()
        return _mail("lines", f"Content-Type: {content}\r\n", octets * (size // len(octets) + 1))

    return made


def _attachment(size: int) -> bytes:
    data = base64.encodebytes(bytes(range(256)) * (size * 3 // 4 // 256 + 1))
    return _mail("file", _multipart("mixed"), _parts(_part(_utf8(), _JAPANESE), _file("dump.bin").encode() + data))


def _many_parts(size: int) -> bytes:
    """As many as are read (499), each larger as the mail grows."""
    each = _part(_utf8(), _ENGLISH[: max(1, size // 499 - 60)] * max(1, size // 499 // len(_ENGLISH)))
    return _mail("parts", _multipart("mixed"), _parts(*[each] * min(480, max(1, size // (len(each) + 8)))))


def _header(field: str) -> Callable[[int], bytes]:
    return lambda size: (field * (size // len(field) + 1)).encode() + b"From: a@acme.example\r\n\r\nHow?\r\n"


def _eight_bit(size: int) -> bytes:
    return _mail("bytes", "", bytes(range(128, 255)) * (size // 127 + 1))


def _quoted_printable(size: int) -> bytes:
    header = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n"
    return _mail("soft", header, b"=E3=81=82=\r\n=\r\n" * (size // 14 + 1))


FAMILIES: Mapping[str, Callable[[int], bytes]] = {
    "plain text": _many(_JAPANESE),
    "quoted text": _many(f"> {_ATTRIBUTION}>> before\r\n> between\r\nnew\r\n"),
    "HTML": _many("<p>接続<b>できない</b><a href='https://a.example/'>ここ</a></p>\r\n", "text/html; charset=utf-8"),
    "base64 file": _attachment,
    "many parts": _many_parts,
    "long header": _header("X-Note: " + "word " * 12 + "\r\n"),
    "one header line": _header("X-Note: word "),
    "one line": _many("word "),
    "blanks": _many(" \t"),
    "half attributions": _many("On Mon, 23 Nov 2026 at 09:00 Ann\r\n"),
    "header-like lines": _many("From: \r\nSent: x\r\n"),
    "rules": _many("-----------------------------------------------------------\r\n"),
    "dividing lines": _many("--b\r\n", "multipart/mixed; boundary=b"),
    "nested tags": _many("<div><b>", "text/html"),
    "open comments": _many("<!-- <a &", "text/html"),
    "stacked marks": _many("e\u0301\u0316"),
    "escape sequences": _many("\x1b$BF|\x1b(B\x1b(I1\x1b(J\r\n", "text/plain; charset=iso-2022-jp"),
    "unlabelled bytes": _eight_bit,
    "soft line ends": _quoted_printable,
    "flowed": _many("> on and on \r\n>> deeper \r\n", "text/plain; format=flowed; delsp=yes"),
    "addresses in text": _many("a.b.c@d.example <a@b.example>: 550 5.1.1 <x\r\n"),
}  # fmt: skip
"""Name → a mail of about so many bytes. The later ones are made to be hard."""


def _mail(subject: str, header: str, body: bytes) -> bytes:
    return (_HEADER.format(subject=subject) + header + "\r\n").encode() + body


def _base64(text: str) -> bytes:
    return base64.encodebytes(text.encode()).replace(b"\n", b"\r\n")


def _coded(charset: str) -> str:
    return f"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: base64\r\n"


def _utf8() -> str:
    return "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"


def _html() -> str:
    return "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"


def _file(name: str) -> str:
    kind = "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
    return f'{kind}Content-Disposition: attachment; filename="{name}"\r\n\r\n'


def _multipart(kind: str) -> str:
    return f'Content-Type: multipart/{kind}; boundary="=_part"\r\n'


def _part(header: str, text: str) -> bytes:
    return f"{header}\r\n{text}".encode()


def _parts(*parts: bytes) -> bytes:
    return b"".join(b"\r\n--=_part\r\n" + part for part in parts) + b"\r\n--=_part--\r\n"
