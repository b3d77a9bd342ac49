"""What would a person read in this HTML? Pure."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

LIMIT = 262_144
"""How many characters of HTML are laid out; the rest is only stripped of its tags."""

_BREAK = re.compile(r"<(?:br|/?p|/?div|/?tr|/?li|/?h[1-6]|/?blockquote|hr|/?table|/?ul|/?ol)\b[^<>]{0,4000}>", re.I)
_CELL = re.compile(r"</t[dh]\s*>", re.I)
_TAG = re.compile(r"<[!/?a-zA-Z][^<>]*+>?")
_BLANKS = re.compile(r"[ \t\xa0]+")
_HIDING = ("script", "style", "head", "title", "template", "noscript")
_BLANK_LINES = re.compile(r"\n{3,}")
_TRACKING_WIDTH = re.compile(r"[\xad\u034f\u200b-\u200d\u2060\ufeff]+")


def text_of(html: str) -> str:
    """Lay the HTML out as text: lists, tables and the targets of links are kept, what is hidden is left out."""
    if len(html) > LIMIT:
        return stripped(html)
    try:
        text = _laid_out(html)
    except Exception:
        text = ""
    return _tidy(text) if text.strip() else stripped(html)


def stripped(html: str) -> str:
    """Take the tags out and nothing else; linear, for HTML that is too large or nested too deep to be laid out."""
    for name in _HIDING:
        html = _without(html, name)
    html = _BREAK.sub("\n", html.replace("\r", "").replace("\n", " "))
    text = unescape(_TAG.sub("", _CELL.sub("\t", html)))
    return _tidy("\n".join(_BLANKS.sub(" ", line).strip() for line in text.split("\n")))


def _laid_out(html: str) -> str:
    from inscriptis import Inscriptis
    from lxml import html as lxml_html  # type: ignore[import-untyped]

    tree = lxml_html.fromstring(_without_declaration(html), parser=lxml_html.HTMLParser(huge_tree=True))
    _show_links(tree)
    return str(Inscriptis(tree).get_text())


def _without_declaration(html: str) -> str:
    """Drop `<?xml … encoding=…?>`, which lxml refuses in text that is decoded already."""
    start = html.lstrip("\ufeff \t\r\n")
    return start.partition("?>")[2] if start.startswith("<?xml") else html


def _show_links(tree: Any) -> None:
    """Write the target behind each link whose text does not show it already."""
    for link in tree.iter("a"):
        target = (link.get("href") or "").strip()
        if not target.lower().startswith(("http://", "https://", "ftp://")):
            continue
        shown = "".join(link.itertext()).strip()
        if shown and shown not in target and target.rstrip("/") != shown.rstrip("/"):
            link.tail = f" <{target}>{link.tail or ''}"


def _tidy(text: str) -> str:
    text = _TRACKING_WIDTH.sub("", text).replace("\xa0", " ")
    lines = "\n".join(line.rstrip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", lines).strip("\n") + "\n"


def _without(html: str, name: str) -> str:
    """Cut `<name …>…</name>`, by searching and not by a pattern with two open ends."""
    lower, out, at = html.lower(), [], 0
    if len(lower) != len(html):  # letters whose lower case is longer would shift the places
        lower = html
    while (start := lower.find(f"<{name}", at)) >= 0:
        end = lower.find(f"</{name}", start)
        if end < 0:
            break
        out.append(html[at:start])
        at = end + len(name) + 2
    out.append(html[at:])
    return "".join(out)
