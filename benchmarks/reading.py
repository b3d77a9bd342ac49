"""What does it cost to read a mail, does that grow with its size only, and how much memory does it take?

    python -m benchmarks.reading [--rounds N] [--largest BYTES] [--family NAME ...] [--mails DIR ...] [--json FILE]

CPU time is that of `read` in this process, memory that of a reading child of the daemon. `--mails` reads other mails,
too: every file of a folder, as the load generators write them. Exit 1 when a typical mail (the median) takes a
millisecond or more, when twice the size takes over three times as long, or when any mail takes over 2 s or 200 MB.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.mails import FAMILIES, typical
from mailbot import rules
from mailbot.config import bundled
from mailbot.mail.reading import read
from mailbot.sandbox import ReadingPool
from tests.crash.mails import correspondence

_TYPICAL_MS = 1.0
_MOST_SECONDS, _MOST_MB = 2.0, 200.0  # promises §0.5
_WORST_RATIO = 3.0
_SECOND_LOOKS = 3  # other processes share the machine
_NOISE_SECONDS = 0.008  # below this a ratio says nothing
_SMALLEST, _LARGEST = 10_000, 10_240_000  # the largest mail that the door takes by default
_BARS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True)
class Cost:
    """Mails of one kind: how many bytes each (median) and CPU milliseconds each (median, and the slowest)."""

    name: str
    mails: int
    octets: int
    ms: float
    slowest_ms: float


@dataclass(frozen=True, slots=True)
class Growth:
    """One family: seconds by size, and the megabytes of the reading child that read the largest."""

    name: str
    seconds: dict[int, float]
    peak_mb: float

    @property
    def worst_ratio(self) -> float:
        """By what twice the size multiplies the time, at its worst; 0 where all is below the noise.

        Over two doublings at once: where memory outgrows the caches there is one step that says nothing.
        """
        pairs = ((self.seconds[size], self.seconds.get(4 * size)) for size in self.seconds)
        return max(
            (math.sqrt(larger / once) for once, larger in pairs if larger and once > _NOISE_SECONDS), default=0.0
        )

    @property
    def sound(self) -> bool:
        """Linear, and within the time and the memory of a reading child."""
        return (
            self.worst_ratio <= _WORST_RATIO
            and max(self.seconds.values()) <= _MOST_SECONDS
            and self.peak_mb <= _MOST_MB
        )


def main(arguments: Sequence[str]) -> int:
    """Measure, show two tables, and say whether the limits hold."""
    chosen = _parser().parse_args(arguments)
    console = Console(width=100 if not sys.stdout.isatty() else None)
    progress = Console(stderr=True)
    kinds = [(name, [raw]) for name, raw in typical().items()]
    kinds += [("the crash test's mails", [mail.raw for mail in correspondence(200, seed=1)])]
    kinds += [("/".join(folder.parts[-2:]), _mails_of(folder)) for folder in chosen.mails]
    costs = [cost_of(name, raws, chosen.rounds) for name, raws in kinds]
    console.print(_costs(costs))
    growths = [
        growth_of(name, chosen.largest)
        for name in track(chosen.family, "growing", console=progress, disable=not progress.is_terminal)
    ]
    if growths:
        console.print(_growths(growths))
    if chosen.json:
        report = {"typical": [asdict(each) for each in costs], "families": [asdict(each) for each in growths]}
        chosen.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return 0 if statistics.median(each.ms for each in costs) < _TYPICAL_MS and all(g.sound for g in growths) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=40, help="how often each typical mail is read")
    parser.add_argument("--largest", type=int, default=_LARGEST, help="bytes of the largest mail of a family")
    parser.add_argument("--family", nargs="*", choices=FAMILIES, default=list(FAMILIES), metavar="NAME")
    parser.add_argument("--mails", type=Path, nargs="+", default=[], metavar="DIR")
    parser.add_argument("--json", type=Path)
    return parser


def _mails_of(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()][:500]


def cost_of(name: str, raws: Sequence[bytes], rounds: int) -> Cost:
    """Read all the mails, round after round; the median of each counts, then the median of those."""
    times: list[list[float]] = [[] for _ in raws]
    for _ in range(max(3, rounds // len(raws))):
        for taken, raw in zip(times, raws, strict=True):
            taken.append(_seconds(raw))
    each = [statistics.median(taken) * 1000 for taken in times]
    return Cost(name, len(raws), int(statistics.median(map(len, raws))), statistics.median(each), max(each))


def _seconds(raw: bytes) -> float:
    began = time.process_time()
    read(raw)
    return time.process_time() - began


def growth_of(name: str, largest: int) -> Growth:
    """Double the size until the largest; the least of a few readings counts, of more where it seems too much."""
    sizes = [_SMALLEST << doubled for doubled in range(24) if _SMALLEST << doubled <= largest]
    found = Growth(name, {size: _least(name, size) for size in sizes}, 0.0)
    for _ in range(_SECOND_LOOKS):
        if found.worst_ratio > _WORST_RATIO:
            found = Growth(name, {size: min(found.seconds[size], _least(name, size)) for size in sizes}, 0.0)
    return replace(found, peak_mb=_peak_mb(FAMILIES[name](max(sizes))))


def _least(name: str, size: int) -> float:
    raw = FAMILIES[name](size)
    gc.collect()
    return min(_seconds(raw) for _ in range(3 if size < 2_000_000 else 2))


def _peak_mb(raw: bytes) -> float:
    """What a reading child of the daemon needs for this mail, all in all."""
    pool = ReadingPool(1, rules=rules.load(bundled("rules")).content, authserv_id="")
    pool.start()
    try:
        (read_by,) = pool.pids()
        pool.read([raw])
        if pool.pids() != (read_by,):
            return math.inf  # it died of it, and another was started
        status = Path(f"/proc/{read_by}/status").read_text(encoding="ascii", errors="replace")
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024
    finally:
        pool.close()


def _costs(costs: Sequence[Cost]) -> Table:
    table = Table(title="CPU to read a typical mail", title_style="bold")
    table.add_column("")
    for heading in ("mails", "bytes", "ms", "slowest"):
        table.add_column(heading, justify="right")
    table.add_column(f"█ = {_TYPICAL_MS / 20:.2f} ms", no_wrap=True)
    for each in costs:
        bar = "█" * min(30, round(each.ms / _TYPICAL_MS * 20))
        table.add_row(each.name, str(each.mails), f"{each.octets:,}", f"{each.ms:.2f}", f"{each.slowest_ms:.2f}", bar)
    table.add_section()
    middle = statistics.median(each.ms for each in costs)
    table.add_row("median", "", "", f"{middle:.2f}", "", _mark(middle < _TYPICAL_MS) + f" under {_TYPICAL_MS} ms")
    return table


def _growths(growths: Sequence[Growth]) -> Table:
    table = Table(title="CPU and memory as mails grow (ms)", title_style="bold")
    table.add_column("", no_wrap=True)
    shown = [size for size in growths[0].seconds if size in (10_000, 80_000, 640_000, 10_240_000)]
    for size in shown:
        words = f"{size / 1e6:.0f} MB" if size >= 1_000_000 else f"{size // 1_000} KB"
        table.add_column(words, justify="right", no_wrap=True)
    for heading in ("ms/MB", "worst ×2", "MB"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("ms/MB by size", no_wrap=True)
    table.add_column("")
    for each in growths:
        last = max(each.seconds)
        table.add_row(
            each.name,
            *(f"{each.seconds[size] * 1000:.1f}" for size in shown),
            f"{each.seconds[last] * 1000 / (last / 1e6):.0f}",
            f"{each.worst_ratio:.1f}" if each.worst_ratio else "–",
            f"{each.peak_mb:.0f}",
            _plot([seconds / size for size, seconds in each.seconds.items()]),
            _mark(each.sound),
        )
    return table


def _plot(values: Sequence[float]) -> str:
    """A bar a size: flat or falling is linear."""
    top = max(values)
    return "".join(_BARS[min(7, int(value / top * 8))] for value in values)


def _mark(good: bool) -> str:
    return "[green]✓[/green]" if good else "[red]✗[/red]"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
