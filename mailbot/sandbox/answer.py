"""How does an answer come from a child, and can the answer be believed to be one and nothing worse?"""

from __future__ import annotations

import datetime
import io
import pickle
from enum import Enum
from functools import lru_cache
from importlib import import_module
from typing import Any

from mailbot.desk.content import Reading
from mailbot.mail.lookup import Verification

_OURS = frozenset(
    {
        "mailbot.mail.message",
        "mailbot.mail.lookup",
        "mailbot.desk.content",
        "mailbot.desk.urgency",
        "mailbot.desk.scope",
    }
)  # modules of values without behaviour
_OTHERS = frozenset({("datetime", "datetime"), ("datetime", "timezone"), ("datetime", "timedelta")})


class _Pickler(pickle.Pickler):
    """Writes an enumeration's member by its class and value: Python before 3.11.4 would ask for `getattr` instead."""

    def reducer_override(self, obj: object) -> Any:
        if isinstance(obj, Enum):
            return type(obj), (obj.value,)
        return NotImplemented


def pickled(answer: Reading | Verification | str) -> bytes:
    """What was asked for, or in words why there is none."""
    written = io.BytesIO()
    _Pickler(written, pickle.HIGHEST_PROTOCOL).dump(answer)
    return written.getvalue()


class _Unpickler(pickle.Unpickler):
    """Takes the values of an answer and nothing else: a child that was taken over must not reach the parent."""

    def find_class(self, module: str, name: str) -> object:
        return _known(module, name)


@lru_cache(maxsize=64)
def _known(module: str, name: str) -> object:
    """The class of this name, if an answer is made of it."""
    if (module, name) in _OTHERS:
        return getattr(datetime, name)
    if module in _OURS and name.isidentifier():
        found = getattr(import_module(module), name, None)
        if isinstance(found, type) and found.__module__ == module:
            return found
    raise pickle.UnpicklingError(f"{module}.{name} does not belong into a reading")


def unpickled(answer: bytes) -> Reading | Verification | str:
    """What was asked for, or in words why there is none."""
    try:
        found = _Unpickler(io.BytesIO(answer)).load()
    except Exception as error:
        return f"the reading cannot be understood ({type(error).__name__})"
    return found if isinstance(found, Reading | Verification | str) else "the reading is no reading"
