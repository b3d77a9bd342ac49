"""What does a reading child do? It reads mails, or verifies who sent them, under limits until its input ends.

Limits are per mail where the kernel allows: processor time and an alarm are wound up before each; memory, files and
core dumps are limited once.
"""

from __future__ import annotations

import os
import pickle
import resource
import signal
import struct
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from math import ceil
from typing import BinaryIO

from mailbot.desk.content import ContentRules, Reading, reading
from mailbot.mail.lookup import Verification
from mailbot.mail.reading import read, read_summary
from mailbot.sandbox.answer import pickled

_REQUEST = struct.Struct("!III")
_ANSWER = struct.Struct("!I")


def serve(arguments: Sequence[str]) -> None:
    """Answer every request on standard input; end when the parent closes it, and so also when the parent dies."""
    rules_file, authserv_id, cpu_seconds, memory_bytes, wall_seconds = arguments
    rules = _rules(int(rules_file))
    requests, answers = sys.stdin.buffer, _own_output()
    _preload()
    _limit_for_good(int(memory_bytes))
    while (head := _exactly(requests, _REQUEST.size)) is not None:
        why, ask, raw = (_exactly(requests, size) for size in _REQUEST.unpack(head))
        if why is None or ask is None or raw is None:
            return
        _limit_for_one(int(cpu_seconds), float(wall_seconds))
        if ask:
            answer = _guarded(partial(_verification, raw, ask))
        else:
            answer = _guarded(partial(_reading, raw, why.decode("utf-8", "replace"), authserv_id, rules))
        signal.setitimer(signal.ITIMER_REAL, 0)
        answers.write(_ANSWER.pack(len(answer)) + answer)
        answers.flush()


def _rules(descriptor: int) -> ContentRules:
    """What the parent wrote down for its children, each of which reads it from the start."""
    rules = pickle.loads(os.pread(descriptor, os.fstat(descriptor).st_size, 0))  # noqa: S301 - from our parent
    os.close(descriptor)
    assert isinstance(rules, ContentRules)  # noqa: S101
    return rules


def _reading(raw: bytes, why: str, authserv_id: str, rules: ContentRules) -> Reading:
    if why:
        return reading(read_summary(raw, why=why, authserv_id=authserv_id), rules)
    return reading(read(raw, authserv_id=authserv_id), rules)


def _verification(raw: bytes, ask: bytes) -> Verification:
    from mailbot.mail.verification import verify  # its libraries are loaded where senders are verified

    mail, known = pickle.loads(ask)  # noqa: S301 - from our parent
    return verify(replace(mail, raw=raw), known)


def _guarded(work: Callable[[], Reading | Verification]) -> bytes:
    """The pickled answer, or in words what went wrong; the parent then asks another child for the header alone."""
    found: Reading | Verification | str
    try:
        found = work()
    except MemoryError:
        found = "reading took too much memory"
    except RecursionError:
        found = "the mail is nested too deep"
    except Exception as error:
        found = f"the reader failed ({type(error).__name__})"
    try:
        return pickled(found)
    except MemoryError:
        return pickled("reading took too much memory")


def _own_output() -> BinaryIO:
    """Keep the pipe to the parent for answers; whatever a library prints goes nowhere."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _preload() -> None:
    """Load what is loaded late otherwise, so that no mail pays for it out of its own limits."""
    import chardet
    import inscriptis
    import lxml.html  # type: ignore[import-untyped]

    for library in (chardet, inscriptis, lxml.html):
        library.__name__  # noqa: B018 - loaded for later
    chardet.detect("読み込み".encode("euc_jp"))


def _limit_for_good(memory_bytes: int) -> None:
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, signal.SIG_IGN)  # of the terminal's group; the parent decides when we end
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    ceiling = memory_bytes if hard == resource.RLIM_INFINITY else min(memory_bytes, hard)
    resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))


def _limit_for_one(cpu_seconds: int, wall_seconds: float) -> None:
    """The kernel ends us (SIGXCPU, SIGALRM) when this mail takes longer, even when the parent is gone."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (ceil(usage.ru_utime + usage.ru_stime) + cpu_seconds, hard))
    signal.setitimer(signal.ITIMER_REAL, wall_seconds)


def _exactly(stream: BinaryIO, size: int) -> bytes | None:
    """That many bytes, or None when the stream ends before."""
    data = stream.read(size) if size else b""
    return data if len(data) == size else None


if __name__ == "__main__":
    serve(sys.argv[1:])
