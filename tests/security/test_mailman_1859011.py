"""Mailman bug 1859011: one report, handed in over and over (there 4,134 times), counts once."""

from __future__ import annotations

from tests.flows.office import BOUNCE, Office
from tests.security.people import STAFF, acknowledged

REPORT = """\
From: MAILER-DAEMON@mx.acme.example\r
To: bounce@desk.example\r
Subject: Undelivered Mail Returned to Sender\r
Message-ID: <dsn@mx.acme.example>\r
MIME-Version: 1.0\r
Content-Type: multipart/report; report-type=delivery-status; boundary=b\r
\r
--b\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; mx.acme.example\r
\r
Final-Recipient: rfc822; ann@acme.example\r
Action: failed\r
Status: 5.1.1\r
\r
--b\r
Content-Type: text/rfc822-headers\r
\r
Message-ID: {original}\r
\r
--b--\r
"""


def test_one_report_many_times(office: Office) -> None:
    original = acknowledged(office).message_id
    told = len(office.sent)
    for time in range(500):
        trace = f"Received: by mx{time}.example\r\n"  # each time by another way
        office.take_in((trace + REPORT.format(original=original)).encode(), sender="", recipients=[BOUNCE])
    office.work()
    assert [letter.recipient for letter in office.sent[told:]] == [STAFF]
    assert len([row for row in office.inbound() if row["verdict"] == "bounce"]) == 1
