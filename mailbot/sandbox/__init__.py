"""Who reads the mails that could harm a reader? Child processes with limits: one mail, one death at most."""

from mailbot.sandbox.batch import ReadingFailure
from mailbot.sandbox.pool import ReadingPool

__all__ = ["ReadingFailure", "ReadingPool"]
