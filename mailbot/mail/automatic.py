"""Did a machine write this, and which kind? Pure.

The reasons are a closed list: `auto-submitted`, `auto-reply`, `notification`, `read-receipt`, `calendar-answer`,
`feedback-report`, `recall`. A mail that is taken for a machine's gets no answer, so each must be proved: by what
programs alone write into the header, or by the mail's own words about itself. A question that a customer's web form
carries is a person's: such a form writes no field that says "automatic", and what is in it was typed.
"""

from __future__ import annotations

from mailbot.mail.automaticfields import by_field
from mailbot.mail.automaticwords import label_of, sentence_of
from mailbot.mail.message import Automatic
from mailbot.mail.receipt import by_click
from mailbot.mail.structure import Part


def automatic_of(root: Part, subject: str, written: str) -> Automatic | None:
    """Say that a machine wrote this mail, by which reason and what shows it; None for people.

    `written` is what the sender wrote, with the signature and without what was quoted or handed on.
    """
    return by_click(root, subject, written) or by_field(root.fields) or _by_words(subject, written)


def _by_words(subject: str, written: str) -> Automatic | None:
    label = label_of(subject, written)
    if label:
        return Automatic("auto-reply", f"Subject: {label[:120]}")
    sentence = sentence_of(subject, written)
    return Automatic("auto-reply", sentence[:120]) if sentence else None
