"""Through which mailing list did this come, and who really wrote? Pure."""

from __future__ import annotations

import re

from mailbot.mail.header import Fields, clean, words
from mailbot.mail.listauthor import author_of
from mailbot.mail.mailboxes import mailboxes
from mailbot.mail.message import MailingList

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

# A field that only this software writes → its name; where the name is empty, the value is the name.
_SOFTWARE: tuple[tuple[str, str], ...] = (
    ("x-mailman-version", "GNU Mailman"),
    ("x-google-group-id", "Google Groups"),
    ("x-google-loop", "Google Groups"),
    ("x-sympa-version", "Sympa"),
    ("x-no-archive-sympa", "Sympa"),
    ("x-sympa-to", "Sympa"),
    ("x-mlserver", ""),
    ("x-quickml", "QuickML"),
    ("x-listserver", ""),
    ("x-listar-version", ""),
    ("x-ecartis-version", ""),
    ("list-software", ""),
    ("x-ml-driver", ""),
    ("x-listprocessor-version", "ListProcessor"),
    ("x-lsv-listid", "LISTSERV"),
    ("x-mdmailing-list", "MDaemon"),
    ("x-zimbra-dl", "Zimbra"),
    ("x-phplist-version", "phpList"),
    ("x-discourse-post-id", "Discourse"),
    ("x-discourse-topic-id", "Discourse"),
    ("x-ms-exchange-unifiedgroup-submittedviagroupaddress", "Microsoft 365 Groups"),
)
_VERSIONED = frozenset({"x-mailman-version", "x-listprocessor-version"})
# Where no such field stands: the host in List-Id, then the robot to which commands are mailed.
_HOSTED = (
    ("groups.io", "groups.io"),
    ("lists.sr.ht", "sourcehut"),
    ("googlegroups.com", "Google Groups"),
    ("yahoogroups.com", "Yahoo Groups"),
    ("yahoogroups.jp", "Yahoo Groups"),
)
_ROBOTS = (
    ("mailto:listserv@", "LISTSERV"),
    ("mailto:majordomo@", "Majordomo"),
    ("mailto:sympa@", "Sympa"),
    ("mailto:listproc@", "ListProcessor"),
    ("mailto:ecartis@", "Ecartis"),
)
_COMMANDS = ("list-help", "list-subscribe", "list-unsubscribe", "list-owner")
# Fields that no mail from person to person carries; each alone says "through a list". A distribution list of Exchange
# leaves none, and List-Unsubscribe alone is a newsletter's.
_PROOFS = frozenset(
    {
        "list-id", "list-post", "mailing-list", "x-mailing-list", "x-beenthere", "x-ml-name", "x-mailman-version",
        "x-mlserver", "x-listserver", "x-list", "x-listar-version", "x-ecartis-version", "list-software",
        "x-google-group-id", "x-google-loop", "x-loop-list", "x-sympa-to", "x-list-subscribe", "x-list-unsubscribe",
        "x-list-host", "x-mail-count", "x-ml-info", "x-ml-count", "x-quickml", "x-listprocessor-version",
        "x-lsv-listid", "x-mdmailing-list", "x-zimbra-dl", "x-mailinglist", "x-listname",
        "x-ms-exchange-unifiedgroup-submittedviagroupaddress",
    }
)  # fmt: skip


def mailing_list_of(fields: Fields, *, wrapped: Fields | None = None) -> MailingList | None:
    """Read the list off its fields (RFC 2919, RFC 2369), else off the habits of older software; None without a list.

    `wrapped` is the header of the one mail inside this one, if a list may have put it there.
    """
    post = post_address(fields)
    if not _came_through_a_list(fields, post):
        return None
    first = list_id(fields)
    writer = author_of(fields, list_id=first, post=post, wrapped=wrapped)
    return MailingList(first, post, _software(fields, first), writer, _other_ids(fields, first))


def list_id(fields: Fields) -> str | None:
    """The identifier of List-Id (RFC 2919 §3), without angle brackets, in lower case; of the first such field."""
    return _identifier(fields.raw("list-id"))


def _identifier(value: str) -> str | None:
    if not value:
        return None
    inside = _IN_ANGLES.findall(value)
    bare = [word for word in words(value).split() if "." in word]  # without brackets: what looks like a name
    text = "".join(words(inside[-1]).split()) if inside else "".join(bare[-1:]) or "".join(words(value).split())
    return text.strip("<>").lower()[:255] or None


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
        or _first_address(fields.raw("x-mdmailing-list"))
        or _first_address(fields.raw("x-zimbra-dl"))
        or _lyris(fields)
        or _liststar(fields)
        or _by_habit(fields)
    )
    found = found or _by_unsubscribe(fields)
    return found if found and clean(found) == found else None  # raw bytes are no address


def _came_through_a_list(fields: Fields, post: str | None) -> bool:
    if not _PROOFS.isdisjoint(fields.names):
        return True
    if post is None:
        return False
    if fields.names >= {"list-subscribe", "list-unsubscribe"} and "x-phplist-version" not in fields.names:
        return True  # LISTSERV's habit; phpList sends newsletters with all these fields
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
    # Newsletters name themselves in Sender and Reply-To too.
    is_sure = bare != address or not _PROOFS.isdisjoint(fields.names)
    told = ("to", "cc", "reply-to") if is_sure else ("to", "cc")
    if bare.lower() in _addressed(fields, *told):
        return bare
    return bare if bare != address and "x-list" in fields.names else None


def _by_unsubscribe(fields: Fields) -> str | None:
    """`x-off@y`, `x-unsubscribe@y`: only when x@y is also written to."""
    bare = _without_role(_mailto(fields.raw("list-unsubscribe")))
    return bare if bare and bare.lower() in _addressed(fields, "to", "cc") else None


def _addressed(fields: Fields, *names: str) -> set[str]:
    return {box.address.lower() for name in names for box in mailboxes(fields.raw(name))}


def _without_role(address: str | None) -> str | None:
    """Take `-request`, `-owner` … from the local part; None when there is no such thing."""
    if not address:
        return None
    local, at, domain = address.partition("@")
    bare = _ROLE_PREFIX.sub("", _ROLE_SUFFIX.sub("", local), count=1)
    return f"{bare}{at}{domain}" if bare and bare != local else None


def _software(fields: Fields, identifier: str | None) -> str | None:
    for field, name in _SOFTWARE:
        if field in fields.names:
            value = fields.text(field) if not name or field in _VERSIONED else ""
            return " ".join(filter(None, (name, value))).strip()[:80] or None
    if "ezmlm" in fields.raw("mailing-list").lower():
        return "ezmlm"
    if _LYRIS.search(fields.raw("list-unsubscribe")):
        return "Lyris"
    return _by_host(identifier or fields.raw("mailing-list").lower()) or _by_robot(fields)


def _by_host(text: str) -> str | None:
    return next((name for host, name in _HOSTED if host in text), None)


def _by_robot(fields: Fields) -> str | None:
    commands = " ".join(fields.raw(field) for field in _COMMANDS).lower()
    found = next((name for robot, name in _ROBOTS if robot in commands), None)
    if found is None and any("LISTSERV-TCP/IP" in value for value in fields.all("received")):
        return "LISTSERV"
    return found
