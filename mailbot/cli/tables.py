"""How does a table fit on a screen, whatever stands in it? Japanese is two columns wide; what is too long is cut."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from rich.cells import cell_len, chop_cells
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mailbot.cli.output import shown, write

WIDTH = 100
_GAP = 2
_LEAST = 8  # a column is not cut below this
_MANY = 200

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. `cut` says whether its cells may be shortened to make room; `right` aligns numbers."""

    title: str
    cut: bool = False
    right: bool = False


def say_table(columns: Sequence[Column], rows: Sequence[Sequence[object]], *, none: str) -> None:
    """Write a table that fits 100 columns; or the word for none."""
    write(table(columns, rows, terminal=sys.stdout.isatty()) if rows else f"{none}\n")


def table(columns: Sequence[Column], rows: Sequence[Sequence[object]], *, terminal: bool) -> str:
    """Draw a table; in bold and grey on a terminal, in plain letters elsewhere."""
    cells = [[shown(str(cell)) for cell in row] for row in rows]
    widths = _widths(columns, cells)
    drawn = Table(box=None, padding=(0, _GAP, 0, 0), pad_edge=False, header_style="bold")
    for column, width in zip(columns, widths, strict=True):
        drawn.add_column(column.title, width=width, no_wrap=True, justify="right" if column.right else "left")
    for row in cells:
        drawn.add_row(*(Text(cut(cell, width)) for cell, width in zip(row, widths, strict=True)))
    return rendered(drawn, terminal=terminal)


def rendered(thing: Table, *, terminal: bool) -> str:
    """Draw something of rich as text, without blanks at the ends of its lines."""
    file = io.StringIO()
    console = Console(
        file=file, force_terminal=terminal, color_system="standard" if terminal else None, width=WIDTH, highlight=False
    )
    console.print(thing)
    return "".join(f"{line.rstrip()}\n" for line in file.getvalue().splitlines())


def cut(text: str, width: int) -> str:
    """Shorten to so many columns of the screen, with … at the end of what was longer."""
    if cell_len(text) <= width:
        return text
    return chop_cells(text, width - 1)[0] + "…" if width > 1 else "…"


def _widths(columns: Sequence[Column], cells: Sequence[Sequence[str]]) -> list[int]:
    """Give every column the width of its widest cell; what is too much is taken from the widest that may be cut."""
    widths = [
        min(WIDTH, max(cell_len(text) for text in (column.title, *(row[at] for row in cells))))
        for at, column in enumerate(columns)
    ]
    while sum(widths) + _GAP * (len(widths) - 1) > WIDTH:
        widest = max(range(len(widths)), key=lambda at: (columns[at].cut and widths[at] > _LEAST, widths[at]))
        if widths[widest] <= 1:
            break
        widths[widest] -= 1
    return widths


def progress(things: Iterable[Thing], what: str, *, total: int) -> Iterator[Thing]:
    """Go through many things with a bar to look at meanwhile, where somebody looks."""
    if total < _MANY or not sys.stderr.isatty():
        yield from things
        return
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, redirect_stdout=False, redirect_stderr=False) as bar:
        yield from bar.track(things, total=total, description=what)
