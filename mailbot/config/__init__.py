"""What did the owner configure? TOML → frozen settings, or every fault at once."""

from mailbot.config.bundled import bundled
from mailbot.config.loading import Examination, examine, find, load, masked
from mailbot.config.settings import (
    Addresses,
    Alarm,
    Database,
    Desk,
    Dkim,
    Lmtp,
    Log,
    Policy,
    Relay,
    Rules,
    SecondRelay,
    Secrets,
    Settings,
    Smtp,
    Templates,
    Trust,
    Workers,
)

__all__ = [
    "Addresses",
    "Alarm",
    "Database",
    "Desk",
    "Dkim",
    "Examination",
    "Lmtp",
    "Log",
    "Policy",
    "Relay",
    "Rules",
    "SecondRelay",
    "Secrets",
    "Settings",
    "Smtp",
    "Templates",
    "Trust",
    "Workers",
    "bundled",
    "examine",
    "find",
    "load",
    "masked",
]
