"""Where do letters go when there is no mail server to hand them to? Into a Maildir, for trying out and for reading."""

from __future__ import annotations

import asyncio
import hashlib
import os
from pathlib import Path

from mailbot.channels.letter import Letter, normalised
from mailbot.errors import RelayError


class MaildirRelay:
    """Writes each letter as one file with `\\n` line ends. The same letter sent again is still one file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, letter: Letter) -> str:
        """As Relay.send; every failure is temporary and leaves no letter."""
        try:
            name = await asyncio.to_thread(self._write, letter)
        except OSError as error:
            raise self._unwritable(error) from error
        return f"250 2.0.0 kept as {name}"

    async def close(self) -> None:
        """Nothing is held open."""

    async def check(self) -> None:
        """Make the folders and write to them. Raises RelayError."""
        try:
            await asyncio.to_thread(self._try_out)
        except OSError as error:
            raise self._unwritable(error) from error

    def _write(self, letter: Letter) -> str:
        self._make()
        name = _name(letter)
        if self._was_seen(name):
            return name
        # Two writers of one letter (a lease ran out) must not share the temporary file.
        waiting = self._folder / "tmp" / f"{name}.{os.urandom(4).hex()}"
        try:
            _write_synced(waiting, _contents(letter))
            waiting.replace(self._folder / "new" / name)
        finally:
            waiting.unlink(missing_ok=True)
        _sync_folder(self._folder / "new")
        return name

    def _unwritable(self, error: OSError) -> RelayError:
        return RelayError(f"the maildir {self._folder} cannot be written: {error.strerror or error}", of_relay=True)

    def _make(self) -> None:
        for part in ("tmp", "new", "cur"):
            (self._folder / part).mkdir(mode=0o700, parents=True, exist_ok=True)

    def _was_seen(self, name: str) -> bool:
        """Say whether a reader has taken the letter over: it then stands in cur/ with flags behind its name."""
        with os.scandir(self._folder / "cur") as entries:
            return any(entry.name.partition(":")[0] == name for entry in entries)

    def _try_out(self) -> None:
        self._make()
        trial = self._folder / "tmp" / f"check.{os.urandom(4).hex()}"
        _write_synced(trial, b"")
        trial.unlink()


def _name(letter: Letter) -> str:
    return hashlib.sha256(f"{letter.message_id}\0{letter.recipient}".encode()).hexdigest()[:32]


def _contents(letter: Letter) -> bytes:
    # What a last mail server adds (RFC 5321 §4.4); a control character may not make another field of it.
    top = f"Return-Path: <{_visible(letter.envelope_from)}>\nDelivered-To: {_visible(letter.recipient)}\n"
    return top.encode() + normalised(letter.raw).replace(b"\r\n", b"\n")


def _visible(address: str) -> str:
    return "".join(character for character in address if character.isprintable())


def _write_synced(path: Path, contents: bytes) -> None:
    with path.open("xb") as file:
        file.write(contents)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
