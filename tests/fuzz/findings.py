"""Which fault does an input show, and what is the least of it that still shows it?"""

from __future__ import annotations

import re
import time
import traceback
from pathlib import Path

from tests.fuzz.invariants import BrokenPromiseError, check

CRASHES = Path(__file__).parent / "crashes"
SEEDS = Path(__file__).parent / "seeds"
WORDS = Path(__file__).parent / "words.dict"


def fault(raw: bytes) -> str | None:
    """A name for the fault, the same for all inputs that fail in the same way and place; None when all is well."""
    try:
        check(raw)
    except BrokenPromiseError as broken:
        return _slug(str(broken))
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        return _slug(f"{type(error).__name__} in {Path(place.filename).stem} {place.name}")
    return None


def keep(raw: bytes, name: str, folder: Path = CRASHES) -> Path:
    """Save the input under the name of its fault, unless a smaller one stands there."""
    path = folder / f"{name}.eml"
    if not path.exists() or path.stat().st_size > len(raw):
        fresh = path.with_suffix(f".{len(raw)}.new")  # another process may be at it too
        fresh.write_bytes(raw)
        fresh.replace(path)
    return path


def smallest(raw: bytes, name: str, *, seconds: float = 20.0) -> bytes:
    """Leave out piece after piece, smaller and smaller ones, as long as the fault stays and the time lasts."""
    end = time.monotonic() + seconds
    size = max(1, len(raw) // 2)
    while True:
        at = 0
        while at < len(raw) and time.monotonic() < end:
            shorter = raw[:at] + raw[at + size :]
            if fault(shorter) == name:
                raw = shorter
            else:
                at += size
        if size == 1 or time.monotonic() >= end:
            return raw
        size //= 2


def _slug(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:100]
