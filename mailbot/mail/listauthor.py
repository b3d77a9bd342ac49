"""Who wrote what came through a mailing list? Pure.

Lists put their own address into From, or else mail servers that follow DMARC (RFC 7489) would refuse their mail. Then
the writer stands where each kind of software keeps him. Only a From that is the list's own lets us look there: in any
other mail a Reply-To or an X-Original-From is what its sender claims, and From stays the author.
"""

from __future__ import annotations

import re

from mailbot.mail.header import Fields
from mailbot.mail.mailboxes import mailboxes
from mailbot.mail.message import Mailbox

# Fields in which lists keep the former From, surest first (RFC 9057 is the standard, the others are habits).
_KEPT = ("x-original-from", "original-from", "x-mailman-original-from", "author", "x-original-sender")
_VIA = re.compile(r"(?:\A|[\s(])(?:via|über)(?=\s)", re.IGNORECASE)
_AFTER_NAME = re.compile(r"\s?[(\uff08][^()\uff08\uff09]{0,100}経由[)\uff09]\Z")
_IN_NAME = re.compile(r"(?<![\w.@+-])([\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})")
# `taro=example.jp@lists.example`, `taro=40example.jp@dmarc.lists.example`
_ENCODED = re.compile(r"([\w.+-]{1,64}?)=(?:40)?([\w-]{1,63}(?:\.[\w-]{1,63}){1,8})\Z")
_OF_THE_LIST = re.compile(r"[-+](?:bounces?|owner|admin|request|dmarc-request)\Z|\A(?:owner|bounces?)-", re.IGNORECASE)


def author_of(fields: Fields, *, list_id: str | None, post: str | None, wrapped: Fields | None) -> Mailbox | None:
    """The From of the mail, or whom the list names behind its own address; None when it hides the writer.

    `wrapped` is the header of the mail that a list has put whole inside its own (Mailman's "wrap message").
    """
    written = next(iter(mailboxes(fields.raw("from"))), None)
    if written is None or not _is_of_the_list(written, fields, list_id, post):
        return written
    name = _own_name(written, post)
    found = (
        _kept(fields)
        or _encoded(written)
        or _answered(fields, name, post, written.address)
        or (next(iter(mailboxes(wrapped.raw("from"))), None) if wrapped else None)  # last: it may be an attachment
    )
    return Mailbox(found.name or name, found.address) if found else None


def _is_of_the_list(box: Mailbox, fields: Fields, list_id: str | None, post: str | None) -> bool:
    """The list's own address, one of its roles, or a name "via" it at its own host."""
    address = box.address.lower()
    if post and address == post.lower():
        return True
    local, _, domain = address.rpartition("@")
    if not domain or not _looks_rewritten(box.name, local, post):
        return False
    hosts = {post.lower().rpartition("@")[2]} if post else set()
    hosts |= {sender.address.lower().rpartition("@")[2] for sender in mailboxes(fields.raw("sender"))}
    return domain in hosts or _is_under(list_id, domain) or _is_under(domain, *hosts)


def _looks_rewritten(name: str, local: str, post: str | None) -> bool:
    if _VIA.search(name) or _AFTER_NAME.search(name) or _ENCODED.match(local) or local.endswith("-dmarc-request"):
        return True
    bare = _OF_THE_LIST.sub("", local)
    return bare != local and bare == (post or "").lower().partition("@")[0]


def _is_under(name: str | None, *hosts: str) -> bool:
    return name is not None and any(name == host or name.endswith(f".{host}") for host in hosts if host)


def _own_name(written: Mailbox, post: str | None) -> str:
    """`'Taro' via Team` → `Taro`; a list's address without "via" bears the list's name."""
    via = _AFTER_NAME.search(written.name) or _VIA.search(written.name)
    if via is None and written.address.lower() == (post or "").lower():
        return ""
    return written.name[: via.start() if via else None].strip("'\" (")


def _kept(fields: Fields) -> Mailbox | None:
    for field in _KEPT:
        for box in mailboxes(fields.raw(field)) if field in fields.names else ():
            if "@" in box.address:
                return box
    return None


def _encoded(written: Mailbox) -> Mailbox | None:
    """The address may stand in the local part (groups.io, the IETF) or in the name (Yahoo Groups)."""
    match = _ENCODED.match(written.address.rpartition("@")[0])
    if match:
        return Mailbox("", f"{match.group(1)}@{match.group(2)}")
    match = _IN_NAME.search(written.name[:300])
    return Mailbox(written.name[: match.start()].strip("'\" (<"), match.group(1)) if match else None


def _answered(fields: Fields, name: str, post: str | None, address: str) -> Mailbox | None:
    """Mailman adds the writer behind the others in Reply-To, or to Cc where answers go to the list: the name tells him
    from them.
    """
    own = {address.lower(), (post or "").lower()}
    reply = [box for box in mailboxes(fields.raw("reply-to")) if "@" in box.address and box.address.lower() not in own]
    named = [box for box in (*reply, *mailboxes(fields.raw("cc"))) if name and _bears(box, name)]
    return next(iter(named), None) or next((box for box in reversed(reply) if not name or not box.name), None)


def _bears(box: Mailbox, name: str) -> bool:
    """A writer without a name is shown by Mailman as `taro---`."""
    hidden = f"{box.address.rpartition('@')[0]}---"
    return name.casefold() in (box.name.strip("'\" ").casefold(), hidden.casefold())
