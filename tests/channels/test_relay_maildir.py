"""Letters in a folder: each once, whole, and readable by any mail reader."""

from __future__ import annotations

import asyncio
import mailbox
from dataclasses import replace
from pathlib import Path

import pytest

from mailbot.channels.relay import Letter, connect
from mailbot.errors import RelayError
from tests.channels.relaying import RAW, letter, settings


async def send(folder: Path, *letters: Letter) -> list[str]:
    relay = connect(settings(f"maildir:{folder}"))
    answers = await asyncio.gather(*map(relay.send, letters))
    await relay.close()
    return answers


async def test_letter_is_kept_as_a_reader_expects(tmp_path: Path) -> None:
    [answer] = await send(tmp_path / "a" / "b", letter())
    [file] = (tmp_path / "a" / "b" / "new").iterdir()
    assert answer == f"250 2.0.0 kept as {file.name}"
    top = b"Return-Path: <bounce@desk.test>\nDelivered-To: asker1@example.com\n"
    assert file.read_bytes() == top + RAW.replace(b"\r\n", b"\n")
    assert [mail["Message-ID"] for mail in mailbox.Maildir(tmp_path / "a" / "b")] == ["<1@desk.test>"]
    assert not list((tmp_path / "a" / "b" / "tmp").iterdir())


async def test_null_path(tmp_path: Path) -> None:
    await send(tmp_path, letter(sender=""))
    [file] = (tmp_path / "new").iterdir()
    assert file.read_bytes().startswith(b"Return-Path: <>\n")


async def test_same_letter_again_is_one_file(tmp_path: Path) -> None:
    answers = await send(tmp_path, *[letter()] * 10)
    assert len(set(answers)) == len(list((tmp_path / "new").iterdir())) == 1


async def test_same_letter_again_after_it_was_read(tmp_path: Path) -> None:
    await send(tmp_path, letter())
    [file] = (tmp_path / "new").iterdir()
    file.rename(tmp_path / "cur" / f"{file.name}:2,S")
    await send(tmp_path, letter())
    assert not list((tmp_path / "new").iterdir())


async def test_other_letters_and_other_recipients_are_other_files(tmp_path: Path) -> None:
    await send(tmp_path, letter(1), letter(2), replace(letter(1), recipient="another@example.com"))
    assert len(list((tmp_path / "new").iterdir())) == 3


async def test_address_cannot_add_a_field(tmp_path: Path) -> None:
    await send(tmp_path, replace(letter(), recipient="a@b.test\r\nBcc: c@d.test\n\nx"))
    [file] = (tmp_path / "new").iterdir()
    assert file.read_bytes().splitlines()[1] == b"Delivered-To: a@b.testBcc: c@d.testx"


async def test_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RelayError, match="Not a directory") as caught:
        await send(tmp_path / "file" / "maildir", letter())
    assert (caught.value.permanent, caught.value.in_doubt) == (False, False)


async def test_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    await send(tmp_path, letter())
    [file] = (tmp_path / "new").iterdir()
    file.unlink()
    file.mkdir()  # the last step, the renaming, fails
    with pytest.raises(RelayError):
        await send(tmp_path, letter())
    assert not list((tmp_path / "tmp").iterdir())
