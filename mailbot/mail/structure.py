"""Of which parts does a mail consist? Pure.

Our own reader of RFC 2046, over the bytes as they came and in one walk: the standard library's loses the text of mails
whose header or dividing lines are a little broken, and takes minutes for some that are made to hurt. It stops at the
bounds of `guard`, whatever is inside whatever.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from mailbot.mail.dividers import Dividers, Open
from mailbot.mail.encodedword import decoded
from mailbot.mail.guard import MAX_DEPTH, MAX_FIELD, MAX_PARTS, TooStrangeError
from mailbot.mail.header import Fields
from mailbot.mail.headerblock import beginning, mail_header, part_header
from mailbot.mail.parameter import display_name, parameters
from mailbot.mail.transfer import transfer_decoded, uuencoded_files

_WINMAIL = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_TYPE = re.compile(r"\s*([\w!#$&^.+*-]{1,100})\s*/\s*([\w!#$&^.+*-]{1,100})")
_DOUBLED_RETURN = re.compile(rb"[^\r\n]{1,1000}+\r\r\n[^\r\n]")
_FOR_OLD_PROGRAMS = re.compile(rb"\bMIME\b|multi-?part", re.IGNORECASE)
_PART_FOLLOWS = re.compile(rb"(?:\r\n|\n|\r)content-[a-z-]{2,40}[ \t]{0,20}:", re.IGNORECASE)
_BETWEEN_BLOCKS = re.compile(rb"(?>\r\n|\n|\r)(?>(?:[ \t]{0,100}(?>\r\n|\n|\r))+)")
_ENCODED = re.compile(r"\s*(?:base64|quoted.?printable|(?:x-)?uu)", re.IGNORECASE)
_BEGINS_LIKE_A_MAIL = re.compile(rb"\s{0,100}(?:>?From |[!-9;-~]{1,80}[ \t]{0,20}:)")
_FILE_NAME = re.compile(r"[^\s/\\?#;=]{1,100}\.[A-Za-z0-9]{1,5}\Z")


@dataclass(frozen=True, slots=True)
class Node:
    """Where a part stands in the bytes of the mail: its header from `start`, its body from `body` to `end`."""

    source: bytes
    start: int
    body: int
    end: int

    def as_bytes(self) -> bytes:
        """The part as it came, header and body."""
        return self.source[self.start : self.end]

    def content(self) -> bytes:
        """The body as it came."""
        return self.source[self.body : self.end]


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its number in walking order (0 is the whole mail), its type in lower case, and the parts inside it."""

    number: int
    content_type: str
    parameters: dict[str, str]
    disposition: str
    filename: str
    fields: Fields
    node: Node
    children: tuple[Part, ...]

    @property
    def is_winmail(self) -> bool:
        """Say whether the part is, or calls itself, a container of Outlook's."""
        return self.content_type in _WINMAIL or self.filename.lower() == "winmail.dat"

    def content(self) -> bytes:
        """The bytes of a leaf with its transfer encoding undone; never raises."""
        return transfer_decoded(self.node.content(), self.fields.raw("content-transfer-encoding"))

    def walk(self) -> Iterator[Part]:
        """This part and all inside it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()


def leaf(number: int, content_type: str, filename: str, data: bytes) -> Part:
    """A part that does not stand in the mail as such but was taken out of another: its content is `data`."""
    fields = Fields([("Content-Type", content_type)])
    kind, of_type = _content_type(fields, "application/octet-stream")
    return Part(number, kind, of_type, "", display_name(filename), fields, Node(data, 0, 0, len(data)), ())


def parse(raw: bytes) -> Part:
    """Read the mail's structure. Raises only TooStrangeError: more parts or more depth than `guard` allows."""
    if _DOUBLED_RETURN.match(raw):  # a program that made CRLF of every LF, of those of CRLF too
        raw = raw.replace(b"\r\r\n", b"\r\n")
    return _Walk(raw, Count()).mail(beginning(raw), Open(), 0)


class Count:
    """The numbers of the parts in walking order, also of mails inside the mail; it ends when there are too many.

    `winmails` says how many containers of Outlook's may still be opened.
    """

    def __init__(self) -> None:
        self._parts = -1
        self.winmails = 2

    def __iter__(self) -> Count:
        return self

    def __next__(self) -> int:
        if self._parts >= MAX_PARTS:
            raise TooStrangeError(f"the mail has over {MAX_PARTS} parts")
        self._parts += 1
        return self._parts


