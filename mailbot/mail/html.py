"""What would a person read in this HTML? Pure."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from typing import TYPE_CHECKING, Any

from mailbot.mail.htmlquote import CLOSE, MARKS, MAYBE, OPEN, mark_quotes, quoted

if TYPE_CHECKING:
    from inscriptis.model.config import ParserConfig

LIMIT = 262_144
"""How many characters of HTML are laid out; larger HTML is only stripped of its tags."""

_NBSP = "\ufdd3"  # stands for a blank that must not collapse: people indent and space with it
_MARKS = str.maketrans(dict.fromkeys(MARKS + _NBSP, ""))
_MARK = re.compile(f"[{MARKS}{_NBSP}]")
_BLANK_ENTITY = re.compile(r"&nbsp;?|&#160;?|&#x0*a0;?|\xa0", re.I)
_BREAK = re.compile(r"<(?:br|/?p|/?div|/?tr|/?li|/?h[1-6]|hr|/?table|/?ul|/?ol)\b[^<>]{0,4000}>", re.I)
_QUOTE_START = re.compile(r"<blockquote\b([^<>]{0,4000})>", re.I)
_QUOTE_END = re.compile(r"</blockquote\s{0,20}>", re.I)
_CELL = re.compile(r"</t[dh]\s*>", re.I)
_TAG = re.compile(r"<[!/?a-zA-Z][^<>]*+>?")
_BLANKS = re.compile(r"[ \t\xa0]+")
_HIDING = ("script", "style", "head", "title", "template", "noscript")
_BLANK_LINES = re.compile(r"\n{3,}")
_NO_WIDTH = re.compile(r"[\xad\u034f\u200b\u200c\u2060\ufeff]+|\u200d(?![\U0001F000-\U0001FAFF\u2600-\u27ff])")
_WIDEST_CELL = 200
_MOST_CELLS = 500
_DEEPEST = 200
_INLINE = ("span", "font", "b", "strong", "i", "em", "u", "small", "big", "a", "o:p", "tbody", "thead")
_MSO = re.compile(r"\bx?_?Mso", re.I)
_FILE_NAME = re.compile(r".{0,200}\.(?:png|jpe?g|gif|bmp|svg|webp|tiff?)\Z", re.I)
_SAYS_NOTHING = frozenset({"image", "logo", "img", "photo", "picture", "icon", "画像", "写真", "ロゴ", "イメージ"})


def text_of(html: str, *, is_answer: bool = False) -> str:
    """Lay the HTML out as text: lists, tables, quotations and the targets of links show, what is hidden does not.

    Quotations carry `> ` as in plain mail; `is_answer` says that the mail answers another, so that a bare blockquote
    is one too, and not the writer's own. When nothing would be left, the hidden text is shown after all.
    """
    html = html.translate(_MARKS) if _MARK.search(html) else html
    html = html if len(html) <= LIMIT else _without_ballast(html)
    if len(html) > LIMIT:
        return stripped(html)
    try:
        text = _laid_out(html, is_answer=is_answer)
    except Exception:
        text = ""
    return _tidy(text) if text.replace(_NBSP, "").strip() else stripped(html)


def stripped(html: str) -> str:
    """Take the tags out and nothing else; linear, for HTML that is too large or nested too deep to be laid out."""
    html = _without_comments(html)
    for name in _HIDING:
        html = _without(html, f"<{name}", f"</{name}")
    html = _QUOTE_START.sub(lambda tag: f"\n{OPEN if 'cite' in tag[1].lower() else MAYBE}\n", _flat(html))
    html = _BREAK.sub("\n", _QUOTE_END.sub(f"\n{CLOSE}\n", html))
    text = unescape(_TAG.sub("", _CELL.sub("\t", html)))
    return _tidy("\n".join(_BLANKS.sub(" ", line).strip() for line in text.split("\n")))


def _flat(html: str) -> str:
    return html.replace("\r", "").replace("\n", " ")


def _laid_out(html: str, *, is_answer: bool) -> str:
    from inscriptis.html_engine import Inscriptis
    from lxml import etree  # type: ignore[import-untyped]

    from mailbot.mail.hidden import MAY_HIDE, hide

    tree = etree.HTML(_BLANK_ENTITY.sub(_NBSP, _without_declaration(html)), etree.HTMLParser(huge_tree=True))
    etree.strip_tags(tree, etree.ProcessingInstruction, etree.Comment)
    if MAY_HIDE.search(html):
        hide(tree)
    _lay_out_tables(tree)
    mark_quotes(tree, is_answer=is_answer)
    _show_images(tree)
    _show_links(tree)
    _set_plain(tree)
    return str(Inscriptis(tree, _config()).get_text())


@cache
def _config() -> ParserConfig:
    """As browsers show it, but without indentation and alignment by style sheet."""
    from inscriptis.css_profiles import STRICT_CSS_PROFILE
    from inscriptis.html_properties import Display
    from inscriptis.model.config import ParserConfig
    from inscriptis.model.html_element import HtmlElement

    css = {
        **STRICT_CSS_PROFILE,
        **{name: HtmlElement(display=Display.block) for name in ("center", "form", "section", "dt", "caption")},
        **{name: HtmlElement(display=Display.none) for name in ("template", "noframes", "textarea", "select")},
        "dd": HtmlElement(display=Display.block, padding_inline=4),
    }
    return ParserConfig(css=css)


def _without_declaration(html: str) -> str:
    """Drop `<?xml … encoding=…?>`, which lxml refuses in text that is decoded already."""
    start = html.lstrip("\ufeff \t\r\n")
    return start.partition("?>")[2] if start.startswith("<?xml") else html


def _lay_out_tables(tree: Any) -> None:
    """Turn tables that only place things into blocks: their long cells would pad every line of the other cells."""
    from lxml.etree import iterwalk  # type: ignore[import-untyped]

    tables: list[list[Any]] = []
    depth = 0
    for event, element in iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > _DEEPEST:
            raise RecursionError
        if element.tag == "table" and event == "start":
            tables.append([])
        elif element.tag == "table":
            _lay_out(element, tables.pop())
            if tables:
                tables[-1].append(element)
        elif event == "start" and tables and element.tag in ("tr", "td", "th"):
            tables[-1].append(element)


def _lay_out(table: Any, inside: list[Any]) -> None:
    """Leave a table of data to be drawn in columns; let one that is too large for that stand in lines."""
    data = _is_data(inside)
    if data and len(inside) <= _MOST_CELLS:
        return
    for each in (table, *inside):
        each.tag = "span" if data and each.tag in ("td", "th") else "div"
        if each.tag == "span":
            each.tail = _NBSP * 2


def _is_data(inside: list[Any]) -> bool:
    """Rows and columns of short cells, and no table within."""
    tags = [each.tag for each in inside]
    cells = [each for each in inside if each.tag in ("td", "th")]
    rows = tags.count("tr")
    if rows < 2 or len(cells) <= rows or len(tags) != rows + len(cells):
        return False
    return all(
        sum(map(len, cell.itertext())) <= _WIDEST_CELL and next(cell.iter("blockquote", "hr"), None) is None
        for cell in cells
    )


def _show_images(tree: Any) -> None:
    """Show the words that stand for an image, unless they say no more than that there is one."""
    for image in tree.iter("img"):
        words = " ".join((image.get("alt") or "").split())[:_WIDEST_CELL]
        plain = words.lower().strip("[]().:_- ")
        if not words or plain in _SAYS_NOTHING or _FILE_NAME.match(plain) or "removed by sender" in plain:
            continue
        image.tag = "span"  # emoji are images too
        image.text = f"[image: {words}]" if any(map(str.isalnum, words)) else words


def _show_links(tree: Any) -> None:
    """Write the target behind each link whose text does not show it already."""
    for link in tree.iter("a"):
        target = (link.get("href") or "").strip()
        scheme = target[:8].lower().partition(":")[0]
        if scheme not in ("http", "https", "ftp", "mailto"):
            continue
        if scheme == "mailto":
            target = target[7:].partition("?")[0]
        shown = "".join(link.itertext()).strip(f" \r\n\t{_NBSP}")
        if shown and target and shown not in target and target.rstrip("/").lower() not in shown.lower():
            link.tail = f" <{target}>{link.tail or ''}"


def _set_plain(tree: Any) -> None:
    """Keep of the style what says where lines end; a paragraph without margins is a line."""
    from lxml.etree import strip_tags

    for element in tree.iter("p"):
        style = element.get("style", "").replace(" ", "").lower()
        if _MSO.search(element.get("class", "")) or "margin:0" in style or "margin-bottom:0" in style:
            element.tag = "div"
    for element in tree.xpath("//*[@style or @align]"):
        style = element.attrib.pop("style", "")
        element.attrib.pop("align", None)
        if "pre" in style and "white-space" in style:
            element.set("style", "white-space:pre")
            element.tag = "label" if element.tag in _INLINE else element.tag
    strip_tags(tree, *_INLINE)


def _tidy(text: str) -> str:
    text = _NO_WIDTH.sub("", text).replace("\xa0", " ").replace(_NBSP, " ")
    text = quoted("\n".join(line.rstrip() for line in text.split("\n")))
    return _BLANK_LINES.sub("\n\n", text).strip("\n") + "\n"


def _without_ballast(html: str) -> str:
    """What takes room and shows nothing: comments, style sheets, scripts, and images written into their links."""
    html = _without_comments(html)
    for name in ("style", "script", "svg"):
        html = _without(html, f"<{name}", f"</{name}")
    return _without(_without(html, 'src="data:', '"'), "src='data:", "'")


def _without_comments(html: str) -> str:
    return _without(html, "<!--", "-->") if "<!--" in html else html


def _without(html: str, begin: str, end: str) -> str:
    """Cut what stands from one word to the other, by searching and not by a pattern with two open ends."""
    lower, out, at = html.lower(), [], 0
    if len(lower) != len(html):  # letters whose lower case is longer would shift the places
        lower = html
    while (start := lower.find(begin, at)) >= 0:
        stop = lower.find(end, start + len(begin))
        if stop < 0:
            break
        out.append(html[at:start])
        at = stop + len(end)
    out.append(html[at:])
    return "".join(out)
