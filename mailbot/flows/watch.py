"""Is something waiting that people should know of? All that is looked for at a tick, most pressing first."""

from __future__ import annotations

from datetime import datetime

from mailbot.flows import heldmail, late, neutral
from mailbot.flows.context import Context


def tick(context: Context, now: datetime) -> int:
    """Tell people what waits too long: staff of acknowledgements that have not left, then of mails that are held, and
    registered people that a mail of theirs is here.

    Gives the number of things told. Each is done in its own transaction, and what is due stands in the database: a
    tick that never came is made up for by the next.
    """
    return late.alarm(context, now) + heldmail.tell(context, now) + neutral.tell(context, now)
