"""What `mailbot check` says about the way out, without sending anything."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from mailbot.channels.relay import connect, faults
from mailbot.config.settings import Dkim
from mailbot.errors import ConfigurationError, Fault
from tests.channels.relaying import settings, url_of
from tests.channels.sink import Say, Silence, Sink


async def only_fault(url: str, **options: Any) -> Fault:
    [fault] = await faults(settings(url, **options))
    assert re.fullmatch(r"config\.toml: \[relay[.a-z]*\] \w+ = .*: .+", str(fault))
    return fault


@pytest.mark.parametrize("protocol", ["smtp", "lmtp"])
async def test_relay_that_works(protocol: Any) -> None:
    async with Sink(protocol=protocol) as sink:
        assert await faults(settings(url_of(sink))) == []
    assert sink.commands[1:] == ["QUIT"]
    assert not sink.taken


async def test_maildir_that_works(tmp_path: Path) -> None:
    assert await faults(settings(f"maildir:{tmp_path}/out")) == []
    assert sorted(path.name for path in (tmp_path / "out").rglob("*")) == ["cur", "new", "tmp"]


async def test_nobody_listens() -> None:
    async with Sink() as sink:
        url = url_of(sink)
    assert (await only_fault(url)).value == f'"{url}"'


async def test_other_protocol() -> None:
    async with Sink(protocol="lmtp") as sink:
        assert "500 5.5.1 wrong protocol" in (await only_fault(f"smtp://127.0.0.1:{sink.port}")).mend


async def test_silence() -> None:
    async with Sink() as sink:
        sink.will("hello", Silence())
        assert "Timed out" in (await only_fault(url_of(sink), timeout_seconds=0.05)).mend


async def test_no_tls() -> None:
    async with Sink() as sink:
        assert "STARTTLS" in (await only_fault(url_of(sink), starttls="required")).mend


async def test_wrong_password() -> None:
    async with Sink(password="right") as sink:
        fault = await only_fault(url_of(sink), username="desk", password="not right")
        assert "535 5.7.8" in fault.mend
        assert "not right" not in str(fault)


async def test_unwritable_maildir(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert "Not a directory" in (await only_fault(f"maildir:{tmp_path}/file/out")).mend


async def test_every_fault_at_once(tmp_path: Path) -> None:
    async with Sink() as sink:
        sink.will("hello", Say("554 5.7.1 go away"), times=None)
        key = Dkim(selector="s1", domain="desk.test", key_file=tmp_path / "missing.pem")
        found = await faults(settings(url_of(sink), dkim=key))
    assert [fault.key for fault in found] == ["[relay.dkim] key_file", "[relay] url"]


def test_nothing_starts_without_its_key(tmp_path: Path) -> None:
    key = Dkim(selector="s1", domain="desk.test", key_file=tmp_path / "missing.pem")
    with pytest.raises(ConfigurationError):
        connect(settings(f"maildir:{tmp_path}", dkim=key))
