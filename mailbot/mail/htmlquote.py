"""Where does this HTML quote another mail? Pure.

Mail programs say it in their tags; the reader of quotations wants the signs of plain mail. So the quotations are
marked in the tree by characters that no text holds, and become `> ` once the text is laid out.
"""

from __future__ import annotations

import re
from typing import Any

from mailbot.mail.quotewords import ANSWERED, HEADER_WORDS

OPEN, CLOSE, MAYBE = "\ufdd0", "\ufdd1", "\ufdd2"
"""Noncharacters (Unicode §23.7): a quotation begins, ends, begins if its surroundings say that it is one."""
MARKS = OPEN + CLOSE + MAYBE

_RULE = "_" * 32  # as Outlook draws it in plain text
_SEPARATOR = "-----Original Message-----"
_CITING = re.compile(r"cite|(?<!block)quote|zmail|protonmail", re.I)
_ANSWERED_BLOCK = re.compile(
    r"divRplyFwdMsg|OutlookMessageHeader|ms-outlook-mobile-reference-message|mail-editor-reference-message-container",
    re.I,
)
_BORDER = re.compile(r"border-(left|top)\s{0,5}+:\s{0,5}+(?![^;]{0,40}\bnone\b|0)", re.I)
_DEEPEST = 9


def mark_quotes(tree: Any, *, is_answer: bool) -> None:
    """Put marks around quotations, and draw a line where a program sets the header of an answered mail apart."""
    for element in list(tree.iter("blockquote", "div", "hr")):
        if element.tag == "hr":
            element.tag, element.text = "div", _RULE
        elif element.tag == "blockquote":
            _enclose(element, OPEN if _is_citation(element) or (is_answer and not element.attrib) else MAYBE)
        elif element.attrib:
            _mark_block(element)


def quoted(text: str) -> str:
    """Write `> ` before the lines between the marks; doubled rules and blank quoted lines are taken as one."""
    if text.count(_RULE) < 2 and not any(mark in text for mark in MARKS):
        return text
    lines, out = text.split("\n"), ["\n"]
    levels: list[bool] = []
    for at, line in enumerate(lines):
        rest = line
        for mark in (character for character in line if character in MARKS):
            rest = rest.replace(mark, "")
            if mark != CLOSE:
                levels.append(mark == OPEN or _is_introduced(out, lines, at))
            elif levels and levels.pop() and not out[-1].strip("> "):
                out.pop()
        if rest.strip() or rest == line:
            _add(out, rest, sum(levels[:_DEEPEST]))
    return "\n".join(out[1:])


def _add(out: list[str], line: str, depth: int) -> None:
    line = f"{'>' * depth} {line}".rstrip() if depth else line
    if depth and not line.strip("> ") and (line == out[-1] or not out[-1].startswith(">")):
        return
    if line != _RULE or _last(out) != _RULE:
        out.append(line)


def _last(lines: list[str]) -> str:
    return next((line for line in reversed(lines[-4:]) if line.strip()), "")


def _is_citation(element: Any) -> bool:
    """A quotation of the program's making says so; one that the writer has set (or indented) does not."""
    if element.get("type") == "cite" or element.get("cite"):
        return True
    names = f"{element.get('class', '')} {element.get('id', '')} {element.get('name', '')}"
    return bool(_CITING.search(names)) or bool(_BORDER.search(element.get("style", "")))


def _mark_block(element: Any) -> None:
    names = f"{element.get('id', '')} {element.get('class', '')}"
    if _ANSWERED_BLOCK.search(names):
        _set_apart(element, sure=True)
    elif border := _BORDER.search(element.get("style", "")):
        if border.group(1).lower() == "left":
            _enclose(element, OPEN if element.get("name") == "quote" else MAYBE)
        elif _names_sender(_start_of(element)):
            _set_apart(element, sure=False)


def _set_apart(element: Any, *, sure: bool) -> None:
    """A header in a tongue that we do not know needs a plainer sign."""
    known = not sure or not _start_of(element) or _names_sender(_start_of(element))
    _insert(element, 0, _RULE if known else _SEPARATOR)


def _enclose(element: Any, mark: str) -> None:
    _insert(element, 0, mark)
    _insert(element, len(element), CLOSE)


def _insert(element: Any, place: int, text: str) -> None:
    block = element.makeelement("div")
    block.text = text
    if place == 0:
        block.tail, element.text = element.text, None
    element.insert(place, block)


def _start_of(element: Any) -> str:
    """The first words inside, by looking at a few pieces of text only."""
    start = ""
    for piece, _ in zip(element.itertext(), range(12), strict=False):
        start += piece
        if len(start.strip()) > 40:
            break
    return " ".join(start[:400].split())


def _names_sender(line: str) -> bool:
    word, colon, _ = line.lstrip("> *").replace("：", ":").partition(":")
    return bool(colon) and HEADER_WORDS.get(word.strip(" *_").lower()) in ("from", "date", "sent")


def _is_introduced(before: list[str], lines: list[str], at: int) -> bool:
    """Say whether the line above, or the first inside, is one that a mail program writes over a quotation."""
    inside = (line for line in lines[at + 1 : at + 6] if line.strip() and line.strip() not in MARKS)
    return _introduces(_last(before)) or _introduces(next(inside, ""))


def _introduces(line: str) -> bool:
    line = line.strip(" >*_-")[-300:]
    if not line.endswith((":", "：", "wrote", "さん")) or len(line) < 9:
        return False
    return "@" in line or any(map(str.isdecimal, line)) or bool(ANSWERED.search(line))
