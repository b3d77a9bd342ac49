"""Is a question urgent, and what in it says so? (S20) Pure."""

from __future__ import annotations

from dataclasses import dataclass

from mailbot.desk.phrases import Phrases, Plain, plain


@dataclass(frozen=True, slots=True)
class UrgencyRules:
    """The phrases by which the conditions of S20 are recognised.

    `signs` are the four kinds of damage by name. `elsewhere` names environments that are not production; `over` says
    that the trouble has passed. `denied` are phrases that contain one of the others and mean the opposite.
    """

    marks: Phrases
    production: Phrases
    unusable: Phrases
    critical: Phrases
    signs: tuple[tuple[str, Phrases], ...]
    elsewhere: Phrases
    over: Phrases
    denied: Phrases


@dataclass(frozen=True, slots=True)
class Urgency:
    """The verdict: `urgent` is how the question is treated; `doubtful` says that a person must be asked about it.

    What is in doubt counts as urgent until then (S20). `evidence` lists what was found, as `condition: phrase`.
    """

    urgent: bool
    doubtful: bool
    evidence: tuple[str, ...]


def assess(subject: str, text: str, rules: UrgencyRules) -> Urgency:
    """Judge a question by its subject and by what the writer says in it anew (nothing quoted).

    All four conditions of S20 together make it urgent. Doubtful is: a mark in the subject; two of the conditions that
    can be seen from outside (production, unusable, a sign), unless another environment is meant or it has passed; a
    mark in the text beside one of them; all four, when it has passed.
    """
    heading = rules.denied.taken_out(plain(subject))
    body = rules.denied.taken_out(plain(subject, text))
    found = _found(body, rules)
    seen = found.keys() & {"production", "unusable", "sign"}
    if "mark" not in found and not seen:
        return Urgency(urgent=False, doubtful=False, evidence=_evidence(found))
    over = rules.over.first(body)
    if over is None and "critical" in found and len(seen) == 3:
        return Urgency(urgent=True, doubtful=False, evidence=_evidence(found))
    if over is not None:
        found["over"] = over
    elsewhere = None if "production" in found else rules.elsewhere.first(body)
    if elsewhere is not None:
        found["elsewhere"] = elsewhere
    doubtful = rules.marks.first(heading) is not None or _doubtful(found)
    return Urgency(urgent=doubtful, doubtful=doubtful, evidence=_evidence(found))


def _found(body: Plain, rules: UrgencyRules) -> dict[str, str]:
    """Give the condition → phrase of every condition that the text fulfils."""
    conditions: tuple[tuple[str, Phrases], ...] = (
        ("mark", rules.marks),
        ("production", rules.production),
        ("unusable", rules.unusable),
        ("critical", rules.critical),
    )
    found = {name: hit for name, group in conditions if (hit := group.first(body)) is not None}
    for kind, group in rules.signs:
        hit = group.first(body)
        if hit is not None:
            found["sign"] = f"{hit} ({kind})"
            break
    return found


def _doubtful(found: dict[str, str]) -> bool:
    seen = found.keys() & {"production", "unusable", "sign"}
    if "over" in found:
        return len(seen) == 3 and "critical" in found
    if "elsewhere" in found:
        return False
    return len(seen) >= 2 or ("mark" in found and bool(seen))


def _evidence(found: dict[str, str]) -> tuple[str, ...]:
    return tuple(f"{condition}: {hit}" for condition, hit in found.items())
