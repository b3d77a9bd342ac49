"""By which relay does a letter leave, and by which when that one fails?

A letter that must not wait goes by the other relay at once when the one that it prefers surely does not have it; never
when that is in doubt. A relay that failed is asked last for a while: then one letter finds out how it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic

from mailbot.channels.letter import Letter, Relay
from mailbot.desk.routes import Tried, Way, instead
from mailbot.errors import RelayError

_SHUNNED_SECONDS = 60.0
_CHECK_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """The last word about a letter, and how each relay that was tried fared, in that order."""

    said: str | RelayError
    tried: tuple[Tried, ...]


class Ways:
    """The relays that there are; the first always is. `clock` counts seconds."""

    def __init__(self, relays: Mapping[Way, Relay], clock: Callable[[], float] = monotonic) -> None:
        self._relays, self._clock = relays, clock
        self._shunned: dict[Way, float] = {}

    async def send(self, letter: Letter) -> Outcome:
        """Hand the letter to a relay; what the relays say is in the outcome, and nothing is raised for it."""
        tried: list[Tried] = []
        failures: list[tuple[Way, RelayError]] = []
        for way in self._order(letter):
            try:
                said = await self._relays[way].send(letter)
            except RelayError as error:
                tried.append(self._noted(way, error))
                if error.in_doubt or (error.permanent and way == self._preferred(letter)):
                    return Outcome(error, tuple(tried))
                failures.append((way, error))
            else:
                tried.append(self._noted(way, None))
                told = said if way == letter.way else instead(way, said)
                return Outcome(told, tuple(tried))
        return Outcome(_together(failures), tuple(tried))

    async def recheck(self) -> tuple[Tried, ...]:
        """Ask the relays that failed just now whether they still do. Only what fails again is told: a relay that can be
        reached may yet take no letter.
        """
        suspects = [way for way, until in self._shunned.items() if self._clock() < until]
        found = []
        for way in suspects:
            try:
                async with asyncio.timeout(_CHECK_SECONDS):
                    await self._relays[way].check()
            except RelayError as error:
                found.append(Tried(way, str(error)))
            except TimeoutError:
                found.append(Tried(way, f"the relay did not answer within {_CHECK_SECONDS:g} seconds"))
        return tuple(found)

    async def close(self) -> None:
        """Let go of every connection. Letters under way end by themselves."""
        for relay in self._relays.values():
            await relay.close()

    def _preferred(self, letter: Letter) -> Way:
        return letter.way if letter.way in self._relays else "first"

    def _order(self, letter: Letter) -> list[Way]:
        preferred = self._preferred(letter)
        if not letter.pressing or len(self._relays) == 1:
            return [preferred]
        ways = [preferred, *(way for way in self._relays if way != preferred)]
        return sorted(ways, key=self._is_shunned)

    def _is_shunned(self, way: Way) -> bool:
        until = self._shunned.get(way)
        if until is None:
            return False
        now = self._clock()
        if now < until:
            return True
        self._shunned[way] = now + _SHUNNED_SECONDS  # this letter finds out; the others do not wait for it
        return False

    def _noted(self, way: Way, error: RelayError | None) -> Tried:
        if error is None or not error.of_relay:
            self._shunned.pop(way, None)
            return Tried(way)
        self._shunned[way] = self._clock() + _SHUNNED_SECONDS
        return Tried(way, str(error))


def _together(failures: list[tuple[Way, RelayError]]) -> RelayError:
    """What several relays said. None of it is final: that the other one refuses says nothing of the preferred."""
    if len(failures) == 1:
        return failures[0][1]
    return RelayError("; ".join(f"{way} relay: {error}" for way, error in failures), of_relay=True)
