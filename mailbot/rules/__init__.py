"""What do the rule files say? rules/*.toml → the desk's values, or every fault in them at once.

Each file carries its own examples, which are checked at every start.
"""

from mailbot.rules.example import Example
from mailbot.rules.loading import Rules, load, run_examples
from mailbot.rules.service import Service

__all__ = ["Example", "Rules", "Service", "load", "run_examples"]
