"""Every letter about a call, made of values, for the tests of letters."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from mailbot.desk.callreplies import (
    Call,
    Decided,
    Next,
    Settled,
    Shown,
    nobody_there,
    partner_call,
    partner_told,
    settled,
    staff_call,
    unclaimed,
    urgency,
)
from mailbot.desk.contract import Contract, Equipment
from mailbot.desk.orders import Proposal, Step
from mailbot.desk.replies import Desk
from mailbot.mail.message import Mailbox

DESK = Desk(
    "Support Desk", "support@example.jp", "03-0000-0000", "24h", "https://www.example.jp/", ZoneInfo("Asia/Tokyo")
)
AT = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
CONTRACT = Contract(1, "C-001", "株式会社サンプル", "premium", "ja", "本番クラスタ", 0, False, ())
CALL = Call(
    language="en",
    incident_number="INC-2026-000123",
    contract=CONTRACT,
    subject="Re: it hangs",
    doubtful=False,
    evidence=("production: 本番",),
    received_at=AT,
    again=False,
    orders=(Proposal("take INC-2026-000123", Step.TAKE),),
)
SHOWN = Shown(
    asker_name="山田 太郎",
    equipment=(Equipment("db1", "RHEL 9.4", "pgpool-II 4.5.2"),),
    products=("pgpool-II",),
    new_text="It hangs. Sato <sato@desk.example> knows; so does maria.sato@desk.example.\n",
    attachments=(("pgpool.log", 12_000),),
)
HIDDEN = ("sato@desk.example",)
SETTLED = Settled("ja", "INC-2026-000123", "it hangs", Mailbox("Sato", "sato@desk.example"), True, "I phone them.\n")
DECIDED = Decided(
    "ja", "INC-2026-000123", "株式会社サンプル", "山田 太郎", False, "止まりました", True, None, ZoneInfo("Asia/Tokyo")
)
CALL_WORDINGS = [
    staff_call(DESK, CALL, Next(AT, "all")),
    staff_call(DESK, replace(CALL, language="ja", again=True, doubtful=True), None),
    partner_call(DESK, replace(CALL, language="ja"), SHOWN, HIDDEN),
    settled(DESK, SETTLED),
    partner_told(DESK, "ja", "INC-2026-000123", "taken", noted=True),
    unclaimed(DESK, CALL, AT),
    nobody_there(DESK, "en", "INC-2026-000123", ["gone@desk.example"]),
    urgency(DESK, DECIDED),
]
