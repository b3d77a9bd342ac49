"""Nothing goes in the clear that must not, and nobody is believed without a certificate (RFC 3207, attack row 3)."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import pytest

from mailbot.errors import RelayError
from tests.channels.certificates import self_signed
from tests.channels.relaying import letter, relay_to
from tests.channels.sink import Babble, Drop, Say, Silence, Sink


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's side whose certificate is trusted here."""
    file, context = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return context


@pytest.fixture
def untrusted(tmp_path: Path) -> ssl.SSLContext:
    return self_signed(tmp_path)[1]


async def refused(sink: Sink, **options: Any) -> str:
    async with sink, relay_to(sink, **options) as relay:
        with pytest.raises(RelayError) as caught:
            await relay.send(letter())
    assert not sink.taken
    assert not any(command.startswith(("MAIL", "AUTH")) for command in sink.commands)
    assert (caught.value.permanent, caught.value.in_doubt) == (False, False)
    return str(caught.value)


@pytest.mark.parametrize("protocol", ["smtp", "lmtp"])
@pytest.mark.parametrize("starttls", ["required", "when-offered"])
async def test_starttls(tls: ssl.SSLContext, protocol: Any, starttls: str) -> None:
    async with Sink(protocol=protocol, tls=tls) as sink, relay_to(sink, starttls=starttls) as relay:
        await relay.send(letter())
    assert sink.taken[0].encrypted
    hello = "LHLO desk.test" if protocol == "lmtp" else "EHLO desk.test"
    assert sink.commands[:3] == [hello, "STARTTLS", hello]  # RFC 3207 §4.2


async def test_implicit_tls(tls: ssl.SSLContext) -> None:
    async with Sink(tls=tls, implicit=True) as sink, relay_to(sink) as relay:
        await relay.send(letter())
    assert sink.taken[0].encrypted
    assert "STARTTLS" not in sink.commands


async def test_never_means_never(tls: ssl.SSLContext) -> None:
    async with Sink(tls=tls) as sink, relay_to(sink, starttls="never") as relay:
        await relay.send(letter())
    assert not sink.taken[0].encrypted


async def test_stripped_starttls_is_noticed() -> None:
    assert "STARTTLS" in await refused(Sink(), starttls="required")


@pytest.mark.parametrize("starttls", ["required", "when-offered"])
@pytest.mark.parametrize(
    "action", [Say("454 4.7.0 no TLS now"), Babble("220 go on"), Drop(last_words="220 go on"), Drop(), Silence()]
)
async def test_broken_starttls_is_not_followed_by_the_letter(tls: ssl.SSLContext, starttls: str, action: Any) -> None:
    sink = Sink(tls=tls)
    sink.will("starttls", action)
    await refused(sink, starttls=starttls, timeout_seconds=0.2)


async def test_unknown_certificate_is_refused(untrusted: ssl.SSLContext) -> None:
    assert "certificate" in await refused(Sink(tls=untrusted), starttls="required")


async def test_unknown_certificate_is_refused_by_implicit_tls(untrusted: ssl.SSLContext) -> None:
    assert "certificate" in await refused(Sink(tls=untrusted, implicit=True))


async def test_certificate_of_another_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, context = self_signed(tmp_path, "192.0.2.1")
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    assert "certificate" in await refused(Sink(tls=context), starttls="required")


@pytest.mark.parametrize(
    "options", [{"starttls": "required", "verify_certificate": False}, {"starttls": "when-offered"}]
)
async def test_unknown_certificate_is_taken_where_that_was_said(untrusted: ssl.SSLContext, options: Any) -> None:
    """A relay on this machine that merely offers TLS needs no certificate for its loopback address."""
    async with Sink(tls=untrusted) as sink, relay_to(sink, **options) as relay:
        await relay.send(letter())
    assert sink.taken[0].encrypted


async def test_words_before_the_handshake_are_forgotten(tls: ssl.SSLContext) -> None:
    """What somebody slips in behind the 220 (NO STARTTLS, response injection) is not read as an answer."""
    sink = Sink(tls=tls, offers=())
    sink.will("starttls", Say("220 go on\r\n250-sink\r\n250-DSN\r\n250 SMTPUTF8"))
    async with sink, relay_to(sink, starttls="required") as relay:
        await relay.send(letter())
    assert sink.taken[0].encrypted
    assert sink.taken[0].mail_command == "MAIL FROM:<bounce@desk.test>"


LOGIN = {"username": "desk", "password": "correct horse"}


@pytest.mark.parametrize("protected", [True, False])
async def test_log_in(tls: ssl.SSLContext, protected: bool) -> None:
    """In the clear only on this machine."""
    sink = Sink(tls=tls if protected else None, password="correct horse")
    async with sink, relay_to(sink, **LOGIN) as relay:
        await relay.send(letter())
    assert (sink.taken[0].user, sink.taken[0].encrypted) == ("desk", protected)


async def test_wrong_password_is_not_the_fault_of_the_letter() -> None:
    async with Sink(password="another") as sink, relay_to(sink, **LOGIN) as relay:
        with pytest.raises(RelayError, match=r"535 5\.7\.8 wrong password") as caught:
            await relay.send(letter())
    assert not caught.value.permanent
    assert "correct horse" not in str(caught.value)
