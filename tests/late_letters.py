"""One of every letter that goes out because time runs away, for the tests that hold what templates are given."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from mailbot.desk.latereplies import LateAcknowledgement, late, neutral
from mailbot.desk.replies import Desk

DESK = Desk("Support Desk", "support@example.jp", "03-0000-0000", "24h", "", ZoneInfo("Asia/Tokyo"))
AT = datetime(2026, 11, 22, 1, 2, tzinfo=UTC)
DUE = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
LATE = LateAcknowledgement(
    number="INC-2026-000123",
    contract="C-001",
    urgent=True,
    due_at=DUE,
    percent=80,
    recipient="taro@example.co.jp",
    state="ready",
    outbox_id=12,
    attempts=7,
    answer="450 4.2.0 try again later",
)
LATE_WORDINGS = [
    late(DESK, "ja", [LATE], count=1, earliest=DUE),
    neutral(DESK, "ja", "山田 太郎", AT, DESK.zone),
]
