"""Which lines divide a mail into parts (RFC 2046 §5.1.1), and what do they mean at a given place? Pure.

A dividing line that gateways have changed is still found: in another case, with blanks behind it, with an old Mac's
line end. Each line is looked at once for each multipart around it.
"""

from __future__ import annotations

import re

from mailbot.mail.guard import MAX_MARKS, TooStrangeError

_MARK = re.compile(rb"--(?<![^\r\n]--)([^\r\n]{1,1000})")


class Open:
    """The boundaries of the multiparts around a place, outermost first: what does a dividing line mean here?

    An inner one wins over an outer one: some programs use one boundary twice, or one that is the end of another.
    """

    __slots__ = ("_exact", "_folded", "level", "seen")

    def __init__(self, around: Open | None = None, boundary: bytes = b"") -> None:
        self.level: int = around.level + 1 if around else 0
        self.seen = (0, -1)  # from which mark on the next one that means something was looked for, and found
        names = {boundary: (self.level, False), boundary + b"--": (self.level, True)} if around else {}
        self._exact: dict[bytes, tuple[int, bool]] = around._exact | names if around else {}
        folded = {name.lower(): meaning for name, meaning in names.items()}
        self._folded: dict[bytes, tuple[int, bool]] = around._folded | folded if around else {}

    def meaning(self, text: bytes) -> tuple[int, bool] | None:
        """The level that the line belongs to, and whether it closes it; gateways have been seen to change the case."""
        found = self._exact.get(text) or self._folded.get(text.lower())
        if found is None and (b" " in text or b"--" in text):  # the boundary is enough, whatever stands behind it
            found = self._exact.get(text[: text.rfind(b"--") + 2]) or self._exact.get(text.split()[0])
        return found


class Dividers:
    """The lines of one mail that may divide parts, and the first of them (`at`) that is not behind us."""

    def __init__(self, raw: bytes) -> None:
        if raw.count(b"\n--") + raw.count(b"\r--") > MAX_MARKS:
            raise TooStrangeError(f"the mail has over {MAX_MARKS:,} lines that could divide parts")
        self._raw = raw
        found = _MARK.finditer(raw) if b"--" in raw else ()
        self.marks = [(mark.start(), mark.end(), mark.group(1).rstrip()) for mark in found]
        self.at = 0

    def find(self, position: int, opened: Open) -> int:
        """The first mark, from `at` on and not before `position`, that means something; len(marks) when none does."""
        asked, found = opened.seen
        if not (asked <= self.at <= found and (found == len(self.marks) or self.marks[found][0] >= position)):
            found = self.at
            while found < len(self.marks):
                start, _, text = self.marks[found]
                if start >= position and opened.meaning(text):
                    break
                found += 1
            opened.seen = (self.at, found)
        return found

    def stop(self, position: int, around: Open) -> int:
        """Where the next line that means something begins, or the end of the mail."""
        found = self.find(position, around)
        return self.marks[found][0] if found < len(self.marks) else len(self._raw)

    def end(self, body: int, around: Open) -> int:
        """Where a body ends: the line end before a dividing line belongs to that line."""
        found = self.find(body, around)
        if found == len(self.marks):
            return len(self._raw)
        end = self.marks[found][0]
        end -= 2 if self._raw[end - 2 : end] == b"\r\n" else 1
        return max(body, end)

    def next_line(self, end: int) -> int:
        """Where the line after one that ends at `end` begins."""
        return end + (2 if self._raw.startswith(b"\r\n", end) else 1)
