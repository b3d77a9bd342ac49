"""What do we say about who sent a mail, given the records of the DNS? For the corpora's cases of kind `auth`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from mailbot.cli.inspect import inspect_one
from mailbot.mail.lookup import Answer, Question, Unverified, Verification
from mailbot.mail.verification import verify

ARRIVED = datetime(2026, 4, 1, tzinfo=UTC)


def auth_answer(raw: bytes, dns: Mapping[str, str]) -> dict[str, Any]:
    """The state of the ARC chain, and what the topmost Authentication-Results claims. `dns`: TXT records by name."""
    claims = inspect_one(raw)["authentication"]
    mail = Unverified(raw, "author.example", "", "", "", ARRIVED, through_list=True)
    found = asked_through(mail, {Question(name, "TXT"): Answer((text.encode(),)) for name, text in dns.items()})
    chain = next((each.result for each in found.results if each.method == "arc"), "none")
    return {"arc": chain, "authserv_id": claims.get("authserv_id"), "authres": claims.get("results")}


def asked_through(mail: Unverified, zone: Mapping[Question, Answer]) -> Verification:
    """Verify, with an answer from the zone for everything that is asked; what it does not hold does not exist."""
    known: dict[Question, Answer] = {}
    while (found := verify(mail, known)).missing:
        assert not known.keys() & set(found.missing), "asked again for what is known"
        known |= {question: zone.get(question, Answer(exists=False)) for question in found.missing}
    return found
