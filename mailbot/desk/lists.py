"""Did this mail really come through the list that it names? (S8) Pure.

A List-Id is easily written (attack row 14). What is not: the word of the list's own host, by a signature or return path
that our border has checked, or, where no border checks anything, the return path itself. The host is that of the list's
address or of its List-Id. Its parent domain may speak for it (one key for `customer.example` signs what leaves
`lists.customer.example`), and a domain beneath the address's. None counts when the author sent the mail himself: his
colleagues can write the List-Id too, but a list sends from an address of its own.
"""

from __future__ import annotations

from mailbot.desk.contract import Asker
from mailbot.desk.facts import Facts
from mailbot.desk.senders import Hosting


def came_through(asker: Asker, facts: Facts) -> bool:
    """Say whether the host of this list stands behind the mail."""
    if facts.sent_by_author and facts.author != asker.address:
        return False
    return any(_stands_behind(asker, host, facts) for host in hosts(asker))


def is_proven(asker: Asker, facts: Facts) -> bool:
    """Say whether it came through this list by a proof that our border has seen, not by the return path alone."""
    return facts.proven_domains is not None and came_through(asker, facts)


def hosts(asker: Asker) -> frozenset[str]:
    """Where the list may live: behind the @ of its address, and behind the first label of its List-Id (RFC 2919 §2)."""
    return frozenset({_address_host(asker), (asker.list_id or "").partition(".")[2]} - {""})


def _stands_behind(asker: Asker, host: str, facts: Facts) -> bool:
    match facts.sender_rules.hosting(host):
        case Hosting.OWN:
            below = host == _address_host(asker)  # mail goes there, so it is no public suffix such as co.jp
            return any(_is_over(each, host) or (below and _is_over(host, each)) for each in _vouching(facts))
        case Hosting.LISTS:
            # Strangers have lists there too: only the provider's own signature covers the List-Id that it wrote.
            return any(_is_over(each, host) for each in _signing(facts))
        case Hosting.MAILBOXES:
            return False  # the provider signs whatever its users write, a List-Id too


def _vouching(facts: Facts) -> frozenset[str]:
    if facts.proven_domains is not None:
        return facts.proven_domains
    return frozenset({facts.envelope_sender.rpartition("@")[2].lower()})


def _signing(facts: Facts) -> frozenset[str]:
    found = facts.message.authentication
    return frozenset(each.domain for each in found if each.method == "dkim" and each.result == "pass")


def _is_over(domain: str, host: str) -> bool:
    """Say whether the host is this domain or beneath it, and it is no top-level domain."""
    return domain == host or ("." in domain and host.endswith(f".{domain}"))


def _address_host(asker: Asker) -> str:
    return asker.address.rpartition("@")[2]
