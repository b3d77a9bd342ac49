"""A tiny nameserver on loopback, over UDP and TCP, that says what it is told to say."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

Zone = Mapping[tuple[str, str], list[str] | str]
"""(name, kind) → records in text form; or the name of a response code, `silence`, or `tcp: …` for a long answer."""


class Nameserver(asyncio.DatagramProtocol):
    """Counts what it is asked."""

    def __init__(self, zone: Zone) -> None:
        self.zone = zone
        self.asked: list[tuple[str, str, str]] = []
        self.address = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        answer = self._answer(data, "udp")
        if answer is not None:
            self._transport.sendto(answer, addr)

    async def stream(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        (size,) = struct.unpack("!H", await reader.readexactly(2))
        answer = self._answer(await reader.readexactly(size), "tcp")
        if answer is not None:
            writer.write(struct.pack("!H", len(answer)) + answer)
        writer.close()

    def _answer(self, data: bytes, way: str) -> bytes | None:
        query = dns.message.from_wire(data)
        question = query.question[0]
        name, kind = question.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(question.rdtype)
        self.asked.append((way, name, kind))
        said = self.zone.get((name.lower(), kind), "NXDOMAIN")
        if said == "silence":
            return None
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        if isinstance(said, str):
            answer.set_rcode(dns.rcode.from_text(said))
        elif said[:1] == ["tcp"] and way == "udp":
            answer.flags |= dns.flags.TC
        elif said:
            records = said[1:] if said[0] == "tcp" else said
            answer.answer.append(dns.rrset.from_text_list(question.name, 60, "IN", kind, records))
        return answer.to_wire()


@asynccontextmanager
async def nameserver(zone: Zone) -> AsyncIterator[Nameserver]:
    loop = asyncio.get_running_loop()
    serving = Nameserver(zone)
    streams = await asyncio.start_server(serving.stream, "127.0.0.1", 0)
    port = streams.sockets[0].getsockname()[1]
    transport, _ = await loop.create_datagram_endpoint(lambda: serving, local_addr=("127.0.0.1", port))
    serving.address = f"127.0.0.1:{port}"
    try:
        yield serving
    finally:
        transport.close()
        streams.close()
        await streams.wait_closed()
