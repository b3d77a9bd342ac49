"""Which things can go wrong that are not bugs, and whose fault each is.

    MailbotError                  the world failed, or somebody gave us wrong input
    ├── ConfigurationError        faults in configuration, rules or templates: all at once, exit 2
    ├── InputError                wrong input on the command line or in a file: exit 2
    ├── NotFoundError             what was asked for is not there: exit 1
    ├── RefusedError              it is there, but a rule of the desk forbids this: exit 1
    ├── StoreUnavailableError     the database is away, locked or failing: 451, exit 75
    │   └── StoreFullError        the disk or the reserve is used up: 452
    ├── RelayError                a mail could not be handed on; says whether for good, or whether that is unknown
    └── PageError                 an alarm did not reach a program or a webhook

A *decision* about a mail is never an exception: it is a Verdict. Anything else that is raised is a bug.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class MailbotError(Exception):
    """The world failed or the input is wrong; the message is one line that a person can act on."""

    exit_code = 1


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of configuration: where it is, what stands there, and how to mend it."""

    file: str
    key: str
    value: str
    mend: str

    def __str__(self) -> str:
        value = f" = {self.value}" if self.value else ""
        return f"{self.file}: {self.key}{value}: {self.mend}".replace("\n", " ")


class ConfigurationError(MailbotError):
    """Everything that is wrong with the configuration, in one report."""

    exit_code = 2

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


class InputError(MailbotError):
    """Wrong input: what, where, how to mend."""

    exit_code = 2


class NotFoundError(MailbotError):
    """What was asked for does not exist."""


class RefusedError(MailbotError):
    """A rule of the desk forbids what was asked for."""


class StoreUnavailableError(MailbotError):
    """The database cannot be reached or is failing; trying again later may help (451, exit 75)."""

    exit_code = 75


class StoreFullError(StoreUnavailableError):
    """There is no room for another mail (452 4.3.1)."""


class RelayError(MailbotError):
    """A mail was not handed on.

    `permanent`: trying again cannot help (5yz). `in_doubt`: the connection died after the final dot, so nobody
    nobody knows whether the mail was taken (RFC 1047). `of_relay`: the relay failed, so another mail would fare the
    same; else it works, and this is about this mail.
    """

    exit_code = 75

    def __init__(
        self, message: str, *, permanent: bool = False, in_doubt: bool = False, of_relay: bool = False
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.in_doubt = in_doubt
        self.of_relay = of_relay


class PageError(MailbotError):
    """The operator's command or webhook did not take an alarm; trying again later may help."""

    exit_code = 75
