"""What of this HTML can nobody see? Pure.

Senders hide previews, tracking words and texts for other programs. Only inline styles are believed: what a style
sheet hides depends on the program that shows it.
"""

from __future__ import annotations

import re
from typing import Any

MAY_HIDE = re.compile(
    r"\bhidden\b|display\s{0,9}:\s{0,9}none|visibility|opacity|mso-hide|overflow"
    r"|font-size\s{0,9}:\s{0,9}(?:0|\.0|1p)|background|bgcolor",
    re.I,
)
"""A cheap sign that the HTML might hide something: without it `hide` need not be asked."""

_ZERO = re.compile(r"0*\.?0+(?:px|pt|em|rem|ex|%|in|cm|mm)?\Z")
_TINY = re.compile(r"(?:0*\.?0+|1)(?:px|pt|em|rem|ex|%)?\Z")
_RGB = re.compile(r"rgba?\(\s{0,5}(\d{1,3})\s{0,5},\s{0,5}(\d{1,3})\s{0,5},\s{0,5}(\d{1,3})")
_NAMES = {"white": "#ffffff", "black": "#000000", "snow": "#fffafa", "ivory": "#fffff0"}


def hide(tree: Any) -> None:
    """Empty the elements of an lxml tree that are not shown; text around and visible text within them stays."""
    for element in list(tree.iter()):
        if not element.attrib or element is tree:
            continue
        style = _style(element)
        if "hidden" in element.attrib or _is_gone(style):
            element.clear(keep_tail=True)
            element.tag = "span"
        elif _TINY.match(style.get("font-size", "")):
            _blank(element, "font-size")
        elif _same_colour(element, style):
            _blank(element, "color")


def _style(element: Any) -> dict[str, str]:
    style: dict[str, str] = {}
    for declaration in element.get("style", "").lower().split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            style[name.strip()] = value.replace("!important", "").strip()
    return style


def _is_gone(style: dict[str, str]) -> bool:
    if not style:
        return False
    flat = _ZERO.match(style.get("max-height", "")) or _ZERO.match(style.get("height", ""))
    return (
        style.get("display") == "none"
        or style.get("mso-hide") == "all"
        or style.get("visibility") in ("hidden", "collapse")
        or bool(_ZERO.match(style.get("opacity", "")))
        or (flat is not None and style.get("overflow") == "hidden")
    )


def _same_colour(element: Any, style: dict[str, str]) -> bool:
    ground = style.get("background-color") or style.get("background") or element.get("bgcolor")
    letters = style.get("color") or element.get("color")
    return bool(ground and letters) and _colour(ground) == _colour(letters)


def _colour(value: str) -> str:
    value = value.strip().lower()
    rgb = _RGB.match(value)
    if rgb:
        return "#{:02x}{:02x}{:02x}".format(*(min(int(part), 255) for part in rgb.groups()))
    value = value.partition(" ")[0]
    if len(value) == 4 and value.startswith("#"):
        return "#" + "".join(letter * 2 for letter in value[1:])
    return _NAMES.get(value, value)


def _blank(element: Any, name: str) -> None:
    """Take out the text that inherits the style, down to the elements that set it anew."""
    element.text = None
    waiting = list(element)
    while waiting:
        child = waiting.pop()
        child.tail = None
        if name not in _style(child) and name not in child.attrib and child.tag != "a":
            child.text = None
            waiting.extend(child)
