"""Did the desk do what the demo is to show?"""

from __future__ import annotations

from collections.abc import Sequence

from mailbot.cli.demo.mails import Sample
from mailbot.cli.demo.seen import Seen
from mailbot.errors import MailbotError


class DemoFailedError(MailbotError):
    """Something that the demo is to show did not happen."""


def decided(seen: Seen, samples: Sequence[Sample]) -> Seen | None:
    """Give what was seen once every sample has been decided. Raises DemoFailedError at the first wrong decision."""
    for each in samples:
        mail = seen.mail(each.message_id)
        if mail is None or mail.state == "new":
            return None
        if mail.decision != each.expected:
            was = mail.decision or mail.state
            raise DemoFailedError(
                f'mail {mail.id} ({each.about}) was to be "{each.expected}", but is "{was}": {mail.why}'
            )
    return seen


def all_sent(seen: Seen) -> Seen | None:
    """Give what was seen once every letter has left, and every incident is acknowledged by that."""
    lost = [each for each in seen.letters if each.state in ("failed", "held", "in_doubt")]
    if lost:
        raise DemoFailedError(f"the {lost[0].kind} to {lost[0].recipient} is {lost[0].state}: {lost[0].answer}")
    sent = all(each.state == "sent" for each in seen.letters)
    return seen if sent and all(each.acknowledged_at for each in seen.incidents) else None


def require_promises(seen: Seen) -> None:
    """Raise DemoFailedError when somebody got a mail too many: a second acknowledgement, a word to a stranger."""
    outside = [each for each in seen.letters if each.audience != "staff"]
    for incident in seen.incidents:
        told = [each for each in outside if each.incident == incident.number and each.kind == "acknowledgement"]
        if len(told) != 1:
            raise DemoFailedError(f"{incident.number} was acknowledged {len(told)} times")
    if len(outside) > len(seen.incidents):
        raise DemoFailedError(f"more than acknowledgements went out, the last one to {outside[-1].recipient}")
