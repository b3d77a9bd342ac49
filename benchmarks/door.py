"""How many mails a second does the bare door take, and what does one cost? Nothing is stored: the door alone.

    PYTHONPATH=. python benchmarks/door.py [--mails N] [--connections N] [--octets N] [--lmtp] [--pipelining] [--uvloop]
    PYTHONPATH=. python benchmarks/door.py --serve [--uvloop]      only the door, for another client; prints its port

The door runs in its own process; the client, a light asyncio protocol, in this one. CPU is that of the door's process.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import resource
import signal
import statistics
import time
from multiprocessing.connection import Connection
from typing import Any

from mailbot.channels.smtp import Limits, Listener, Tally, TcpAddress
from mailbot.mail.envelope import Envelope


class Nowhere:
    """A keeper that is done at once, and a directory that knows everybody."""

    def __init__(self) -> None:
        self.taken = 0

    async def keep(self, raw: bytes, envelope: Envelope) -> None:  # noqa: ARG002
        self.taken += 1

    def knows(self, address: str) -> bool:  # noqa: ARG002
        return True


async def serve(channel: Any, told: Connection | None) -> None:
    nowhere = Nowhere()
    listener = Listener(
        TcpAddress("127.0.0.1", 0),
        channel=channel,
        hostname="door.example",
        keeper=nowhere,
        directory=nowhere,
        tally=Tally(Limits()),
    )
    await listener.start()
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    address = listener.addresses[0]
    assert isinstance(address, TcpAddress)
    if told:
        told.send(address.port)
    else:
        print(address.port, flush=True)
    await stop.wait()
    await listener.close(1.0)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    if told:
        told.send((nowhere.taken, usage.ru_utime + usage.ru_stime, usage.ru_maxrss))


def run(uvloop_wanted: bool, main: Any) -> Any:
    if uvloop_wanted:
        import uvloop

        return uvloop.run(main)
    return asyncio.run(main)


def door_process(channel: str, uvloop_wanted: bool, told: Connection) -> None:
    run(uvloop_wanted, serve(channel, told))


class Peer(asyncio.Protocol):
    """Sends mail after mail over one connection as soon as the answers to the last words are there."""

    def __init__(
        self, hello: bytes, words: list[tuple[bytes, int]], mails: list[int], done: asyncio.Future[None]
    ) -> None:
        self.script = [(hello + b" load.example\r\n", 1)]
        self.words = words
        self.mails = mails  # how many are still to be begun, shared
        self.done = done
        self.missing = 1  # the greeting
        self.sent_at = 0.0
        self.latencies: list[float] = []
        self.last_words = words[-1][0]
        self.spoken = b""
        self.tail = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport

    def data_received(self, data: bytes) -> None:
        lines = (self.tail + data).split(b"\r\n")
        self.tail = lines.pop()
        for line in lines:
            if line[3:4] == b"-":
                continue
            if line[:1] not in b"23":
                self.done.set_exception(RuntimeError(line.decode()))
                self.transport.close()
                return
            self.missing -= 1
        if self.missing == 0:
            self.next_words()

    def next_words(self) -> None:
        if self.spoken == self.last_words:
            self.latencies.append(time.perf_counter() - self.sent_at)
        if not self.script:
            if self.mails[0] == 0:
                self.transport.close()
                self.done.set_result(None)
                return
            self.mails[0] -= 1
            self.script = list(self.words)
        self.spoken, self.missing = self.script.pop(0)
        self.sent_at = time.perf_counter()
        self.transport.write(self.spoken)


async def load(port: int, arguments: argparse.Namespace) -> dict[str, float]:
    header = (
        b"From: <load@load.example>\r\nTo: <help@door.example>\r\nSubject: load\r\nMessage-ID: <1@load.example>\r\n\r\n"
    )
    body = header + (b"x" * 70 + b"\r\n") * max(1, (arguments.octets - len(header)) // 72) + b".\r\n"
    commands = [b"MAIL FROM:<load@load.example> BODY=8BITMIME\r\n", b"RCPT TO:<help@door.example>\r\n", b"DATA\r\n"]
    words = [(b"".join(commands), 3)] if arguments.pipelining else [(command, 1) for command in commands]
    loop = asyncio.get_running_loop()
    left = [arguments.mails]
    began = time.perf_counter()
    peers = []
    for _ in range(arguments.connections):
        done = loop.create_future()
        hello = b"LHLO" if arguments.lmtp else b"EHLO"
        peer = Peer(hello, [*words, (body, 1)], left, done)
        await loop.create_connection(lambda peer=peer: peer, "127.0.0.1", port)
        peers.append(peer)
    await asyncio.gather(*(peer.done for peer in peers))
    wall = time.perf_counter() - began
    latencies = sorted(latency for peer in peers for latency in peer.latencies)
    return {
        "mails_per_s": round(arguments.mails / wall, 1),
        "final_ms_p50": round(1000 * statistics.median(latencies), 3),
        "final_ms_p99": round(1000 * latencies[int(len(latencies) * 0.99)], 3),
    }


def measure(arguments: argparse.Namespace) -> dict[str, float]:
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    channel = "lmtp" if arguments.lmtp else "smtp"
    door = multiprocessing.get_context("spawn").Process(target=door_process, args=(channel, arguments.uvloop, theirs))
    door.start()
    try:
        figures = run(arguments.uvloop, load(ours.recv(), arguments))
        door.terminate()
        taken, cpu, rss = ours.recv()
    finally:
        door.terminate()
        door.join()
    return {**figures, "taken": taken, "cpu_ms_per_mail": round(1000 * cpu / taken, 3), "peak_mb": round(rss / 1024, 1)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=20_000)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--octets", type=int, default=5_000)
    parser.add_argument("--lmtp", action="store_true")
    parser.add_argument("--pipelining", action="store_true")
    parser.add_argument("--uvloop", action="store_true")
    parser.add_argument("--serve", action="store_true")
    arguments = parser.parse_args()
    if arguments.serve:
        run(arguments.uvloop, serve("lmtp" if arguments.lmtp else "smtp", None))
        return
    print(json.dumps({**vars(arguments), **measure(arguments)}))


if __name__ == "__main__":
    main()
