"""What do the formats of text say that are neither plain nor HTML: format=flowed and text/enriched? Pure."""

from __future__ import annotations

import re

_TAG = re.compile(r"<<|<(/?)([A-Za-z0-9-]{1,60})>")
_DEEPEST = 9
_LINE_ENDS = re.compile(r"\n+")


def unflowed(text: str, *, delete_space: bool) -> str:
    """Join the lines of format=flowed (RFC 3676 §4.2): a blank at the end of a line says that it goes on."""
    out: list[str] = []
    joining = False
    depth_before = -1
    for line in text.split("\n"):
        body = line.lstrip(">")
        depth = len(line) - len(body)
        body = body[1:] if body.startswith(" ") else body  # §4.4 space-stuffing
        goes_on = body.endswith(" ") and body != "-- "
        if goes_on and delete_space:
            body = body[:-1]
        if joining and depth == depth_before and body != "-- ":
            out.append(body)
        else:
            out.append(("\n" if out else "") + (">" * depth + " " if depth else "") + body)
        joining, depth_before = goes_on, depth
    return "".join(out)


def unenriched(text: str) -> str:
    """Take the commands out of text/enriched (RFC 1896); an excerpt is a quotation."""
    out: list[str] = []
    unfilled = hidden = quoted = at = 0
    for tag in _TAG.finditer(text):
        _say(out, "" if hidden else text[at : tag.start()], unfilled=bool(unfilled), quoted=quoted)
        at = tag.end()
        step = -1 if tag.group(1) else 1
        name = (tag.group(2) or "").lower()
        if not name and not hidden:
            out.append("<")
        unfilled = max(unfilled + step, 0) if name in ("nofill", "verbatim") else unfilled
        hidden = max(hidden + step, 0) if name == "param" else hidden
        if name == "excerpt":
            quoted = min(max(quoted + step, 0), _DEEPEST)
            out.append(f"\n{'>' * quoted} " if step > 0 else "\n")
    _say(out, text[at:], unfilled=bool(unfilled), quoted=quoted)
    return "".join(out)


def _say(out: list[str], text: str, *, unfilled: bool, quoted: int) -> None:
    """One line end is a blank, n are n - 1 (§4)."""
    if not unfilled:
        text = _LINE_ENDS.sub(lambda ends: "\n" * (len(ends.group()) - 1) or " ", text)
    out.append(text.replace("\n", f"\n{'>' * quoted} ") if quoted else text)
