"""Which mails do the customers of the crash tests write? The same ones for the same seed. Pure."""

from __future__ import annotations

import base64
import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from email.header import Header
from typing import Literal

SUPPORT = "support@desk.example"
STAFF = "engineer@staff.example"

_QUESTIONS_OF_ONE_ASKER = 4  # a desk may limit how often a machine answers one person in a day
_LISTS_EVERY = 12
_CONTRACT_SEATS = 5
_CRLF = "\r\n"
_ENGLISH = (
    "After the failover of last night the standby does not follow the primary any more.\n",
    "pgpool-II 4.4 reports 'unable to read data from frontend' once or twice an hour.\n",
    "We see the load balancing send every SELECT to one node only. backend_weight is 1 for both.\n",
    "Which value of num_init_children do you recommend for 400 connections?\n",
    "The log and pgpool.conf are below. Thank you for your help.\n",
)
_JAPANESE = (
    "お世話になっております。昨夜のフェイルオーバー後、スタンバイがプライマリに追従しません。\n",
    "pgpool-II 4.4 のログに「unable to read data from frontend」が一時間に一、二度出力されます。\n",
    "負荷分散の設定をしましたが、参照系の問い合わせが片方のノードに偏ります。\n",
    "num_init_children の推奨値についてご教示ください。\n",
    "ログと設定ファイルを以下に記します。よろしくお願いいたします。\n",
)


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody who may ask under a contract: a person, or a mailing list through which persons write."""

    kind: Literal["person", "list"]
    contract: str
    name: str
    address: str

    @property
    def list_id(self) -> str:
        """What stands in List-Id (RFC 2919) when the asker is a list."""
        return self.address.replace("@", ".")


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail: who writes it, to which earlier one it answers (by its id), and the bytes."""

    id: str
    asker: Asker
    parent: str | None
    sender: str
    raw: bytes

    @property
    def message_id(self) -> str:
        """Without angle brackets."""
        return f"{self.id}@mua.example"

    @property
    def sha256(self) -> str:
        """Of the bytes as they are sent."""
        return hashlib.sha256(self.raw).hexdigest()


def correspondence(count: int, *, seed: int) -> list[Mail]:
    """That many mails, in the order in which they are to be sent: 70 % questions, 30 % replies to earlier ones."""
    chance = random.Random(seed)
    askers = _askers(count)
    questions: list[Mail] = []
    mails: list[Mail] = []
    for number in range(count):
        if questions and chance.random() < 0.3:
            parent = questions[max(0, len(questions) - 1 - int(chance.expovariate(1 / 100)))]
            mail = _mail(chance, f"mail-{seed}-{number:06d}", parent.asker, parent)
        else:
            mail = _mail(chance, f"mail-{seed}-{number:06d}", askers[len(questions) // _QUESTIONS_OF_ONE_ASKER], None)
            questions.append(mail)
        mails.append(mail)
    return mails


def askers_of(mails: Sequence[Mail]) -> list[Asker]:
    """Everybody who writes one of these mails, once each."""
    return list(dict.fromkeys(mail.asker for mail in mails))


def _askers(mails: int) -> list[Asker]:
    return [_asker(number) for number in range(mails // _QUESTIONS_OF_ONE_ASKER + 1)]


def _asker(number: int) -> Asker:
    contract = f"PGP-{number // _CONTRACT_SEATS:05d}"
    if number % _LISTS_EVERY == _LISTS_EVERY - 1:
        return Asker("list", contract, "Database team", f"db-team{number}@lists.example")
    return Asker(
        "person", contract, f"山田 {number}" if number % 2 else f"Jane Doe {number}", f"asker{number}@mua.example"
    )


def _mail(chance: random.Random, mail_id: str, asker: Asker, parent: Mail | None) -> Mail:
    japanese = chance.random() < 0.5
    charset = chance.choice(("utf-8", "iso-2022-jp")) if japanese else "utf-8"
    about = parent.id if parent else mail_id
    subject = ("Re: " if parent else "") + (f"問い合わせ {about}" if japanese else f"Question {about}")
    fields = [
        *_trace(asker),
        f"From: {_who(asker, charset)}",
        f"To: {asker.address if asker.kind == 'list' else SUPPORT}",
        f"Subject: {Header(subject, charset, header_name='Subject').encode(linesep=_CRLF)}",
        f"Message-ID: <{mail_id}@mua.example>",
        f"Date: Mon, 23 Nov 2026 {chance.randrange(24):02d}:{chance.randrange(60):02d}:00 +0900",
        *([f"In-Reply-To: <{parent.message_id}>", f"References: <{parent.message_id}>"] if parent else []),
        "MIME-Version: 1.0",
        f"Content-Type: text/plain; charset={charset}",
        f"Content-Transfer-Encoding: {'7bit' if charset == 'iso-2022-jp' else 'base64'}",
    ]
    body = _body(chance, mail_id, charset, _JAPANESE if japanese else _ENGLISH)
    sender = asker.address.replace("@", "-bounces@") if asker.kind == "list" else asker.address
    return Mail(mail_id, asker, parent.id if parent else None, sender, _CRLF.join([*fields, "", ""]).encode() + body)


def _trace(asker: Asker) -> list[str]:
    if asker.kind == "person":
        return []
    return [f"List-Id: Database team <{asker.list_id}>", f"List-Post: <mailto:{asker.address}>", "Precedence: list"]


def _who(asker: Asker, charset: str) -> str:
    if asker.kind == "list":
        return "Member <member@elsewhere.example>"  # no asker by himself: the list is
    return f"{Header(asker.name, charset, header_name='From').encode()} <{asker.address}>"


def _body(chance: random.Random, mail_id: str, charset: str, lines: Sequence[str]) -> bytes:
    text = f"{mail_id}\n\n" + "".join(chance.choices(lines, k=chance.randrange(2, 30)))
    encoded = text.replace("\n", "\r\n").encode(charset)
    if charset == "iso-2022-jp":
        return encoded
    return base64.encodebytes(encoded).replace(b"\n", b"\r\n")
