"""Does a rule file do what its author says that it does? Pure."""

from __future__ import annotations

from dataclasses import dataclass

from mailbot.errors import Fault


@dataclass(frozen=True, slots=True)
class Example:
    """An example from a rule file: where it stands, what it asks, what its author expects and what the rules say."""

    file: str
    key: str
    asked: str
    expected: str
    actual: str

    @property
    def holds(self) -> bool:
        """Say whether the rules do what the author expects."""
        return self.expected == self.actual

    def fault(self) -> Fault:
        """Tell the difference to the author of the file."""
        return Fault(
            self.file,
            self.key,
            self.asked,
            f"expects {self.expected}, but the rules say {self.actual}: mend the rules or the example",
        )
