"""Where are the rules, templates and the example configuration that travel with mailbot?"""

from __future__ import annotations

from pathlib import Path

from mailbot.errors import ConfigurationError, Fault

_PACKAGE = Path(__file__).parents[1]


def bundled(name: str) -> Path:
    """The folder or file of that name: in a wheel under mailbot/data, in the source tree at its top level."""
    for place in (_PACKAGE / "data" / name, _PACKAGE.parent / name):
        if place.exists() and (place.parent.name == "data" or (place.parent / "pyproject.toml").exists()):
            return place
    raise ConfigurationError([Fault(name, "(file)", "", "is missing from the installation: install mailbot again")])
