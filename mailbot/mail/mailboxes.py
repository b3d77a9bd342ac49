"""Which mailboxes stand in an address field, and which one of them may be taken for the writer? Pure.

Two readers for two purposes. `mailboxes` shows what people meant and forgives much. `author` decides who is believed
to have written, and forgives nothing on which two programs could disagree (attack row 8): it reads the field as it
stands on the wire, before any encoded-word is decoded.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mailbot.mail.encodedword import decoded
from mailbot.mail.header import clean, words
from mailbot.mail.message import Mailbox

LIMIT = 200
"""How many addresses of one field are read (attack row 18)."""

# Every branch is linear: no quantifier stands inside another, and an unclosed quote runs to the end of the field.
_TOKEN = re.compile(
    r'(?P<quoted>"(?>[^"\\]*(?:\\.[^"\\]*)*)"?)|(?P<space>[ \t]+)|(?P<special>[<>,;:()@\[\]])'
    r'|(?P<atom>[^\s"<>,;:()@\[\]\\]+)|(?P<other>\\.|.)'
)
_ADDRESS_IN_ANGLES = re.compile(r"<([^<>]*)>")
_Token = tuple[str, str]


def mailboxes(value: str, *, charset: str = "") -> tuple[Mailbox, ...]:
    """Every mailbox of an unfolded raw field value, for showing: groups opened, comments dropped, at most LIMIT.

    `charset` is what the mail says of its text; bytes beyond ASCII that nobody labelled are mostly of the same.
    """
    if not value:
        return ()
    if not value.isascii() or "\x1b" in value:
        value = clean(decoded(value, charset))
    found: list[Mailbox] = []
    for item in _items(_tokens(value)):
        mailbox = _shown(item)
        if mailbox is not None:
            found.append(mailbox)
        if len(found) == LIMIT:
            break
    return tuple(found)


def author(values: Sequence[str]) -> tuple[Mailbox | None, tuple[str, ...]]:
    """The one mailbox of the one From field, or None and what is wrong (RFC 5322 §3.6.2; promises §0.3)."""
    if len(values) != 1:
        return None, ("there is no From field" if not values else f"there are {len(values)} From fields",)
    defects = _wire_defects(values[0])
    if defects:
        return None, defects
    mailbox, defects = _strict(_tokens(values[0]))
    return (None, defects) if defects or mailbox is None else (mailbox, ())


def _wire_defects(value: str) -> tuple[str, ...]:
    if any((character < " " and character not in "\t\x1b") or character == "\x7f" for character in value):
        return ("From holds control characters",)
    if "\x1b" in value and (value.count("@") != 1 or value.count("<") != 1 or value.count(">") != 1):
        return ("From holds raw ISO-2022-JP that hides where the address begins",)
    return ()


def _tokens(value: str) -> list[_Token]:
    """Cut into tokens; a comment (nested or not) is one token, cut by counting and not by recursion."""
    out: list[_Token] = []
    depth, comment = 0, []
    for match in _TOKEN.finditer(value):
        kind, text = str(match.lastgroup), match.group()
        if depth:
            depth += (text == "(") - (text == ")")
            comment.append(text)
            if not depth:
                out.append(("comment", "".join(comment)[:-1]))
        elif text == "(":
            depth, comment = 1, []
        else:
            out.append((kind, text))
    if depth:
        out.append(("unclosed", "".join(comment)))
    return out


def _items(tokens: Sequence[_Token]) -> list[list[_Token]]:
    """Split at commas and semicolons outside angle brackets; a group's name (RFC 5322 §3.4) is dropped."""
    items: list[list[_Token]] = [[]]
    angle = False
    for kind, text in tokens:
        special = kind == "special"
        if special and text in "<>":
            angle = text == "<"
        if special and text in ",;" and not angle:
            items.append([])
        elif special and text == ":" and not angle and not any(t in ("<", "@") for _, t in items[-1]):
            items[-1] = []
        else:
            items[-1].append((kind, text))
    return items


def _shown(item: Sequence[_Token]) -> Mailbox | None:
    texts = [text for _, text in item]
    if "<" in texts:
        at = texts.index("<")
        inside = _plain(item[at + 1 : texts.index(">", at) if ">" in texts[at:] else len(texts)])
        name = _phrase(item[:at]) or _comment(item)
        return Mailbox(name, _address(inside))
    address = _plain(item).strip()
    if "=?" in address:  # the whole field in encoded-words, address and all
        shown = words(address)
        inner = _ADDRESS_IN_ANGLES.search(shown)
        if inner:
            return Mailbox(shown[: inner.start()].strip(' "'), inner.group(1).strip())
    if "@" not in address and " " in address:
        name, _, last = address.rpartition(" ")
        return Mailbox(words(name), clean(last)) if "@" in last else Mailbox(words(address), "")
    if " " in address:
        name, _, last = address.rpartition(" ")
        if "@" in last and not last.startswith("@"):
            return Mailbox(words(name), clean(last))
    return Mailbox(_comment(item), clean(decoded(address))) if address else None


