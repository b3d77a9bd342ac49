"""Questions of a month for tests: what does not matter is filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from mailbot.desk.contract import Contract, Term
from mailbot.desk.incident import Urgency
from mailbot.desk.month import Month
from mailbot.desk.report import Asked, Report, Window, report

TOKYO = ZoneInfo("Asia/Tokyo")
OCTOBER = Month(2026, 10)
AFTER = datetime(2026, 11, 2, 0, 0, tzinfo=UTC)
RECEIVED = datetime(2026, 10, 5, 1, 2, tzinfo=UTC)  # a Monday, 10:02 in Tokyo
HALF_AN_HOUR = timedelta(minutes=30)
TERM = Term(date(2026, 4, 1), date(2027, 3, 31))
CONTRACT = Contract(1, "C-001", "株式会社サンプル", "premium", "ja", "本番クラスタ", 0, False, (TERM,))


def asked(took: float | None = 1, *, at: datetime = RECEIVED, **changes: Any) -> Asked:
    """A question with a window of 30 minutes from its arrival on, responded to after so many minutes."""
    responded = None if took is None else at + timedelta(minutes=took)
    window = Window(HALF_AN_HOUR, at, None if took is None else timedelta(minutes=took))
    plain = Asked(
        number="INC-2026-000001",
        contract="C-001",
        customer="株式会社サンプル",
        subject="it hangs",
        urgency=Urgency.NORMAL,
        scope="in-scope",
        products=("pgpool-II",),
        menu="premium",
        received_at=at,
        due_at=at + HALF_AN_HOUR,
        acknowledged_at=responded,
        window=window,
        answer=None,
        answered_at=None,
        closed=False,
    )
    return replace(plain, **changes)


def reported(
    *questions: Asked, contract: Contract | None = CONTRACT, as_of: datetime = AFTER, finished: bool = True
) -> Report:
    """The report of October on these."""
    return report(OCTOBER, contract, questions, as_of=as_of, finished=finished)


def after(*minutes: float) -> Sequence[Asked]:
    """Questions that were responded to after so many minutes, an hour apart."""
    return [
        asked(took, at=RECEIVED + timedelta(hours=n), number=f"INC-2026-{n:06d}") for n, took in enumerate(minutes, 1)
    ]
