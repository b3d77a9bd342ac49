"""Delivery reports by fields and by prose."""

from mailbot.mail.message import BouncedRecipient
from mailbot.mail.reading import read

DSN = b"""From: MAILER-DAEMON@mx.example
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b

I am sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; taro@example.jp
Action: %s
Status: %s
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b
Content-Type: message/rfc822

Message-ID: <ours@desk.example>
Subject: x

text
--b--
"""


def test_failed() -> None:
    bounce = read(DSN % (b"failed", b"5.1.1")).bounce
    assert bounce is not None
    assert bounce.permanent
    assert bounce.original_message_id == "ours@desk.example"
    assert bounce.recipients == (
        BouncedRecipient("taro@example.jp", "failed", "5.1.1", "smtp; 550 5.1.1 no such user"),
    )


def test_delayed() -> None:
    bounce = read(DSN % (b"delayed", b"4.4.1")).bounce
    assert bounce is not None
    assert not bounce.permanent
    assert bounce.recipients[0].action == "delayed"


def test_qmail_prose() -> None:
    raw = (
        b"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nTo: support@desk.example\nSubject: failure notice\n\n"
        b"Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your message.\n\n"
        b"<taro@example.jp>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
        b"--- Below this line is a copy of the message.\n\n"
        b"Message-ID: <ours@desk.example>\nTo: other@example.jp\n"
    )
    bounce = read(raw).bounce
    assert bounce is not None
    assert [recipient.address for recipient in bounce.recipients] == ["taro@example.jp"]
    assert bounce.original_message_id == "ours@desk.example"


def test_a_person_who_forwards_a_failure() -> None:
    raw = (
        b"From: taro@example.jp\nSubject: failure notice\n\nWe got this, what does it mean?\n"
        b"<x@example.jp>: user unknown, mail delivery failed\n"
    )
    assert read(raw).bounce is None
