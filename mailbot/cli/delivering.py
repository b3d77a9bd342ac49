"""How does a mail come in by a pipe from a mail server? The command deliver.

The mail server takes exit code 75 for "try again later" and any other but 0 for a bounce. So whatever fails on our
side, a fault of configuration or a bug too, ends with 75: a customer's question must not bounce for it (P2).
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from mailbot.cli.options import ConfigFile, opened
from mailbot.errors import InputError, MailbotError, RefusedError, StoreUnavailableError

if TYPE_CHECKING:
    from mailbot.cli.options import Opened
    from mailbot.config import Settings
    from mailbot.flows.context import Addresses
    from mailbot.mail.envelope import Envelope

_MBOX_FROM = re.compile(rb"\A>?From (\S{1,320}) ")


class NotKeptError(MailbotError):
    """The mail was not kept, and it is not its sender's fault."""

    exit_code = StoreUnavailableError.exit_code


def deliver(
    sender: Annotated[
        str | None, typer.Option("--from", metavar="A", help="The envelope sender; else Return-Path, else From.")
    ] = None,
    recipients: Annotated[
        list[str] | None, typer.Option("--to", metavar="B", help="An envelope recipient; else the support address.")
    ] = None,
    config: ConfigFile = None,
) -> None:
    """Keep one mail from standard input; exit 0 once it is on the disk, 75 when the mail server is to try again."""
    try:
        with opened(config) as desk:
            raw = _read(desk.settings.smtp.max_message_bytes)
            _keep(desk, raw, _envelope(desk.settings, raw, sender, recipients or []))
    except (InputError, RefusedError):
        raise
    except MailbotError as error:
        raise NotKeptError(str(error)) from error
    except Exception as error:
        raise NotKeptError(f"a bug, please report: {type(error).__name__}: {error}") from error


def _read(limit: int) -> bytes:
    raw = sys.stdin.buffer.read(limit + 1)
    if not raw.strip():
        raise InputError("mailbot deliver: there is no mail on standard input")
    if len(raw) > limit:
        raise RefusedError(f"the mail has more than {limit} bytes, the limit of [smtp] max_message_bytes")
    return raw


def _envelope(settings: Settings, raw: bytes, sender: str | None, recipients: list[str]) -> Envelope:
    from mailbot.mail.envelope import Envelope

    accepted = tuple(_path(each, "--to") for each in recipients) or (settings.addresses.support,)
    unknown = _unknown(settings, accepted)
    if unknown:
        raise RefusedError(f"{', '.join(unknown)}: not an address of this desk")
    path = _reverse_path(raw) if sender is None else _path(sender, "--from")
    return Envelope("pipe", path, accepted, peer="stdin")


def _path(written: str, option: str) -> str:
    """An address as mail servers hand it over, with or without angle brackets; `<>` is the null path."""
    text = written.strip().removeprefix("<").removesuffix(">")
    if not text.isprintable() or " " in text:
        raise InputError(f"mailbot deliver: {option} {written!r} is no address: write name@example.jp")
    return text


def _reverse_path(raw: bytes) -> str:
    """Return-Path (RFC 5321 §4.4), else the From line of an mbox, else the author."""
    from mailbot.mail.header import clean
    from mailbot.mail.mailboxes import mailboxes
    from mailbot.mail.reading import header_fields

    fields = header_fields(raw)
    written = fields.all("return-path")
    if written:
        return clean(written[0]).removeprefix("<").removesuffix(">")
    line = _MBOX_FROM.match(raw[:1_000])
    if line:
        path = clean(line[1].decode("ascii", "replace"))
        return "" if path == "MAILER-DAEMON" else path  # as mail servers write the null path there
    return next((box.address for box in mailboxes(fields.raw("from"))), "")


def _unknown(settings: Settings, recipients: tuple[str, ...]) -> list[str]:
    own = {address.lower() for address in settings.addresses.model_dump().values()}
    others = [each for each in recipients if each.lower() not in own]
    if not others:
        return []
    addresses = _addresses(settings)
    return [each for each in others if addresses.purpose(each) is None]


def _addresses(settings: Settings) -> Addresses:
    from mailbot.flows.context import Addresses
    from mailbot.mail.token import signing_keys

    return Addresses.of(settings.addresses.by_purpose, signing_keys(settings.secrets.revealed))


def _keep(desk: Opened, raw: bytes, envelope: Envelope) -> None:
    from mailbot import clock
    from mailbot.flows import receive
    from mailbot.mail.envelope import Arrival

    desk.store.require_room(desk.settings.smtp.reserve_bytes + len(raw))
    receive.keep(desk.store, [Arrival(raw, envelope, clock.now())])
