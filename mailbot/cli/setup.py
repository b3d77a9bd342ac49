"""How does a desk come into being, and would it work as it is configured? The commands `init` and `check`."""

from __future__ import annotations

import asyncio
import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from mailbot import config
from mailbot.errors import ConfigurationError, Fault, InputError, RefusedError

Checks = tuple[tuple[set[str], Callable[[config.Settings], list[Fault]]], ...]
"""Which sections each check looks at."""

_SIGNING = re.compile(r"^signing = .*$", re.MULTILINE)


def init(folder: Path) -> list[str]:
    """Write a commented configuration with secrets of its own; what was done and what comes next, in sentences.

    Raises RefusedError when there is a configuration already, InputError when the folder cannot be written.
    """
    path = folder / "config.toml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_private(path, _fresh_configuration())
    except FileExistsError as error:
        raise RefusedError(f"{error.filename} is there already and stays as it is: choose another folder") from None
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}") from None
    return [
        f"Wrote {path}, with a secret of its own; keep it safe, and readable to mailbot alone.",
        f"Edit it, or leave it as it is for trying out; then: mailbot check -c {path}",
    ]


def _fresh_configuration() -> str:
    example = config.bundled("config.example.toml").read_text(encoding="utf-8")
    # 32 random bytes: as many as the HMAC-SHA256 under the tokens can use (RFC 2104 §3).
    return _SIGNING.sub(f'signing = ["{secrets.token_urlsafe(32)}"]', example)


def _write_private(path: Path, text: str) -> None:
    """Write a new file that only its owner can read, from its first moment on."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


def check(path: Path, environ: Mapping[str, str]) -> list[Fault]:
    """Every fault of configuration, rules, templates, database, certificate, relay and nameservers, at once.

    A fault in one section hides none elsewhere: whatever is sound is tried. Not for use inside an event loop.
    """
    return _examined(path, environ, _CHECKS)


def check_start(path: Path, environ: Mapping[str, str]) -> list[Fault]:
    """The faults that keep `serve` from starting: all of `check` but a relay or nameservers that are away now.

    Mail must be taken in while the relay is down, also after a restart; what is to leave waits in the outbox.
    """
    return _examined(path, environ, _CHECKS_AT_START)


def _examined(path: Path, environ: Mapping[str, str], checks: Checks) -> list[Fault]:
    examination = config.examine(path, environ)
    sound = examination.sections
    # Not validated again: a section at fault is missing here, and no check that looks at it is made.
    settings = config.Settings.model_construct(**sound)
    found = [find(settings) for needed, find in checks if needed <= sound.keys()]
    return [*examination.faults, *(_in_file(path, fault) for faults in found for fault in faults)]


def rules_faults(settings: config.Settings) -> list[Fault]:
    """What is wrong in the folder of rules."""
    from mailbot import rules

    return _raised(lambda: rules.load(settings.rules.folder or config.bundled("rules")))


def templates_faults(settings: config.Settings) -> list[Fault]:
    """What is wrong in the folder of templates."""
    from mailbot import templates

    folder = settings.templates.folder or config.bundled("templates")
    return _raised(lambda: templates.load(folder, languages=settings.desk.languages))


def database_faults(settings: config.Settings) -> list[Fault]:
    """What keeps the database from being used: away, not to be written, of another version."""
    from mailbot.store import engine

    return engine.faults(settings.database.url)


def contract_faults(settings: config.Settings) -> list[Fault]:
    """Which contracts name a menu that the rules do not know; no mail of theirs could be answered."""
    from mailbot import rules
    from mailbot.store import contracts, engine

    store = engine.existing(settings.database.url)
    if store is None or rules_faults(settings):
        return []
    known = rules.load(settings.rules.folder or config.bundled("rules")).service.menus
    with store.read() as connection:
        rows = contracts.listed(connection)
    store.close()
    mend = f"is no menu of the rules ({', '.join(known)}): add it to service.toml"
    return [
        Fault("database", f"menu of contract {row['number']}", f'"{row["menu"]}"', mend)
        for row in rows
        if row["menu"] not in known
    ]


def on_call_faults(settings: config.Settings) -> list[Fault]:
    """Which addresses of the rotas and ladders nobody is registered with; they would be passed over."""
    from mailbot.desk.oncall import unknown
    from mailbot.rules import load
    from mailbot.store import contracts, engine

    store = engine.existing(settings.database.url)
    if store is None or rules_faults(settings):
        return []
    folder = settings.rules.folder or config.bundled("rules")
    rules = load(folder).oncall
    with store.read() as connection:
        people = contracts.everybody(connection)
    store.close()
    mend = "nobody is registered with this address: see mailbot staff add --help"
    return [Fault(str(folder / "oncall.toml"), "on call", f'"{each}"', mend) for each in unknown(rules, people)]


def certificate_faults(settings: config.Settings) -> list[Fault]:
    """What keeps the door from offering TLS."""
    from mailbot.channels import tls

    certificate, key = settings.smtp.tls_certificate, settings.smtp.tls_key
    if certificate is None or key is None:
        return []
    try:
        tls.server_context(certificate, key)
    except InputError as error:
        return [Fault(_CONFIGURATION, "[smtp] tls_certificate", f'"{certificate}"', str(error))]
    return []


def relay_faults(settings: config.Settings) -> list[Fault]:
    """What keeps letters from leaving; nothing is sent."""
    from mailbot.channels import relay

    return asyncio.run(relay.faults(settings))


def relay_standing_faults(settings: config.Settings) -> list[Fault]:
    """What keeps letters from leaving and will not go away by itself."""
    from mailbot.channels import relay

    return asyncio.run(relay.standing_faults(settings))


def command_faults(settings: config.Settings) -> list[Fault]:
    """What keeps the operator's command for alarms from being run."""
    from mailbot.channels import pager

    return pager.faults(settings.alarm)


def resolver_faults(settings: config.Settings) -> list[Fault]:
    """What keeps senders from being verified, where they are to be."""
    from mailbot.channels import resolver

    return asyncio.run(resolver.faults(settings.trust, settings.desk.domain)) if settings.trust.verify else []


_CONFIGURATION = "config.toml"
_CHECKS_OF_THE_HOUSE: Checks = (
    ({"rules"}, rules_faults),
    ({"templates", "desk"}, templates_faults),
    ({"database"}, database_faults),
    ({"database", "rules"}, contract_faults),
    ({"smtp"}, certificate_faults),
    ({"alarm"}, command_faults),
)
_CHECKS: Checks = (
    *_CHECKS_OF_THE_HOUSE,
    ({"relay", "second_relay", "smtp"}, relay_faults),
    ({"trust", "desk"}, resolver_faults),
    ({"database", "rules"}, on_call_faults),
)
_CHECKS_AT_START: Checks = (*_CHECKS_OF_THE_HOUSE, ({"relay", "second_relay", "smtp"}, relay_standing_faults))


def _raised(load: Callable[[], object]) -> list[Fault]:
    try:
        load()
    except ConfigurationError as error:
        return list(error.faults)
    return []


def _in_file(path: Path, fault: Fault) -> Fault:
    """A fault of a key of the configuration, as the world showed it, is told under the name of the real file."""
    return replace(fault, file=str(path)) if fault.key.startswith("[") else fault