class _Walk:
    """One walk over the bytes of one mail and the lines in it that may divide parts."""

    def __init__(self, raw: bytes, count: Count) -> None:
        self._raw = raw
        self._count = count
        self._lines = Dividers(raw)

    def mail(self, start: int, around: Open, depth: int) -> Part:
        """The mail at `start`, up to the next line that divides the parts around it."""
        fields, body = mail_header(self._raw, start, self._lines.stop(start, around))
        return self._entity(start, fields, body, "text/plain", around, depth)

    def _part(self, start: int, default: str, around: Open, depth: int) -> Part:
        fields, body = part_header(self._raw, start, self._lines.stop(start, around))
        return self._entity(start, fields, body, default, around, depth)

    def _entity(self, start: int, fields: Fields, body: int, default: str, around: Open, depth: int) -> Part:
        if depth > MAX_DEPTH:
            raise TooStrangeError(f"parts are nested over {MAX_DEPTH} deep")
        number = next(self._count)
        kind, of_type = _content_type(fields, default)
        fields.charset = of_type.get("charset", "")
        children: tuple[Part, ...] = ()
        if kind.startswith("multipart/"):
            children = tuple(self._children(body, fields, kind, of_type, around, depth + 1))
            kind = kind if children else "text/plain"  # nothing divides it: then it can only be read as it is
        elif kind.startswith("message/"):
            children = tuple(self._embedded(body, fields, kind, around, depth + 1))
        self._lines.at = self._lines.find(body, around)
        node = Node(self._raw, start, body, self._lines.end(body, around))
        part = _described(number, kind, of_type, fields, node, children)
        if children:
            return part
        if part.is_winmail and self._count.winmails:
            return _unpacked(part, self._count)
        return part if kind != "text/plain" else _with_uuencoded(part, self._count)

    def _children(
        self, body: int, fields: Fields, kind: str, of_type: dict[str, str], around: Open, depth: int
    ) -> Iterator[Part]:
        default = "message/rfc822" if kind == "multipart/digest" else "text/plain"  # RFC 2046 §5.1.5
        boundary = self._boundary(body, of_type.get("boundary", ""), around)
        if not boundary:
            return
        inside = Open(around, boundary)
        self._lines.at = self._lines.find(body, inside)
        yield from self._forgotten_first(body, fields)
        parts = 0
        while self._lines.at < len(self._lines.marks):
            _, end, text = self._lines.marks[self._lines.at]
            meaning = inside.meaning(text)
            if meaning is None or meaning[0] != inside.level:
                return
            self._lines.at += 1
            if not meaning[1]:
                start = self._lines.next_line(end)
                blank = not self._raw[start : min(start + 20, self._lines.stop(start, inside))].strip()
                if not (blank and parts):  # else a closing line without its hyphens
                    parts += 1
                    yield self._part(start, default, inside, depth)
            elif not self._continues(inside):
                return

    def _boundary(self, body: int, declared: str, around: Open) -> bytes:
        """The declared boundary, else (lost or mangled on the way) that of the first line with a part behind it."""
        boundary = declared.strip(" \t\r\n").encode("utf-8", "surrogateescape")
        if boundary:
            inside = Open(around, boundary)
            found = self._lines.find(body, inside)
            if (
                found < len(self._lines.marks)
                and (inside.meaning(self._lines.marks[found][2]) or (0,))[0] == inside.level
            ):
                return boundary
        for start, end, text in self._lines.marks[self._lines.at : self._lines.find(body, around)]:
            if start >= body and _PART_FOLLOWS.match(self._raw, end):
                return text
        return b""

    def _forgotten_first(self, body: int, fields: Fields) -> Iterator[Part]:
        """The header of the first part has run into that of the multipart, so its text stands before all parts."""
        types = fields.all("content-type")
        if len(types) < 2 or types[1].lower().startswith("multipart/") or self._lines.at == len(self._lines.marks):
            return
        end = self._lines.marks[self._lines.at][0]
        if not _FOR_OLD_PROGRAMS.search(self._raw, body, end):
            encoding = fields.raw("content-transfer-encoding")
            own = Fields([("Content-Type", types[1]), ("Content-Transfer-Encoding", encoding)])
            kind, of_type = _content_type(own, "text/plain")
            node = Node(self._raw, body, body, end)
            yield _described(next(self._count), kind, of_type, own, node, ())

    def _continues(self, inside: Open) -> bool:
        """After the closing line: some programs write it too early, and parts go on."""
        following = self._lines.find(0, inside)
        if following == len(self._lines.marks):
            return False
        _, end, text = self._lines.marks[following]
        if inside.meaning(text) != (inside.level, False) or not _PART_FOLLOWS.match(self._raw, end):
            return False
        self._lines.at = following
        return True

    def _embedded(self, body: int, fields: Fields, kind: str, around: Open, depth: int) -> Iterator[Part]:
        """A mail inside the mail, also where it is encoded against RFC 2046 §5.2.1; the blocks of a status report."""
        encoding = fields.raw("content-transfer-encoding")
        end = self._lines.end(body, around)
        encoded = _ENCODED.match(encoding) and not _BEGINS_LIKE_A_MAIL.match(self._raw, body, end)
        if kind in ("message/delivery-status", "message/global-delivery-status"):
            data = self._raw[body:end]
            yield from _status_blocks(transfer_decoded(data, encoding) if encoded else data, self._count)
        elif encoded:
            data = transfer_decoded(self._raw[body:end], encoding)
            yield _Walk(data, self._count).mail(beginning(data), Open(), depth)
        else:
            yield self.mail(beginning(self._raw, body), around, depth)


