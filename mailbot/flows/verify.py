"""Who really sent these mails, where our own border has not said so? Ask the DNS as often as it takes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from mailbot.desk.content import Reading
from mailbot.mail.address import normalise
from mailbot.mail.lookup import Answer, Question, Unverified, Verification
from mailbot.mail.message import AuthenticationResult, Message
from mailbot.sandbox import ReadingFailure
from mailbot.store.inbound import Waiting

Known = Mapping[Question, Answer]
Verify = Callable[[Sequence[tuple[Unverified, Known]]], list[Verification | ReadingFailure]]
Resolve = Callable[[Collection[Question]], Mapping[Question, Answer]]

_MOST_QUESTIONS = 40
_MOST_TURNS = 16
_TROUBLE = Answer(trouble=True)
_TOO_MUCH = Answer()  # no excuse: else a forger would only have to ask for more (RFC 7208 §4.6.4 says permerror)
_PRIVATE = tuple(
    ip_network(each)
    for each in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7", "fe80::/10")
)  # RFC 1918, RFC 4193: no address from which anybody may send for a domain


@dataclass(frozen=True, slots=True)
class Verifier:
    """How senders are verified.

    `verify` works in limited child processes, `resolve` asks the DNS, `relays` are the networks of our own servers:
    what comes from there says nothing about the client.
    """

    verify: Verify
    resolve: Resolve
    relays: Sequence[IPv4Network | IPv6Network]


@dataclass(slots=True)
class _Open:
    """A mail that is being verified, and what the DNS has said about it so far."""

    place: int
    mail: Unverified
    known: dict[Question, Answer] = field(default_factory=dict)


def verified(
    verifier: Verifier, mails: Sequence[Waiting], readings: Sequence[Reading | ReadingFailure]
) -> list[Reading | ReadingFailure]:
    """The readings with what was found out about their senders; those for which somebody vouches as they are."""
    done = list(readings)
    open_ = [
        _Open(place, unverified)
        for place, (mail, reading) in enumerate(zip(mails, readings, strict=True))
        if isinstance(reading, Reading) and (unverified := _unverified(verifier, mail, reading.message)) is not None
    ]
    turns = 0
    while open_:
        found = verifier.verify([(each.mail, each.known) for each in open_])
        asked: list[tuple[_Open, Verification]] = []
        for each, result in zip(open_, found, strict=True):
            if isinstance(result, Verification) and result.missing:
                asked.append((each, result))
            else:
                done[each.place] = _with(done[each.place], result)
        turns += 1
        _answer(verifier.resolve, asked, _MOST_QUESTIONS if turns <= _MOST_TURNS else 0)
        open_ = [each for each, _ in asked]
    return done


def _unverified(verifier: Verifier, mail: Waiting, message: Message) -> Unverified | None:
    """What to verify; None where it would change nothing."""
    if message.authentication or message.author is None or message.bounce or message.automatic:
        return None
    try:
        domain = normalise(message.author.address).rpartition("@")[2]
    except ValueError:
        return None
    through_list = message.mailing_list is not None
    client = _client(mail, verifier.relays)
    return Unverified(mail.raw, domain, client, mail.helo, mail.sender, mail.received_at, through_list)


def _client(mail: Waiting, relays: Sequence[IPv4Network | IPv6Network]) -> str:
    """The address from which the mail came to our border; empty where it came from a server of ours (RFC 7208 §2.4)."""
    try:
        peer = ip_address(mail.peer)
    except ValueError:
        return ""
    if mail.channel != "smtp" or any(peer in network for network in (*relays, *_PRIVATE)):
        return ""
    return str(peer)


def _answer(resolve: Resolve, asked: Sequence[tuple[_Open, Verification]], most: int) -> None:
    """Ask for all mails at once; each may cost so many questions, and so much waiting, and no more."""
    wanted: dict[Question, None] = {}
    for each, verification in asked:
        room = max(0, most - len(each.known))
        each.known.update(dict.fromkeys(verification.missing[room:], _TOO_MUCH))
        wanted.update(dict.fromkeys(verification.missing[:room]))
    answers = resolve(list(wanted)) if wanted else {}
    for each, verification in asked:
        for question in verification.missing:
            each.known.setdefault(question, answers.get(question, _TROUBLE))


def _with(reading: Reading | ReadingFailure, found: Verification | ReadingFailure) -> Reading | ReadingFailure:
    if isinstance(reading, ReadingFailure):
        return reading
    results = found.results if isinstance(found, Verification) else (AuthenticationResult("dmarc", "temperror", ""),)
    return Reading(replace(reading.message, authentication=results), reading.content)
