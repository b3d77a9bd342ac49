"""What does one fuzzing process do? It lets libFuzzer think of mails and reads each. Started by `python -m tests.fuzz`.

A fault that Python can catch is kept under its name and the search goes on; only what kills or stalls the process
(libFuzzer's crash, timeout and oom) ends it.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["mailbot.mail", "email"]):
    from tests.fuzz.findings import fault, keep


def one(raw: bytes) -> None:
    """Read what libFuzzer thought of."""
    found = fault(raw)
    if found:
        keep(raw, found)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