def _described(
    number: int, kind: str, of_type: dict[str, str], fields: Fields, node: Node, children: tuple[Part, ...]
) -> Part:
    disposition = fields.raw("content-disposition")[:MAX_FIELD]
    of_disposition = parameters(disposition)
    name = (
        of_disposition.get("filename") or of_type.get("name") or of_disposition.get("name") or of_type.get("filename")
    )
    word = disposition.partition(";")[0].strip().lower()
    return Part(number, kind, of_type, word, display_name(name or _other_name(fields, kind)), fields, node, children)


def _other_name(fields: Fields, kind: str) -> str:
    """A file without a name: how it is described or where it came from, when that looks like one."""
    if kind.startswith(("text/", "multipart/", "message/")):
        return ""
    for value in (
        fields.text("content-description"),
        fields.raw("content-location").partition("?")[0].rpartition("/")[2],
    ):
        if _FILE_NAME.match(value):
            return value
    return ""


def _content_type(fields: Fields, default: str) -> tuple[str, dict[str, str]]:
    value = fields.raw("content-type")[:MAX_FIELD]
    if not value:
        return default, {}
    match = _TYPE.match(value)
    return f"{match.group(1)}/{match.group(2)}".lower() if match else "text/plain", parameters(value)


def _status_blocks(data: bytes, count: Count) -> Iterator[Part]:
    """RFC 3464 §2.1: one group of fields about the mail, one about each recipient."""
    for block in _BETWEEN_BLOCKS.split(data.strip())[:MAX_PARTS]:
        if block:
            fields, body = mail_header(block, 0, len(block))
            yield Part(next(count), "text/plain", {}, "", "", fields, Node(block, 0, body, len(block)), ())


def _unpacked(part: Part, count: Count) -> Part:
    from mailbot.mail.winmail import unpacked_part  # late: few mails need it

    count.winmails -= 1
    return unpacked_part(part, count)


def _with_uuencoded(part: Part, count: Count) -> Part:
    """A text with uuencoded files in it, as a multipart of the text and the files."""
    node = part.node
    if node.source.find(b"begin", node.body, node.end) < 0 or part.disposition == "attachment" or part.filename:
        return part
    data = part.content()
    files = uuencoded_files(data)
    if not files:
        return part
    bounds = [0, *(at for file in files for at in (file.start, file.end)), len(data)]
    rest = b"".join(data[bounds[at] : bounds[at + 1]] for at in range(0, len(bounds), 2))
    first = leaf(next(count), part.fields.raw("content-type") or "text/plain", "", rest)
    others = [leaf(next(count), "application/octet-stream", _text(file.name), file.data) for file in files]
    return replace(part, content_type="multipart/mixed", children=(first, *others))


def _text(name: bytes) -> str:
    return decoded(name.decode("ascii", "surrogateescape"))
