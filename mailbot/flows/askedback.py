"""May somebody who answers here be told once more that a mail of theirs changed nothing?"""

from __future__ import annotations

from datetime import timedelta

from mailbot.flows.answering import Case
from mailbot.store import journal

_WITHIN = timedelta(days=1)
_MOST = 5
"""So often in that time. A person learns it from the first; a robot behind the address would ask for ever (RFC 3834
§2)."""


def may_ask_back(case: Case, person_id: int) -> bool:
    """Say whether there is still an answer left for this person, and use it up."""
    subject = f"staff:{person_id}"
    asked = [each for each in journal.about(case.connection, subject) if each["what"] == "asked-back"]
    if sum(each["at"] > case.now - _WITHIN for each in asked) >= _MOST:
        return False
    journal.write(case.connection, [journal.Entry(case.now, subject, "asked-back", f"inbound {case.mail.id}")])
    return True
