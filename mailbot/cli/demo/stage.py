"""What stands on the screen while the demo runs: lines that stay, and below them tables that change."""

from __future__ import annotations

from types import TracebackType
from zoneinfo import ZoneInfo

from rich.console import Console, RenderableType
from rich.live import Live

from mailbot import clock
from mailbot.cli.demo import view
from mailbot.cli.demo.seen import Seen

_REDRAWN_PER_SECOND = 5


class Stage:
    """Shows tables that change on a terminal; elsewhere they are printed once, at the end."""

    def __init__(self, console: Console, zone: ZoneInfo) -> None:
        self.zone = zone
        self._console = console
        self._about: dict[str, str] = {}
        self._live = Live(console=console, auto_refresh=True, refresh_per_second=_REDRAWN_PER_SECOND)

    def __enter__(self) -> Stage:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def announce(self, message_id: str, about: str) -> None:
        """Remember what is special in a mail that goes in now."""
        self._about[message_id] = about

    def show(self, seen: Seen) -> None:
        """Bring the tables up to date."""
        if self._console.is_terminal:
            self._live.update(self._tables(seen, self._console.height))

    def finish(self, seen: Seen) -> None:
        """Show the tables as they are when the story is told."""
        self.show(seen)
        if not self._console.is_terminal:
            self.say("")
            self.say(self._tables(seen, None))

    def say(self, what: RenderableType) -> None:
        """Print what stays, above the tables."""
        self._console.print(what, soft_wrap=isinstance(what, str), markup=False)

    def _tables(self, seen: Seen, height: int | None) -> RenderableType:
        return view.screen(seen, self._about, clock.now(), self.zone, height)
