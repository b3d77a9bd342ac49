"""What did somebody write in this field, and what is wrong with it? All that is found is told at once. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from mailbot.errors import Fault, InputError, RefusedError
from mailbot.mail.address import normalise, registrable
from mailbot.mail.header import clean
from mailbot.mail.message import Mailbox

_LONGEST_NUMBER = 64
_LONGEST_LINE = 500
_LONGEST_VALUE = 80  # of what is shown of a fault
_MOST_ASKERS = 1_000
_MOST_TOLD = 1_000  # a file of another kind has a fault in every line
_PARTING = frozenset('|;"')
_YES, _NO = ("yes", "true", "1"), ("", "no", "false", "0")


@dataclass(slots=True)
class Findings:
    """All that is found in one place: `faults` are wrongly written, `refusals` are against a rule of the desk."""

    where: str
    faults: list[Fault] = field(default_factory=list)
    refusals: list[Fault] = field(default_factory=list)

    @property
    def any(self) -> bool:
        """Say whether something was found."""
        return bool(self.faults or self.refusals)

    def fault(self, name: str, value: str, mend: str) -> None:
        """Something is wrongly written."""
        self.faults.append(Fault(self.where, name, _shown(value), mend))

    def refuse(self, name: str, value: str, mend: str) -> None:
        """Something is well written and not allowed."""
        self.refusals.append(Fault(self.where, name, _shown(value), mend))


def told(found: Sequence[Findings]) -> InputError | RefusedError:
    """Make the error that tells all of it, a line each: InputError where something is wrongly written."""
    lines = [str(fault) for findings in found for fault in (*findings.faults, *findings.refusals)]
    if len(lines) > _MOST_TOLD:
        lines[_MOST_TOLD:] = [f"and {len(lines) - _MOST_TOLD} more"]
    kind = InputError if any(findings.faults for findings in found) else RefusedError
    return kind("\n".join(lines))


def refuse_if(found: Findings) -> None:
    """Raise what was found, if anything."""
    if found.any:
        raise told([found])


def number(written: str, found: Findings) -> str:
    """Read the number of a contract."""
    before = len(found.faults)
    text = line("number", written, found, needed=True)
    odd = len(text) > _LONGEST_NUMBER or any(map(str.isspace, text)) or text.startswith("-")
    if odd and len(found.faults) == before:
        found.fault("number", written, f"must be at most {_LONGEST_NUMBER} characters, without blanks or a - in front")
    return text


def line(name: str, written: str, found: Findings, *, needed: bool) -> str:
    """Read one line of text."""
    text = clean(written)
    if needed and not text:
        found.fault(name, written, "is needed")
    elif text != written.strip() and (not written.isprintable() or len(text) < len(written.strip())):
        found.fault(name, written, "must be one line without control characters")
    elif len(text) > _LONGEST_LINE:
        found.fault(name, written, f"must have at most {_LONGEST_LINE} characters")
    return text


def day(name: str, written: str, found: Findings) -> date | None:
    """Read a day."""
    text = written.strip()
    try:
        if len(text) == len("2026-04-01"):  # ISO 8601 knows other forms too, which few people can read
            return date.fromisoformat(text)
    except ValueError:
        pass
    found.fault(name, written, "must be a day like 2026-04-01" if text else "is needed: a day like 2026-04-01")
    return None


def moment(name: str, written: str, found: Findings) -> datetime | None:
    """Read a moment with its zone, such as 2026-04-01T09:00:00+09:00; None where nothing is written."""
    text = written.strip()
    try:
        at = datetime.fromisoformat(text) if text else None
    except ValueError:
        at = None
    if text and (at is None or at.tzinfo is None):
        found.fault(name, written, "must be a time with its zone, such as 2026-04-01T09:00:00+09:00")
        return None
    return at


def timezone(written: str, found: Findings) -> str | None:
    """Read the name of a time zone; None, written `desk` or not at all: the desk's own."""
    name = written.strip()
    if name in ("", "desk"):
        return None
    try:
        return ZoneInfo(name).key
    except (KeyError, OSError, ValueError):  # unknown, a folder of zones, not a relative path
        found.fault("timezone", written, "is no time zone: write it like Europe/Berlin, or desk for the desk's own")
        return None


def cell(name: str, written: str, found: Findings, *, needed: bool) -> str:
    """Read one line without the marks that part the cells of a table."""
    text = line(name, written, found, needed=needed)
    if _PARTING & set(text):
        found.fault(name, written, 'must not hold | or ; or "')
    return text


def extra_askers(written: str, found: Findings) -> int:
    """Read the number of seats beyond the first one (S9)."""
    text = written.strip() or "0"
    if text.isascii() and text.isdigit() and len(text) < 10 and int(text) < _MOST_ASKERS:
        return int(text)
    found.fault("extra_askers", written, f"must be a whole number from 0 to {_MOST_ASKERS - 1}")
    return _MOST_ASKERS  # so that no seat is missed on top of that


def yes_or_no(name: str, written: str, found: Findings) -> bool:
    """Read yes or no; nothing is no."""
    word = written.strip().lower()
    if word not in (*_YES, *_NO):
        found.fault(name, written, "must be yes or no")
    return word not in _NO


def yes_no_or_nothing(name: str, written: str, found: Findings) -> bool | None:
    """Read yes or no; None where nothing is written."""
    return yes_or_no(name, written, found) if written.strip() else None


def address(name: str, written: str, found: Findings) -> Mailbox | None:
    """Read `Name <address>`; the address comes back normalised."""
    try:
        box = registrable(written)
        return Mailbox(box.name, normalise(box.address))
    except ValueError as error:
        found.fault(name, written, str(error))
        return None


def list_id(written: str, found: Findings) -> str | None:
    """The identifier as it is read off a mail: RFC 2919 §3, without angle brackets, in lower case."""
    text = written.strip()
    inside = text.rpartition("<")[2].removesuffix(">") if text.endswith(">") else text
    if inside and (not inside.isascii() or not inside.isprintable() or " " in inside or "." not in inside):
        found.fault("list_id", written, "must be the identifier of List-Id, such as team.example.jp")
    return inside.lower()[:255] or None


def _shown(value: str) -> str:
    text = clean(value)
    return f'"{text[: _LONGEST_VALUE - 1]}…"' if len(text) > _LONGEST_VALUE else f'"{text}"' if text else ""
