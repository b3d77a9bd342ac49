"""What does the desk make of the words of a mail: its language, its urgency, what it is about? Pure.

Words from outside are looked through in the reading children, under their limits (attack row 19), so that no text can
hold up the daemon.
"""

from __future__ import annotations

from dataclasses import dataclass

from mailbot.desk.contract import Language
from mailbot.desk.language import language_of
from mailbot.desk.scope import Scope, ScopeRules, scope_of
from mailbot.desk.urgency import Urgency, UrgencyRules, assess
from mailbot.desk.wanted import WantedRules, missing_of
from mailbot.mail.message import Message


@dataclass(frozen=True, slots=True)
class ContentRules:
    """The rules by which words are understood."""

    urgency: UrgencyRules
    scope: ScopeRules
    wanted: WantedRules


@dataclass(frozen=True, slots=True)
class Content:
    """What the writer says anew, and what the desk makes of it. `language` is None when it cannot be told; `missing`
    are the keys of what a question should bring and this one does not.
    """

    text: str
    language: Language | None
    urgency: Urgency
    scope: Scope
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A mail, read and understood."""

    message: Message
    content: Content


def reading(message: Message, rules: ContentRules) -> Reading:
    """Understand a mail's words; one that was only handed on says it all in what it hands on."""
    text = message.new_text or message.text
    scope = scope_of(message.subject, text, rules.scope)
    names = [each.filename for each in message.attachments]
    content = Content(
        text=text,
        language=language_of(text) or language_of(message.subject),
        urgency=assess(message.subject, text, rules.urgency),
        scope=scope,
        missing=missing_of(message.subject, text, names, scope, rules.wanted, rules.scope.products),
    )
    return Reading(message, content)
