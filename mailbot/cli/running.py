"""How is a desk set up, tried and run? The commands init, check, serve, demo, `rules test` and `db upgrade`."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailbot.cli.options import AsJson, ConfigFile, config_path, group, settings_of
from mailbot.cli.output import complain, say, say_json
from mailbot.errors import ConfigurationError

if TYPE_CHECKING:
    from mailbot.config import Settings

rules = group("Try out the rules.")
db = group("Care for the database.")


def init(folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the desk is to live.")]) -> None:
    """Write a commented configuration with generated secrets into DIR."""
    from mailbot.cli import setup

    for line in setup.init(folder):
        say(line)


def check(config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Tell every fault of configuration, rules, templates, database and relay at once."""
    from mailbot.cli import setup

    path = config_path(config)
    faults = setup.check(path, os.environ)
    if as_json:
        say_json({"ok": not faults, "faults": [asdict(fault) for fault in faults]})
        raise typer.Exit(ConfigurationError.exit_code if faults else 0)
    if faults:
        raise ConfigurationError(faults)
    say(_all_is_well(path, settings_of(config)))


def serve(config: ConfigFile = None) -> None:
    """Run the daemon until it is told to stop."""
    from mailbot.cli import setup

    path = config_path(config)
    faults = setup.check_start(path, os.environ)
    if faults:
        raise ConfigurationError(faults)
    settings = settings_of(config)
    _log_configuration(path, settings)
    from mailbot import app

    app.run(settings)


def demo(
    once: Annotated[bool, typer.Option("--once", help="End when the sample mails are answered.")] = False,
) -> None:
    """Run the main job on sample data, with nothing to configure."""
    from mailbot.cli import demo as demonstration

    raise typer.Exit(demonstration.run(once=once))


@rules.command("test")
def rules_test(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[FOLDER]", help="A folder of rules; else the configured one.")
    ] = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Run all examples of the rule files."""
    from mailbot.rules import run_examples

    examples = run_examples(folder or _rules_folder(settings_of(config)))
    failing = [example.fault() for example in examples if not example.holds]
    if as_json:
        say_json([asdict(example) | {"holds": example.holds} for example in examples])
    elif not failing:
        files = Counter(Path(example.file).name for example in examples)
        told = ", ".join(f"{count} of {file}" for file, count in files.items())
        say(f"all {len(examples)} examples hold: {told}")
    else:
        for fault in failing:
            complain(str(fault))
    if failing:
        raise typer.Exit(ConfigurationError.exit_code)


@db.command("upgrade")
def db_upgrade(config: ConfigFile = None) -> None:
    """Bring the database to the schema of this program; nothing happens when it has it."""
    from mailbot.store import engine, migrations

    settings = settings_of(config)
    store = engine.create(settings.database.url)
    with store.read() as connection:
        say(f"the database has schema {migrations.version(connection)}")
    store.close()


def _rules_folder(settings: Settings) -> Path:
    from mailbot.config import bundled

    return settings.rules.folder or bundled("rules")


def _all_is_well(path: Path, settings: Settings) -> str:
    from mailbot.config import masked
    from mailbot.rules import run_examples

    shown = masked(settings)
    doors = ", ".join((*settings.smtp.listen, *settings.smtp.tls_listen, *settings.lmtp.listen)) or "none"
    return (
        f"all is well: {path}, {len(run_examples(_rules_folder(settings)))} examples of the rules, "
        f"templates in {' and '.join(settings.desk.languages)}, database {shown['database']['url']}, "
        f"relay {settings.relay.url}{_second(settings)}, doors {doors}"
    )


def _second(settings: Settings) -> str:
    return f" and {settings.second_relay.url}" if settings.second_relay else ""


def _log_configuration(path: Path, settings: Settings) -> None:
    """Say with what the daemon starts, a section a line; secrets are masked."""
    import structlog

    from mailbot import logs
    from mailbot.config import masked

    logs.configure(settings.log.level, settings.log.format)
    log = structlog.get_logger("mailbot")
    for section, values in masked(settings).items():
        if values is None:  # [second_relay] stays away
            continue
        log.info("configuration", file=str(path), section=section, **values)
