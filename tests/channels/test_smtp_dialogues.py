"""Does the door answer as the dialogues in `dialogues/*.txt` say? They are the readable form; this only plays them.

    # text            a comment
    == title          a new case: a fresh door and a fresh connection
    @ lmtp            the case is about LMTP; `@ starttls`, `@ limit=value` likewise
    > line            the client says this line, with CRLF
    >> text           the client sends exactly this; \\r \\n \\t \\\\ \\0 and \\xNN are read, and nothing is added
    < start           the server's next reply; its last line starts so
    <* start          one line of the reply that was read last starts so; `<! start`: none does
    tls               the handshake
    closed            the server has hung up
    kept text         the next mail that was kept, as bytes in the notation of `>>`
    from A to B, C    the envelope of that mail
    kept nothing      no (further) mail was kept

At the end of each case no mail may be left that the case did not name.
"""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

import pytest

from mailbot.channels.smtp import Limits, Tls, TlsMode
from mailbot.mail.envelope import Envelope
from tests.channels.doors import Client, Shelf, open_door

DIALOGUES = Path(__file__).with_name("dialogues")


@dataclass
class Case:
    title: str
    settings: list[str] = field(default_factory=list)
    steps: list[tuple[int, str]] = field(default_factory=list)


def cases() -> list[object]:
    found = []
    for path in sorted(DIALOGUES.glob("*.txt")):
        for case in read(path):
            found.append(pytest.param(case, id=f"{path.stem}-{case.title}".replace(" ", "-")))
    return found


def read(path: Path) -> list[Case]:
    cases: list[Case] = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.startswith("== "):
            cases.append(Case(line[3:]))
        elif line.startswith("@ "):
            cases[-1].settings.append(line[2:])
        elif line and not line.startswith("#"):
            cases[-1].steps.append((number, line))
    return cases


def as_bytes(text: str) -> bytes:
    """The bytes that the notation of `>>` means."""
    named = {"r": b"\r", "n": b"\n", "t": b"\t", "\\": b"\\", "0": b"\0"}
    parts = re.split(r"(\\x[0-9a-fA-F]{2}|\\[rnt0\\])", text)
    return b"".join(
        part.encode() if i % 2 == 0 else bytes([int(part[2:], 16)]) if part[1] == "x" else named[part[1]]
        for i, part in enumerate(parts)
    )


def limits(settings: list[str]) -> Limits:
    values = dict(setting.split("=") for setting in settings if "=" in setting)
    assert values.keys() <= {known.name for known in fields(Limits)}
    return replace(Limits(), **{name: int(value) for name, value in values.items()})


@pytest.mark.parametrize("case", cases())
async def test_dialogue(case: Case, server_tls: ssl.SSLContext, client_tls: ssl.SSLContext) -> None:
    channel = "lmtp" if "lmtp" in case.settings else "smtp"
    tls = Tls(TlsMode.STARTTLS, server_tls) if "starttls" in case.settings else None
    async with open_door(channel, limits=limits(case.settings), tls=tls) as door:
        client = await door.connect(greeting=False)
        await play(case, client, door.shelf, client_tls)


async def play(case: Case, client: Client, shelf: Shelf, tls: ssl.SSLContext) -> None:
    reply = ""
    envelope: Envelope | None = None
    for number, step in case.steps:
        word, _, rest = step.partition(" ")
        where = f"line {number}: {step}"
        match word:
            case ">":
                await client.send(rest.encode() + b"\r\n")
            case ">>":
                await client.send(as_bytes(rest))
            case "<":
                reply = await client.reply()
                assert reply.rpartition("\n")[2].startswith(rest or "2"), f"{where}, not {reply!r}"
            case "<*":
                assert any(line.startswith(rest) for line in reply.splitlines()), f"{where}, not {reply!r}"
            case "<!":
                assert not any(line.startswith(rest) for line in reply.splitlines()), f"{where}, not {reply!r}"
            case "tls":
                await client.start_tls(tls)
            case "closed":
                assert await client.closed(), where
            case "kept" if rest == "nothing":
                assert not shelf.mails, where
            case "kept":
                raw, envelope = shelf.mails.pop(0)
                assert raw == as_bytes(rest), where
            case "from":
                assert envelope is not None, where
                assert f"{envelope.sender} to {', '.join(envelope.recipients)}".strip() == rest.strip(), where
            case _:
                pytest.fail(f"{where}: not understood")
    assert not shelf.mails, "a mail was kept that the dialogue does not name"
