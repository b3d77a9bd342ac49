"""What does the DNS say? The only place that asks it; each question is answered in seconds, if only by "trouble"."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from typing import Any

import dns.asyncresolver
import dns.exception
import dns.name
import dns.nameserver
import dns.resolver

from mailbot.config.settings import Trust
from mailbot.errors import Fault
from mailbot.mail.lookup import Answer, Kind, Question, Record

_PATIENCE_SECONDS = 4.0  # for one question, over all nameservers
_AT_ONCE = 64
_REMEMBERED = 10_000  # answers; each until its time to live is over
_MOST_RECORDS = 50
_LONGEST = 16_384  # octets of one answer that are looked at
_TROUBLE = Answer(trouble=True)


class Resolver:
    """Asks the nameservers, over UDP and TCP, and remembers answers for their time to live."""

    def __init__(self, nameservers: Sequence[str] = (), *, patience: float = _PATIENCE_SECONDS) -> None:
        """`nameservers` as `address:port`; none: the system's. Raises OSError when the system names none."""
        try:
            self._resolver = dns.asyncresolver.Resolver(configure=not nameservers)
        except dns.resolver.NoResolverConfiguration as error:
            raise OSError(str(error)) from None
        if nameservers:
            self._resolver.nameservers = [_nameserver(each) for each in nameservers]
        self._resolver.cache = dns.resolver.LRUCache(_REMEMBERED)
        self._patience = patience
        self._room = asyncio.Semaphore(_AT_ONCE)
        self._asking: set[asyncio.Task[Any]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    def open(self) -> None:
        """Let threads ask from now on, through the loop that runs here."""
        self._loop = asyncio.get_running_loop()

    async def close(self) -> None:
        """Give up what is being asked: threads that wait get "trouble" at once."""
        self._loop = None
        for task in self._asking:
            task.cancel()
        await asyncio.gather(*self._asking, return_exceptions=True)

    def resolve(self, questions: Collection[Question]) -> Mapping[Question, Answer]:
        """Ask from a thread, all at once; what cannot be told in time is trouble."""
        loop = self._loop
        if loop is None:
            return dict.fromkeys(questions, _TROUBLE)
        asked = asyncio.run_coroutine_threadsafe(self.answers(questions), loop)
        try:
            return asked.result(2 * self._patience + 1)
        except (TimeoutError, CancelledError):
            asked.cancel()
            return dict.fromkeys(questions, _TROUBLE)

    async def answers(self, questions: Collection[Question]) -> Mapping[Question, Answer]:
        """Ask all at once."""
        tasks = {question: asyncio.create_task(self._answer(question)) for question in questions}
        self._asking.update(tasks.values())
        try:
            found = await asyncio.gather(*tasks.values())
        finally:
            self._asking.difference_update(tasks.values())
        return dict(zip(tasks, found, strict=True))

    async def _answer(self, question: Question) -> Answer:
        try:
            # Labels as they are: in text form blanks and dots would have to be escaped.
            name = dns.name.Name([*(label.encode("ascii") for label in question.name.split(".")), b""])
        except (dns.exception.DNSException, UnicodeError):
            return Answer(exists=False)
        try:
            async with self._room:
                found = await self._resolver.resolve(name, question.kind, search=False, lifetime=self._patience)
        except dns.resolver.NXDOMAIN:
            return Answer(exists=False)
        except dns.resolver.NoAnswer:
            return Answer()
        except (dns.exception.DNSException, OSError, EOFError):
            return _TROUBLE
        # In one order, so that the same answer always leads to the same verdict.
        return _bounded(sorted((_record(question.kind, each) for each in found), key=repr))


def _nameserver(text: str) -> dns.nameserver.Nameserver:
    host, _, port = text.rpartition(":")
    return dns.nameserver.Do53Nameserver(host.strip("[]"), int(port))


def _record(kind: Kind, data: Any) -> Record:
    if kind == "TXT":
        return b"".join(data.strings)
    if kind == "MX":
        return int(data.preference), str(data.exchange.to_text(omit_final_dot=True))
    return str(data.target.to_text(omit_final_dot=True) if kind == "PTR" else data.address)


def _bounded(records: Sequence[Record]) -> Answer:
    if len(records) > _MOST_RECORDS or sum(len(each) for each in records) > _LONGEST:
        return _TROUBLE
    return Answer(tuple(records))


async def faults(trust: Trust, domain: str) -> list[Fault]:
    """What keeps senders from being verified: nameservers that do not answer a question about our own domain."""
    mend = "no nameserver answers: mend the network, or name others under [trust] nameservers, or set verify = false"
    fault = Fault("config.toml", "[trust] verify", "true", mend)
    question = Question(f"_dmarc.{domain}", "TXT")
    with suppress(OSError):
        answer = (await Resolver(trust.nameservers).answers([question]))[question]
        return [fault] if answer.trouble else []
    return [fault]
