"""How is a table written as CSV that no spreadsheet runs (attack row 31)? Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")  # spreadsheets run what begins so, in full width too


def hardened(cell: str) -> str:
    """Put a ' before what a spreadsheet would run as a formula; `softened` takes it away again."""
    return f"'{cell}" if cell[:1] in _FORMULA or _is_hardened(cell) else cell


def softened(cell: str) -> str:
    """Give the cell that was hardened, and any other as it is."""
    return cell[1:] if _is_hardened(cell) else cell


def _is_hardened(cell: str) -> bool:
    return cell[:1] == "'" and cell[1:2] in _FORMULA | {"'"}


def row(cells: Iterable[str]) -> str:
    """Write one row, every cell hardened and in quotation marks (RFC 4180 §2)."""
    file = io.StringIO()
    csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow([hardened(cell) for cell in cells])
    return file.getvalue()
