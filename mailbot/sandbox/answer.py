"""Can the answer of a child be believed to be a Reading and nothing worse?"""

from __future__ import annotations

import datetime
import io
import pickle
from functools import lru_cache
from importlib import import_module

from mailbot.desk.content import Reading

_OURS = frozenset(
    {"mailbot.mail.message", "mailbot.desk.content", "mailbot.desk.urgency", "mailbot.desk.scope"}
)  # modules of values without behaviour
_OTHERS = frozenset({("datetime", "datetime"), ("datetime", "timezone"), ("datetime", "timedelta")})


class _Unpickler(pickle.Unpickler):
    """Takes the values of a Reading and nothing else: a child that was taken over must not reach the parent."""

    def find_class(self, module: str, name: str) -> object:
        return _known(module, name)


@lru_cache(maxsize=64)
def _known(module: str, name: str) -> object:
    """The class of this name, if a Reading is made of it."""
    if (module, name) in _OTHERS:
        return getattr(datetime, name)
    if module in _OURS and name.isidentifier():
        found = getattr(import_module(module), name, None)
        if isinstance(found, type) and found.__module__ == module:
            return found
    raise pickle.UnpicklingError(f"{module}.{name} does not belong into a reading")


def unpickled(answer: bytes) -> Reading | str:
    """The Reading, or in words why there is none."""
    try:
        found = _Unpickler(io.BytesIO(answer)).load()
    except Exception as error:
        return f"the reading cannot be understood ({type(error).__name__})"
    return found if isinstance(found, Reading | str) else "the reading is no reading"
