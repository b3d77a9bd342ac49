"""Which commands are there, and how does each end? The only place where the command line catches errors."""

from __future__ import annotations

import io
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Annotated, NoReturn

import typer

from mailbot import __version__
from mailbot.cli import (
    alarms,
    askers,
    changes,
    clock,
    contracts,
    delivering,
    equipment,
    explaining,
    holding,
    incidents,
    inspecting,
    life,
    mails,
    oncall,
    reporting,
    running,
    showing,
    sla,
    staff,
    status,
)
from mailbot.cli.output import BROKEN_PIPE, complain, say
from mailbot.errors import InputError, MailbotError

_BUG = 70  # EX_SOFTWARE of sysexits.h
_INTERRUPTED = 130

app = typer.Typer(
    help="An e-mail-driven support desk: customers and engineers write mail, mailbot does the rest.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(running.serve)
app.command()(running.demo)
app.command()(running.init)
app.command()(running.check)
app.command()(delivering.deliver)
app.command()(inspecting.inspect)
app.command()(explaining.explain)
app.add_typer(contracts.contract, name="contract")
contracts.contract.command("list")(showing.contract_list)
contracts.contract.command("show")(showing.contract_show)
app.add_typer(askers.asker, name="asker")
app.add_typer(equipment.equipment, name="equipment")
app.add_typer(changes.change, name="change")
app.add_typer(staff.staff, name="staff")
for name, command in life.COMMANDS.items():
    incidents.incident.command(name)(command)
app.add_typer(incidents.incident, name="incident")
for name, command in holding.COMMANDS.items():
    mails.inbound.command(name)(command)
app.add_typer(mails.inbound, name="inbound")
app.add_typer(mails.outbox, name="outbox")
app.add_typer(sla.sla, name="sla")
app.command()(reporting.report)
app.add_typer(oncall.oncall, name="oncall")
app.add_typer(running.rules, name="rules")
app.command()(status.status)
app.add_typer(clock.clock, name="clock")
app.add_typer(alarms.alarm, name="alarm")
app.add_typer(running.db, name="db")


def _version(wanted: bool) -> None:
    if wanted:
        say(f"mailbot {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_version, help="Print the version and end.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show where a failure came from.")] = False,
) -> None:
    pass


def run() -> NoReturn:
    """The entry point of the program."""
    sys.exit(execute(sys.argv[1:]))


def execute(arguments: Sequence[str]) -> int:
    """Run one command; give its exit code: 0 done, 1 not found or refused, 2 wrong input, 75 temporary, 70 a bug."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that knows no Japanese is no reason to fail
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        code = BROKEN_PIPE
    if code == BROKEN_PIPE:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that nothing is written at the exit
    return code


def _run(arguments: Sequence[str]) -> int:
    try:
        code = typer.main.get_command(app).main(list(arguments), prog_name="mailbot", standalone_mode=False)
    except typer.TyperException as error:
        complain(_usage(error))
        return error.exit_code
    except (KeyboardInterrupt, typer.Abort):
        return _INTERRUPTED
    except BrokenPipeError:
        return BROKEN_PIPE
    except MailbotError as error:
        _trace(arguments)
        for line in str(error).splitlines():
            complain(line)
        return error.exit_code
    except Exception as error:
        _trace(arguments)
        if isinstance(error, UnicodeEncodeError) and not all(map(_is_text, arguments)):
            complain("mailbot: an argument is not UTF-8: write it in that encoding")
            return InputError.exit_code
        complain(f"a bug, please report: {type(error).__name__}: {error} (mailbot --debug … shows where)")
        return _BUG
    return code if isinstance(code, int) else 0


def _usage(error: typer.TyperException) -> str:
    """`mailbot contract show: missing argument 'NUMBER' (see mailbot contract show --help)`."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "mailbot"
    what = " ".join(error.format_message().split()).rstrip(".")
    return f"{command}: {what[:1].lower()}{what[1:]} (see {command} --help)"


def _is_text(argument: str) -> bool:
    return not any("\udc80" <= character <= "\udcff" for character in argument)  # bytes that Python could not read


def _trace(arguments: Sequence[str]) -> None:
    if "--debug" in arguments[:1]:
        traceback.print_exc()
