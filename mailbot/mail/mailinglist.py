"""Through which mailing list did this come, and who really wrote? Pure."""

from __future__ import annotations

import re

from mailbot.mail.header import Fields, words
from mailbot.mail.mailboxes import mailboxes
from mailbot.mail.message import Mailbox, MailingList

_IN_ANGLES = re.compile(r"<([^<>]{1,255})>")
_MAILTO = re.compile(r"<mailto:([^<>?\s]{3,254})", re.IGNORECASE)
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w.-]{1,253}")
_ROLE_SUFFIX = re.compile(
    r"(?:[-.+_](?:bounces?|admin|owner|request|errors?|return|report|help|unsubscribe|subscribe|leave|join|off"
    r"|on|confirm|ctl))\Z",
    re.IGNORECASE,
)
_ROLE_PREFIX = re.compile(r"(?:owner|bounce|leave|request|subscribe|unsubscribe|join)-", re.IGNORECASE)
_LYRIS = re.compile(r"<mailto:leave-([^<>@\s]{1,60})-\w{1,12}@([^<>?\s]{1,200})>", re.IGNORECASE)
_MOST_LIST_IDS = 10
_VIA = re.compile(r"\s*(?:via|経由)\s+.{1,200}\Z", re.IGNORECASE)

# A field that only this software writes → its name; the value, where one is wanted, tells the version.
_SOFTWARE: tuple[tuple[str, str], ...] = (
    ("x-mailman-version", "GNU Mailman"),
    ("x-google-group-id", "Google Groups"),
    ("x-sympa-version", "Sympa"),
    ("x-no-archive-sympa", "Sympa"),
    ("x-mlserver", ""),
    ("x-listserver", ""),
    ("x-listar-version", ""),
    ("x-ecartis-version", ""),
    ("list-software", ""),
    ("x-ml-driver", ""),
    ("x-groupmail", "Exchange"),
    ("x-ms-exchange-distributionlist", "Exchange"),
)
# Fields that no mail from person to person carries; each alone says "through a list".
_PROOFS = frozenset(
    {
        "list-id", "list-post", "mailing-list", "x-mailing-list", "x-beenthere", "x-ml-name", "x-mailman-version",
        "x-mlserver", "x-listserver", "x-list", "x-listar-version", "x-ecartis-version", "list-software",
        "x-google-group-id", "x-loop-list", "x-sympa-to", "x-list-subscribe", "x-list-unsubscribe", "x-list-host",
        "x-mail-count", "x-ml-info",
    }
)  # fmt: skip


def mailing_list_of(fields: Fields) -> MailingList | None:
    """Read the list off its fields (RFC 2919, RFC 2369), else off the habits of older software; None without a list."""
    post = post_address(fields)
    if not _came_through_a_list(fields, post):
        return None
    first = list_id(fields)
    return MailingList(first, post, _software(fields), _author(fields, post), _other_ids(fields, first))


def list_id(fields: Fields) -> str | None:
    """The identifier of List-Id (RFC 2919 §3), without angle brackets, in lower case; of the first such field."""
    return _identifier(fields.raw("list-id"))


def _identifier(value: str) -> str | None:
    if not value:
        return None
    inside = _IN_ANGLES.findall(value)
    text = "".join(words(inside[-1] if inside else value).split())
    return text.lower()[:255] or None


def _other_ids(fields: Fields, first: str | None) -> tuple[str, ...]:
    found = (_identifier(value) for value in fields.all("list-id")[:_MOST_LIST_IDS])
    return tuple(dict.fromkeys(each for each in found if each and each != first))


def post_address(fields: Fields) -> str | None:
    """The address that reaches the whole list, by the most telling field."""
    found = (
        _mailto(fields.raw("list-post"))
        or _after_list(fields.raw("mailing-list"))
        or _first_address(fields.raw("x-mailing-list"))
        or _first_address(fields.raw("x-beenthere"))
        or _first_address(fields.raw("x-sympa-to"))
        or _lyris(fields)
        or _liststar(fields)
        or _by_habit(fields)
    )
    return found or _by_unsubscribe(fields)


def _came_through_a_list(fields: Fields, post: str | None) -> bool:
    if not _PROOFS.isdisjoint(fields.names):
        return True
    if post is None:
        return False
    precedence = fields.raw("precedence").lower()
    return precedence in ("list", "bulk") or bool(_LYRIS.search(fields.raw("list-unsubscribe")))


def _mailto(value: str) -> str | None:
    match = _MAILTO.search(value)
    return match.group(1) if match else None


def _first_address(value: str) -> str | None:
    match = _ADDRESS.search(value[:1_000])
    return match.group() if match else None


