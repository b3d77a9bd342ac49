"""Which parts are inside a part that is winmail.dat? Pure.

They are parts like all others, numbered after their container, so that every file is found again by its number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mailbot.mail.header import Fields
from mailbot.mail.parameter import display_name
from mailbot.mail.structure import Node, Part
from mailbot.mail.tnef import opened


def unpacked_part(part: Part, numbers: Iterator[int]) -> Part:
    """The part with what was inside as its children: the text first, if there is one. Unchanged if it is no TNEF."""
    try:
        inside = opened(part.content())
    except ValueError:
        return part
    children = []
    if inside.text.strip():
        kind = "text/html" if inside.html else "text/plain"
        children.append(_leaf(next(numbers), kind, inside.text.encode("utf-8", "replace"), charset="utf-8"))
    for file in inside.files:
        leaf = _leaf(next(numbers), file.content_type, file.data, name=file.name, content_id=file.content_id)
        children.append(leaf)
    return replace(part, children=tuple(children))


def _leaf(number: int, kind: str, data: bytes, *, name: str = "", charset: str = "", content_id: str = "") -> Part:
    return Part(
        number,
        kind.partition(";")[0].strip(),
        {"charset": charset} if charset else {},
        "attachment" if not charset else "",
        display_name(name),
        Fields([("content-id", f"<{content_id}>")] if content_id else []),
        Node(data, 0, 0, len(data)),
        (),
    )
