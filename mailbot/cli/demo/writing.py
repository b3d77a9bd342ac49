"""How do the mail programs of customers write their mails? In their charsets and forms, not in the desk's. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime

from mailbot.mail.message import Mailbox


def text(words: str, charset: str) -> MIMEBase:
    """A body of text alone: 7bit in ISO-2022-JP (RFC 1468), base64 in UTF-8."""
    return MIMEText(words, "plain", charset)


def alternative(words: str, html: str) -> MIMEBase:
    """The same in text and HTML (RFC 2046 §5.1.4)."""
    body = MIMEMultipart("alternative")
    body.attach(MIMEText(words, "plain", "utf-8"))
    body.attach(MIMEText(html, "html", "utf-8"))
    return body


def with_log(words: str, log: str) -> MIMEBase:
    """A body with a log file attached."""
    body = MIMEMultipart("mixed")
    body.attach(MIMEText(words, "plain", "us-ascii"))
    attached = MIMEText(log, "plain", "us-ascii")
    attached.add_header("Content-Disposition", "attachment", filename="pgpool.log")
    body.attach(attached)
    return body


def written(
    writer: Mailbox,
    recipient: Mailbox,
    subject: str,
    body: MIMEBase,
    more: Mapping[str, str],
    *,
    date: datetime | None = None,
) -> bytes:
    """The finished mail; its header is in the charset of its text, as the programs do it."""
    charset = body.get_content_charset() or "utf-8"
    body["From"] = f"{_encoded(writer.name, charset)} <{writer.address}>"
    body["To"] = recipient.address
    body["Subject"] = _encoded(subject, charset)
    if date is not None:
        body["Date"] = format_datetime(date)
    for name, value in more.items():
        body[name] = value
    return body.as_bytes(policy=compat32.clone(linesep="\r\n"))


def _encoded(words: str, charset: str) -> str:
    return words if words.isascii() else Header(words, charset).encode()  # RFC 2047 §2
