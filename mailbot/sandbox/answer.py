"""Can the answer of a child be believed to be a Message and nothing worse?"""

from __future__ import annotations

import io
import pickle

from mailbot.mail.message import Message


class _Unpickler(pickle.Unpickler):
    """Takes the values of a Message and nothing else: a child that was taken over must not reach the parent."""

    def find_class(self, module: str, name: str) -> object:
        if module == "mailbot.mail.message" and name.isidentifier():
            return super().find_class(module, name)
        if (module, name) in {("datetime", "datetime"), ("datetime", "timezone"), ("datetime", "timedelta")}:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} does not belong into a reading")


def unpickled(answer: bytes) -> Message | str:
    """The Message, or in words why there is none."""
    try:
        found = _Unpickler(io.BytesIO(answer)).load()
    except Exception as error:
        return f"the reading cannot be understood ({type(error).__name__})"
    return found if isinstance(found, Message | str) else "the reading is no message"