def _after_list(value: str) -> str | None:
    """ezmlm and Yahoo: `Mailing-List: list x@y; contact x-owner@y`, or `contact x-help@y; run by ezmlm`."""
    kind, _, rest = value.strip().partition(" ")
    if kind.lower() == "list":
        return _first_address(rest)
    return _without_role(_first_address(rest)) if kind.lower() == "contact" else None


def _lyris(fields: Fields) -> str | None:
    match = _LYRIS.search(fields.raw("list-unsubscribe"))
    return f"{match.group(1)}@{match.group(2)}" if match else None


def _liststar(fields: Fields) -> str | None:
    """ListSTAR takes its commands in the subject, at the list's own address."""
    address = _mailto(fields.raw("x-list-subscribe")) or _mailto(fields.raw("x-list-unsubscribe"))
    return _without_role(address) or address


def _by_habit(fields: Fields) -> str | None:
    """The list's own address stands in Sender (`owner-x`, `x-bounces`, or x itself) and again in To, Cc or Reply-To."""
    sender = mailboxes(fields.raw("sender"))
    if not sender or ("precedence" not in fields.names and _PROOFS.isdisjoint(fields.names)):
        return None
    address = sender[0].address
    bare = _without_role(address) or address
    meant = {box.address.lower() for name in ("reply-to", "to", "cc") for box in mailboxes(fields.raw(name))}
    if bare.lower() in meant:
        return bare
    return bare if bare != address and "x-list" in fields.names else None


def _by_unsubscribe(fields: Fields) -> str | None:
    """`x-off@y`, `x-unsubscribe@y`: only when x@y is also written to."""
    bare = _without_role(_mailto(fields.raw("list-unsubscribe")))
    meant = {box.address.lower() for name in ("reply-to", "to", "cc") for box in mailboxes(fields.raw(name))}
    return bare if bare and bare.lower() in meant else None


def _without_role(address: str | None) -> str | None:
    """Take `-request`, `-owner` … from the local part; None when there is no such thing."""
    if not address:
        return None
    local, at, domain = address.partition("@")
    bare = _ROLE_PREFIX.sub("", _ROLE_SUFFIX.sub("", local), count=1)
    return f"{bare}{at}{domain}" if bare and bare != local else None


def _software(fields: Fields) -> str | None:
    for field, name in _SOFTWARE:
        if field in fields.names:
            return " ".join(filter(None, (name, fields.text(field)))).strip()[:80] or None
    if "ezmlm" in fields.raw("mailing-list").lower():
        return "ezmlm"
    return "Lyris" if _LYRIS.search(fields.raw("list-unsubscribe")) else None


def _author(fields: Fields, post: str | None) -> Mailbox | None:
    """Who wrote: From, unless the list put its own address there (DMARC); then what the list kept of the writer."""
    written = mailboxes(fields.raw("from"))
    if not written:
        return None
    first = written[0]
    if not _is_rewritten(first, fields, post):
        return first
    return _kept_author(first, fields, post)


def _kept_author(shown: Mailbox, fields: Fields, post: str | None) -> Mailbox | None:
    """Find the writer among those whom the list answers instead: by X-Original-From, else by the name it showed.

    Mailman puts the writer behind whatever Reply-To or Cc the mail had; Google Groups leaves no other there.
    """
    original = _people(fields, "x-original-from", shown, post)
    answered, copied = _people(fields, "reply-to", shown, post), _people(fields, "cc", shown, post)
    name = _without_via(shown.name)
    namesakes = [box for box in (*original, *answered, *copied) if name in (_name(box), _hidden_address(box))]
    found = namesakes or original or answered[-1:] or copied[-1:]
    return Mailbox(found[0].name or name, found[0].address) if found else None


def _people(fields: Fields, field: str, shown: Mailbox, post: str | None) -> list[Mailbox]:
    found = [box for box in mailboxes(fields.raw(field)) if "@" in box.address]
    return [box for box in found if not _same(box.address, shown.address) and not (post and _same(box.address, post))]


def _name(box: Mailbox) -> str:
    return box.name.strip("'\" ")


def _hidden_address(box: Mailbox) -> str:
    """How Mailman shows a writer without a name: `taro--- via Team`."""
    return f"{box.address.rpartition('@')[0]}---"


def _is_rewritten(box: Mailbox, fields: Fields, post: str | None) -> bool:
    if post and _same(box.address, post):
        return True
    return (
        bool(_VIA.search(box.name)) and box.address.partition("@")[2].lower() in (list_id(fields) or post or "").lower()
    )


def _without_via(name: str) -> str:
    return _VIA.sub("", name).strip("'\" ")


def _same(one: str, other: str) -> bool:
    return one.lower() == other.lower()
