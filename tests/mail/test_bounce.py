"""Delivery reports: whom they name, for good or not, why, and for which mail of ours."""

from __future__ import annotations

from base64 import b64encode

import pytest

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

%s

--b
Content-Type: message/rfc822

Message-ID: <ours@desk.example>
Subject: x

text
--b--
"""
FIELDS = b"Final-Recipient: rfc822; taro@example.jp\nAction: %s\nStatus: %s\n%s"
OURS = "ours@desk.example"


def _prose(
    sender: str, subject: str, letter: str, *, path: str = "<>", more: str = "", charset: str = "utf-8"
) -> bytes:
    head = f"Return-Path: {path}\nFrom: {sender}\nTo: support@desk.example\nSubject: {subject}\n{more}"
    return f"{head}Content-Type: text/plain; charset={charset}\n\n{letter}".encode(charset)


def test_failed() -> None:
    bounce = read(DSN % (FIELDS % (b"failed", b"5.1.1", b"Diagnostic-Code: smtp; 550 5.1.1 no such user"))).bounce
    assert bounce is not None
    assert bounce.permanent
    assert bounce.original_message_id == OURS
    assert bounce.recipients == (
        BouncedRecipient("taro@example.jp", "failed", "5.1.1", "smtp; 550 5.1.1 no such user"),
    )


@pytest.mark.parametrize(
    ("action", "status", "permanent"),
    [
        pytest.param(b"failed", b"5.1.1", True, id="failed"),
        pytest.param(b"failed", b"4.4.7", True, id="failed after days of trying: nobody tries again"),
        pytest.param(b"delayed", b"4.4.1", False, id="delayed"),
        pytest.param(b"relayed", b"2.0.0", False, id="relayed"),
        pytest.param(b"expanded", b"2.0.0", False, id="expanded"),
        pytest.param(b"delivered", b"2.0.0", False, id="delivered"),
    ],
)
def test_actions(action: bytes, status: bytes, permanent: bool) -> None:
    bounce = read(DSN % (FIELDS % (action, status, b""))).bounce
    assert bounce is not None
    assert (bounce.recipients[0].action, bounce.permanent) == (action.decode(), permanent)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param(
            b"Final-Recipient: rfc822; inner@store.example\nOriginal-Recipient: rfc822; taro@example.jp\n"
            b"Action: failed\nStatus: 5.1.1",
            [("taro@example.jp", "failed", "5.1.1")],
            id="the address as we wrote it",
        ),
        pytest.param(
            b"Final-Recipient: rfc822; a@example.jp\nAction: failed\nStatus: 5.1.1\n\n"
            b"Final-Recipient: rfc822; b@example.jp\nAction: delayed\nStatus: 4.4.1",
            [("a@example.jp", "failed", "5.1.1"), ("b@example.jp", "delayed", "4.4.1")],
            id="two groups",
        ),
        pytest.param(
            b"Final-Recipient: rfc822; a@example.jp\nAction: failed\nStatus: 5.2.2\n"
            b"Final-Recipient: rfc822; b@example.jp\nAction: failed\nStatus: 5.1.1",
            [("a@example.jp", "failed", "5.2.2"), ("b@example.jp", "failed", "5.1.1")],
            id="groups without a line between them",
        ),
        pytest.param(
            b"Final-Recipient: taro@example.jp\nAction: Failed (given up)\nStatus: 550\n"
            b"Diagnostic-Code: 5.2.1 disabled",
            [("taro@example.jp", "failed", "5.2.1")],
            id="a reply code in place of the status",
        ),
        pytest.param(
            b"Final-Recipient: rfc822;taro@example.jp\nAction: failed\nDiagnostic-Code: smtp; 550 user unknown",
            [("taro@example.jp", "failed", "5.1.1")],
            id="no status, but words",
        ),
    ],
)
def test_fields(fields: bytes, expected: list[tuple[str, str, str]]) -> None:
    bounce = read(DSN % fields).bounce
    assert bounce is not None
    assert [(one.address, one.action, one.status) for one in bounce.recipients] == expected


def test_fields_in_base64() -> None:
    part = b"Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n"
    data = b64encode(b"Reporting-MTA: dns; mx.example\n\n" + FIELDS % (b"failed", b"5.1.1", b""))
    raw = (
        b'From: MAILER-DAEMON@mx.example\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        b"--b\n\nSorry.\n--b\n" + part + data + b"\n--b--\n"
    )
    bounce = read(raw).bounce
    assert bounce is not None
    assert [(one.address, one.status) for one in bounce.recipients] == [("taro@example.jp", "5.1.1")]


def test_a_report_without_recipients_names_whom_the_returned_mail_was_for() -> None:
    raw = (DSN % b"Arrival-Date: Mon, 1 Jan 2024 00:00:00 +0900").replace(b"Subject: x", b"To: Taro <taro@example.jp>")
    bounce = read(raw).bounce
    assert bounce is not None
    assert [one.address for one in bounce.recipients] == ["taro@example.jp"]
    assert bounce.permanent


def test_a_report_wrapped_by_a_gateway() -> None:
    inner = DSN % (FIELDS % (b"failed", b"5.1.1", b""))
    raw = (
        b"From: postmaster@gate.example\nSubject: Undelivered Mail Returned to Sender\n"
        b'Content-Type: multipart/mixed; boundary="w"\n\n--w\nContent-Type: message/rfc822\n\n' + inner + b"\n--w--\n"
    )
    bounce = read(raw).bounce
    assert bounce is not None
    assert [one.address for one in bounce.recipients] == ["taro@example.jp"]
    assert bounce.original_message_id == OURS


def test_a_report_whose_parts_were_lost() -> None:
    letter = (
        "Could not be delivered.\n\nReporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; taro@example.jp\n"
        "Action: failed\nStatus: 5.2.2\nDiagnostic-Code: smtp; 552 5.2.2 <inner@store.example> full\n\n"
        "Message-ID: <ours@desk.example>\nTo: other@example.jp\n"
    )
    bounce = read(_prose("Mailer Daemon <x@mx.example>", "Returned mail", letter)).bounce
    assert bounce is not None
    assert [(one.address, one.status) for one in bounce.recipients] == [("taro@example.jp", "5.2.2")]
    assert bounce.original_message_id == OURS


def test_the_letter_explains_where_the_fields_do_not() -> None:
    raw = (DSN % (FIELDS % (b"failed", b"5.0.0", b""))).replace(
        b"I am sorry.", b"<taro@example.jp>: host mx.example said: 550 user unknown"
    )
    bounce = read(raw).bounce
    assert bounce is not None
    assert "550 user unknown" in bounce.recipients[0].diagnostic


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(
            _prose("a@mx.example", "x", "Final words.", more="In-Reply-To: <ours@desk.example>\n"),
            None,
            id="not a report",
        ),
        pytest.param(
            _prose(
                "MAILER-DAEMON@mx.example",
                "failure notice",
                "<taro@example.jp>: no such user",
                more="In-Reply-To: <ours@desk.example>\n",
            ),
            OURS,
            id="the mail it answers, for want of a better",
        ),
        pytest.param(
            _prose(
                "MAILER-DAEMON@mx.example",
                "failure notice",
                "<taro@example.jp>: no such user\n\n> Message-Id: <ours@desk.example>\n> To: taro@example.jp\n",
                more="References: <old@desk.example>\n",
            ),
            OURS,
            id="a quoted header",
        ),
    ],
)
def test_original_message_id(raw: bytes, expected: str | None) -> None:
    bounce = read(raw).bounce
    assert (bounce.original_message_id if bounce else None) == expected


def test_a_filter_that_deleted_our_mail_says_so_in_a_receipt() -> None:
    raw = (
        b"From: Mail Delivery Subsystem <admin@store.example>\nSubject: Automatically rejected mail\n"
        b"Auto-Submitted: auto-replied (rejected)\n"
        b'Content-Type: multipart/report; report-type=disposition-notification; boundary="b"\n\n'
        b"--b\n\nYour message to <taro@example.jp> was automatically rejected:\nQuota exceeded\n"
        b"--b\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; taro@example.jp\n"
        b"Original-Message-ID: <ours@desk.example>\n"
        b"Disposition: automatic-action/MDN-sent-automatically; deleted\n\n--b--\n"
    )
    bounce = read(raw).bounce
    assert bounce is not None
    assert [(one.address, one.status) for one in bounce.recipients] == [("taro@example.jp", "5.2.2")]
    assert bounce.original_message_id == OURS


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(b"disposition-notification", id="read receipt"),
        pytest.param(b"feedback-report", id="complaint"),
    ],
)
def test_reports_of_other_things(kind: bytes) -> None:
    head = b'From: postmaster@mx.example\nContent-Type: multipart/report; report-type=%s; boundary="b"\n\n' % kind
    message = read(head + b"--b\n\nYour message was read.\n--b--\n")
    assert message.bounce is None
    assert message.automatic is not None


def test_a_challenge_is_not_a_failure() -> None:
    raw = (DSN % (FIELDS % (b"failed", b"4.7.0", b""))).replace(b"MAILER-DAEMON@mx", b"noreply@guests")
    raw = raw.replace(b"Subject: Undelivered Mail Returned to Sender", b"Subject: Re: [INC-2026-000001] Your question")
    assert read(raw).bounce is None


SYSTEMS = [
    pytest.param(
        _prose(
            "MAILER-DAEMON@mx.example",
            "failure notice",
            "Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your message.\n\n"
            "<taro@example.jp>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
            "--- Below this line is a copy of the message.\n\n"
            "Message-ID: <ours@desk.example>\nTo: other@example.jp\n",
        ),
        [("taro@example.jp", "failed", "5.1.1")],
        OURS,
        id="qmail",
    ),
    pytest.param(
        _prose(
            "System Administrator <postmaster@mx.example>",
            "Undeliverable: Notice",
            "Your message\n\n  To:      taro@example.jp\n  Subject: Notice"
            "\n\ndid not reach the following recipient(s):\n\n"
            "c=JP;a= ;p=EX;dda:SMTP=hanako@example.jp; on Mon, 1 Jan 2024 10:00:00 +0900\n"
            "    The recipient name is not recognized\n",
        ),
        [("hanako@example.jp", "failed", "5.1.1")],
        None,
        id="Exchange 5.5",
    ),
    pytest.param(
        _prose(
            "Mail Delivery System <Mailer-Daemon@mx.example>",
            "Mail delivery failed: returning message to sender",
            "A message that you sent could not be delivered to one or more of its\nrecipients. "
            "This is a permanent error. "
            "The following address(es) failed:\n\n  store@inner.example\n    (generated from taro@example.jp)\n"
            "    SMTP error from remote mail server: 550 5.7.1 refused by policy\n\n"
            "------ This is a copy of the message, including all the headers. ------\n"
            "\nMessage-Id: <ours@desk.example>\n",
        ),
        [("taro@example.jp", "failed", "5.7.1")],
        OURS,
        id="Exim, an alias",
    ),
    pytest.param(
        _prose(
            "Mail Delivery Subsystem <MAILER-DAEMON@mx.example>",
            "Warning: could not send message for past 4 hours",
            "   ----- The following addresses had transient non-fatal errors -----\n<taro@example.jp>\n\n"
            "   ----- Transcript of session follows -----\n<taro@example.jp>... Deferred: Connection refused\n"
            "Will keep trying until message is 5 days old\n",
        ),
        [("taro@example.jp", "delayed", "4.4.1")],
        None,
        id="Sendmail, a delay",
    ),
    pytest.param(
        _prose(
            "Mail Delivery Subsystem <MAILER-DAEMON@mx.example>",
            "Returned mail: see transcript for details",
            "   ----- The following addresses had permanent fatal errors -----\n<taro@example.jp>\n"
            "    (reason: 550 5.1.1 <taro@example.jp>... User unknown)\n\n"
            "   ----- The following addresses had transient non-fatal errors -----\n<hanako@example.jp>\n",
        ),
        [("taro@example.jp", "failed", "5.1.1"), ("hanako@example.jp", "delayed", "")],
        None,
        id="Sendmail, one lost and one late",
    ),
    pytest.param(
        _prose(
            "<>",
            "",
            "You sent mail to taro@example.jp. That's not a valid user here.\n",
            more="In-Reply-To: <ours@desk.example>\n",
        ),
        [("taro@example.jp", "failed", "5.1.1")],
        OURS,
        id="one line, and no author",
    ),
    pytest.param(
        _prose(
            "Mail Delivery Subsystem <MAILER-DAEMON@isp.example>",
            "Mail Delivery Problem",
            "Your mail to the following recipients could not be delivered:\n\tscreenname\n",
        ),
        [("screenname@isp.example", "failed", "")],
        None,
        id="a user of the system itself",
    ),
    pytest.param(
        _prose(
            "imss@gate.example",
            "Mail could not be delivered",
            "****** Message from InterScan Messaging Security Suite ******\n\nSent <<< RCPT TO:<taro@example.jp>\n"
            "Received >>> 550 5.1.1 unknown\n\nUnable to deliver message to <taro@example.jp>.\n",
            path="<support@desk.example>",
        ),
        [("taro@example.jp", "failed", "5.1.1")],
        None,
        id="InterScan",
    ),
    pytest.param(
        _prose(
            "neko-admin@lists.example",
            "You support@desk.example are not member (neko ML)",
            "You are not a member of this mailing list <neko@lists.example>.\n\nAsk at the address\n\n"
            "\tneko-ctl@lists.example\n",
            path="<neko-admin@lists.example>",
            more="X-MLServer: fml [fml 4.0.3]\n",
        ),
        [("neko@lists.example", "failed", "")],
        None,
        id="fml, a list that refuses",
    ),
]
JAPANESE = [
    pytest.param(
        _prose(
            "MAILER-DAEMON@mx.example.jp",
            "Undelivered Mail Returned to Sender",
            "このメールは Postfix が自動で送信しています。\n\n以下の宛先へのメールは配信できませんでした。\n\n"
            "<taro@docomo.example>: host mail.docomo.example[192.0.2.1] said:\n"
            "    550 Unknown user taro@docomo.example\n"
            "    (in reply to RCPT TO command)\n",
            charset="iso-2022-jp",
        ),
        [("taro@docomo.example", "failed", "5.1.1")],
        None,
        id="Postfix ja, a user unknown at docomo",
    ),
    pytest.param(
        _prose(
            "Postmaster@ezweb.example",
            "Mail System Error - Returned Mail",
            "次のあて先へのメッセージはエラーのため送信できませんでした。\n送信先メールアドレスが見つかりませんでした。\n"
            "Each of the following recipients was rejected by a remote mail server.\n"
            "\n    Recipient: <taro@ezweb.example>\n"
            "    >>> RCPT TO:<taro@ezweb.example>\n    <<< 550 <taro@ezweb.example>: User unknown\n",
            charset="iso-2022-jp",
        ),
        [("taro@ezweb.example", "failed", "5.1.1")],
        None,
        id="au",
    ),
    pytest.param(
        _prose(
            "no-reply@app.auone.example",
            "メールエラー通知".encode("iso-2022-jp").decode("ascii"),
            "送信先のメールボックスが一杯のため、送信できませんでした。\n\nYour mail sent on: Thu, 29 Apr 2021\n"
            "     Could not be delivered to: <taro@dion.example>\n     As their mailbox is full.\n",
            charset="iso-2022-jp",
        ),
        [("taro@dion.example", "failed", "5.2.2")],
        None,
        id="KDDI, a full mailbox",
    ),
    pytest.param(
        _prose(
            "Mail Delivery Subsystem <MAILER-DAEMON@softbank.example>",
            "Mail System Error - Returned Mail",
            "以下のメールアドレスへの送信に失敗しました。\n宛先不明です。\n\ntaro@softbank.example\n",
        ),
        [("taro@softbank.example", "failed", "5.1.1")],
        None,
        id="SoftBank",
    ),
    pytest.param(
        _prose(
            "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.jp>",
            "配信不能: お問い合わせの件",
            "以下の受信者またはグループへの配信に失敗しました:\n\n田中 太郎 (taro@example.jp)<mailto:taro@example.jp>\n"
            "入力した電子メール アドレスが見つかりませんでした。\n",
        ),
        [("taro@example.jp", "failed", "5.1.1")],
        None,
        id="Exchange ja",
    ),
    pytest.param(
        _prose(
            "postmaster@notes.example.jp",
            "Undeliverable message",
            "------- Failure Reasons  --------\n\nディレクトリのリストにありません\ntaro@example.jp\n\n"
            "------- Returned Message --------"
            "\nReceived: from x\nMessage-ID: <ours@desk.example>\nTo: hanako@example.jp\n",
            charset="iso-2022-jp",
        ),
        [("taro@example.jp", "failed", "")],
        OURS,
        id="Notes ja",
    ),
    pytest.param(
        _prose(
            "メール配送システム <postmaster@isp.example.jp>",
            "【重要】メールが届けられませんでした",
            "送信されたメールは下記の宛先に届けられませんでした。\n\n宛先：taro@example.jp\n理由：メールボックスの容量を超えています\n",
        ),
        [("taro@example.jp", "failed", "5.2.2")],
        None,
        id="a provider's own words",
    ),
    pytest.param(
        _prose(
            "MAILER-DAEMON@isp.example.jp",
            "配信遅延のお知らせ",
            "以下の宛先へのメールはまだ配信されていません。引き続き再送を試みます。\n\n<taro@example.jp>\n",
        ),
        [("taro@example.jp", "delayed", "")],
        None,
        id="a delay",
    ),
]


@pytest.mark.parametrize(("raw", "recipients", "original"), SYSTEMS + JAPANESE)
def test_letters(raw: bytes, recipients: list[tuple[str, str, str]], original: str | None) -> None:
    bounce = read(raw).bounce
    assert bounce is not None
    assert [(one.address, one.action, one.status) for one in bounce.recipients] == recipients
    assert bounce.original_message_id == original
    assert bounce.permanent == any(action == "failed" for _, action, _ in recipients)


QMAIL = "Hi. This is the qmail-send program.\n<x@example.jp>:\n550 user unknown (#5.1.1)\n"
ATTACHED = (
    'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="m"\n\n--m\n\nWhat does this mean?\n--m\n'
    "Content-Type: {kind}\n\n{content}\n--m--\n"
)
REPORT = (DSN % (FIELDS % (b"failed", b"5.1.1", b""))).decode()
PEOPLE = [
    pytest.param(
        "taro@example.jp", "failure notice", "We got this, what does it mean?\n" + QMAIL, id="pastes a failure"
    ),
    pytest.param("taro@example.jp", "failure notice", QMAIL, id="pastes nothing but the failure"),
    pytest.param("taro@example.jp", "Fwd: Undelivered Mail Returned to Sender", "Any idea?\n\n" + QMAIL, id="forwards"),
    pytest.param("postmaster@example.jp", "Fwd: failure notice", QMAIL, id="a postmaster forwards"),
    pytest.param("admin@example.jp", "FW: Undeliverable: Notice", "> " + QMAIL, id="an administrator forwards"),
    pytest.param(
        "admin@example.jp",
        "Mail delivery problem",
        "Hello,\nyour mail to taro@example.jp could not be delivered, his mailbox was full. Please send it again.\n",
        id="an administrator tells of one",
    ),
    pytest.param(
        "postmaster@example.jp",
        "Delivery problem",
        "Hello,\nyour mail to taro@example.jp could not be delivered, his mailbox was full. Please send it again.\n",
        id="a postmaster tells of one",
    ),
    pytest.param(
        "postmaster@example.jp",
        "配信エラーのご連絡",
        "サポート担当者様\n以下の宛先へのメールが配信できませんでした。再送をお願いします。\ntaro@example.jp\n",
        id="a postmaster tells of one in Japanese",
    ),
    pytest.param(
        "postmaster@example.jp",
        "Watchdog mails",
        "We run two nodes.\nThe mail to ops@example.jp could not be delivered: which setting names the sender?\n",
        id="a postmaster asks about his own",
    ),
    pytest.param(
        "taro@example.jp",
        "Re: your notice",
        "My old address says 550 user unknown; mail there is rejected.\n",
        id="answers",
    ),
    pytest.param(
        "taro@example.jp",
        "Pgpool-II mail alerts: 550 5.1.1",
        "Our watchdog script's mails are returned: delivery failed, 550 5.1.1 user unknown.\n",
        id="asks about one",
    ),
    pytest.param(
        "taro@example.jp",
        "メールが届きません",
        "通知が宛先不明で戻ってきます。550 User unknown と出ます。\n",
        id="asks in Japanese",
    ),
    pytest.param(
        "taro@example.jp",
        "転送: 配信不能",
        "こちらのエラーメールが届きました。配信できませんでした、とあります。\n",
        id="forwards in Japanese",
    ),
    pytest.param("Taro Daemon <taro@example.jp>", "Undeliverable?", QMAIL, id="has an unlucky name"),
    pytest.param(
        "bugzilla-daemon@example.jp", "[Bug 1] rejected mail", "user unknown\njm@example.jp\n", id="a bug tracker"
    ),
    pytest.param("nsb", "Party!", "The old address is no longer valid, mail is rejected.\n", id="a local user"),
    pytest.param(
        "root@example.jp", "Disk quota of node 2", "The disk is full; 554 blocks.\n", id="a system's own mail"
    ),
    pytest.param("no-reply@example.jp", "Your order was rejected", "Invalid address: please call us.\n", id="a shop"),
    pytest.param(
        "support@example.jp",
        "Undeliverable goods",
        "Your parcel could not be delivered to:\nTaro, Tokyo\ncontact: depot@example.jp\n",
        id="a parcel",
    ),
]


@pytest.mark.parametrize(("sender", "subject", "letter"), PEOPLE)
def test_people(sender: str, subject: str, letter: str) -> None:
    assert read(_prose(sender, subject, letter, path=f"<{sender}>")).bounce is None


@pytest.mark.parametrize(
    ("sender", "subject"),
    [
        pytest.param("taro@example.jp", "What is this?", id="a customer"),
        pytest.param("postmaster@example.jp", "What is this?", id="a postmaster"),
        pytest.param("taro@example.jp", "Fwd: Undelivered Mail Returned to Sender", id="a forward"),
    ],
)
@pytest.mark.parametrize(
    ("kind", "content"),
    [
        pytest.param("message/rfc822", REPORT, id="the whole report"),
        pytest.param(
            "message/delivery-status", "\nFinal-Recipient: rfc822; x@example.jp\nAction: failed\n", id="its fields"
        ),
    ],
)
def test_people_attach_reports(sender: str, subject: str, kind: str, content: str) -> None:
    head = f"Return-Path: <{sender}>\nFrom: {sender}\nSubject: {subject}\n"
    assert read((head + ATTACHED.format(kind=kind, content=content)).encode()).bounce is None


def test_a_report_whose_boundary_is_nowhere() -> None:
    raw = (DSN % (FIELDS % (b"failed", b"5.1.1", b""))).replace(b'boundary="b"', b'boundary="other"')
    bounce = read(raw).bounce
    assert bounce is not None
    assert [(one.address, one.status) for one in bounce.recipients] == [("taro@example.jp", "5.1.1")]
    assert bounce.original_message_id == OURS
