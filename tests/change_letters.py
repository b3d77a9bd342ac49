"""One of every letter about changes, for the tests that hold what templates are given."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from mailbot.desk import changereplies
from mailbot.desk.changereplies import Addressee, Comment, Proposal, Waiting
from mailbot.desk.changes import Doing, MachineStep, PersonStep, Role
from mailbot.desk.contract import Contract, Equipment
from mailbot.desk.replies import Desk
from mailbot.mail.message import Mailbox

DESK = Desk("Support Desk", "support@example.jp", "03-0000-0000", "24h", "", ZoneInfo("Asia/Tokyo"))
AT = datetime(2026, 11, 22, 1, 2, tzinfo=UTC)
CONTRACT = Contract(1, "C-001", "株式会社サンプル", "premium", "ja", "本番クラスタ", 0, False, ())
YAMADA, SUZUKI = Mailbox("山田 太郎", "yamada@example.co.jp"), Mailbox("鈴木 花子", "suzuki@example.co.jp")
STEPS = (
    PersonStep(Role.ASKER, Doing.REPLACE, YAMADA, SUZUKI, "質問担当者を山田から鈴木に変更"),
    MachineStep(Doing.ADD, None, Equipment("db1", "RHEL 9.4", "pgpool-II 4.5.2"), "db1"),
)
TO = Addressee("ja", CONTRACT, "山田 太郎", "registry@example.jp")
PROPOSAL = Proposal(
    language="en",
    number="CHG-3",
    contract=CONTRACT,
    writer=YAMADA,
    as_asker=True,
    trust="plausible",
    asked_at=AT,
    subject="Re: 変更",
    steps=STEPS,
    seats_taken=1,
    seats_after=1,
    refusal="",
    warnings=("unproven",),
    unclear=("あわせて",),
    supersedes="CHG-2",
    text="変更をお願いします。\n",
)
CHANGE_WORDINGS = [
    changereplies.received(DESK, TO, "CHG-3", "変更", STEPS, ("あわせて",)),
    changereplies.form(DESK, TO, "CHG-3", "変更"),
    changereplies.done(DESK, TO, "CHG-3", STEPS),
    changereplies.declined(DESK, TO, "CHG-3", STEPS, "席がありません"),
    changereplies.registered(DESK, TO, ["asker"], "本番"),
    changereplies.unregistered(DESK, TO, ["asker"]),
    changereplies.proposal(DESK, PROPOSAL),
    changereplies.comment(DESK, Comment("en", CONTRACT, YAMADA, "[CHG-3] x", "thanks")),
    changereplies.reminder(DESK, "ja", [Waiting("CHG-3", "C-001", "株式会社サンプル", "yamada@example.co.jp", AT, 2)]),
]