def _address(inside: str) -> str:
    """What stands in the angle brackets, without a route and the blanks around dots (RFC 5322 §4.4 allows both)."""
    address = clean(inside.rpartition(":")[2] if inside.startswith("@") else inside)
    return address if '"' in address or " " not in address else ".".join(map(str.strip, address.split(".")))


def _plain(item: Sequence[_Token]) -> str:
    return "".join(text for kind, text in item if kind not in ("comment", "unclosed")).strip()


def _comment(item: Sequence[_Token]) -> str:
    return next((words(text) for kind, text in item if kind == "comment"), "")


def _phrase(item: Sequence[_Token]) -> str:
    return words("".join(_unquoted(text) if kind == "quoted" else text for kind, text in item if kind != "comment"))


def _unquoted(text: str) -> str:
    inner = text[1:-1] if len(text) > 1 and text.endswith('"') else text[1:]
    return re.sub(r"\\(.)", r"\1", inner) if "\\" in inner else inner


def _strict(tokens: Sequence[_Token]) -> tuple[Mailbox | None, tuple[str, ...]]:
    """mailbox = [phrase] "<" addr-spec ">" / addr-spec, and one plain comment after it as old programs write names."""
    item = [token for token in tokens if token[0] != "space"]
    name = ""
    if item and item[-1][0] == "comment" and not any(character in '<>@,;:"\\()' for character in item[-1][1]):
        name, item = words(item[-1][1]), item[:-1]
    defects = _foreign(item)
    if defects:
        return None, defects
    texts = [text for _, text in item]
    if "<" not in texts and ">" not in texts:
        return _believed(name, item, tokens)
    if texts.count("<") != 1 or texts.count(">") != 1 or texts[-1] != ">":
        return None, ("From does not end in one <address>",)
    at = texts.index("<")
    inside = item[at + 1 : -1]
    if "@" in texts[:at] and _bare(item[:at]).lower() != _bare(inside).lower():
        return None, ("From holds a second address outside the angle brackets",)
    if any(text in "[]" for text in texts[:at]) and "@" in "".join(texts[:at]):
        return None, ("From holds a second address outside the angle brackets",)
    before = tokens[: [text for _, text in tokens].index("<")]
    return _believed(_phrase(before) or name, inside, tokens[tokens.index(("special", "<")) + 1 :])


def _foreign(item: Sequence[_Token]) -> tuple[str, ...]:
    kinds = {kind for kind, _ in item}
    specials = {text for kind, text in item if kind == "special"}
    if "comment" in kinds or "unclosed" in kinds or ")" in specials:
        return ("From holds a comment",)
    if ":" in specials or ";" in specials:
        return ("From holds a group",)  # RFC 6854
    if "," in specials:
        return ("From holds more than one address",)
    if "other" in kinds or any(kind == "quoted" and not _closed(text) for kind, text in item):
        return ("From is not well formed",)
    return ()


def _closed(text: str) -> bool:
    return len(text) > 1 and text.endswith('"')


def _bare(item: Sequence[_Token]) -> str:
    return "".join(text for _, text in item)


def _believed(name: str, item: Sequence[_Token], spaced: Sequence[_Token]) -> tuple[Mailbox | None, tuple[str, ...]]:
    """addr-spec (RFC 5322 §3.4.1): one local part, one @, one domain, and no blank between them."""
    address = _bare(item)
    written = "".join(text for kind, text in spaced if kind != "comment").partition(">")[0].strip(" \t")
    if address != written:
        return None, ("From holds blanks within the address",)
    kinds = [kind if kind != "special" else text for kind, text in item]
    if kinds not in (["atom", "@", "atom"], ["quoted", "@", "atom"]):
        return None, ("From holds no single plain address",)
    domain = item[2][1]
    if domain.startswith(".") or domain.endswith(".") or ".." in domain or "=?" in address:
        return None, ("From holds no valid domain",)
    if not address.isascii():
        try:
            address = address.encode("ascii", "surrogateescape").decode("utf-8")  # RFC 6532 §3.2
        except UnicodeError:
            return None, ("From holds an address in unknown bytes",)
    if clean(address) != address:
        return None, ("From holds an address with invisible or composed characters",)
    return Mailbox(name, address), ()
