"""The command inspect: what a mail says, or a heap of them. No configuration and no database are needed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from mailbot.cli.options import AsJson
from mailbot.cli.output import as_json, complain, say, say_json, shown, shown_text
from mailbot.errors import InputError, NotFoundError


def inspect(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="A mail (- for standard input); or many.")],
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Many files and folders: a line of JSON each.")] = False,
    threads: Annotated[bool, typer.Option("--threads", help="Which of these mails belong together.")] = False,
    as_json: AsJson = False,
) -> None:
    """Tell what a mail says."""
    if jsonl and threads:
        raise InputError("mailbot inspect: --jsonl and --threads are two questions: ask one")
    if jsonl:
        _each(paths)
    elif threads:
        _threads(paths)
    elif len(paths) > 1:
        raise InputError("mailbot inspect: one mail at a time, or --jsonl or --threads for many")
    else:
        _one(paths[0], as_json=as_json)


def _each(paths: list[Path]) -> None:
    from mailbot.cli.inspect import inspect_paths

    failed = False
    for answer in inspect_paths(paths):
        failed = failed or "error" in answer
        say(as_json(answer))
    if failed:
        complain("some files could not be read: see the lines that hold an error")
        raise typer.Exit(NotFoundError.exit_code)


def _threads(paths: list[Path]) -> None:
    from mailbot.cli.inspect import threads

    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        raise NotFoundError(f"there is no {', '.join(missing)}")
    say_json(threads(paths))


def _one(path: Path, *, as_json: bool) -> None:
    from mailbot.cli.inspect import inspect_one

    answer = inspect_one(_read(path))
    if as_json:
        say_json(answer)
    else:
        _tell(answer)


def _read(path: Path) -> bytes:
    try:
        return sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except FileNotFoundError:
        raise NotFoundError(f"there is no {path}") from None
    except IsADirectoryError:
        raise InputError(f"{path} is a folder: inspect it with --jsonl or --threads") from None
    except OSError as error:
        raise NotFoundError(f"{path} cannot be read: {error.strerror}") from None


def _tell(answer: dict[str, Any]) -> None:
    heads: list[tuple[str, object]] = [
        ("from", _box(answer["from"])),
        ("to", ", ".join(map(_box, answer["to"]))),
        ("cc", ", ".join(map(_box, answer["cc"]))),
        ("date", answer["date"]),
        ("subject", answer["subject"]),
        ("message-id", answer["message_id"]),
        ("language", answer["language"]),
        ("list", answer["list"] and (answer["list"]["list_id"] or answer["list"]["post_address"])),
        ("automatic", answer["automatic"] and f"{answer['automatic']['reason']}: {answer['automatic']['evidence']}"),
        ("bounce", answer["bounce"] and ", ".join(each["address"] for each in answer["bounce"]["recipients"])),
        ("claims", _claims(answer["authentication"])),
        ("forwarded", answer["forwarded"] and _forwarded(answer["forwarded"])),
        ("sealed", ", ".join(answer["protection"])),
        *(("attached", f"{each['filename']} ({each['content_type']})") for each in answer["attachments"]),
        *(("doubtful", each) for each in answer["from_defects"]),
        *(("warning", each) for each in answer["warnings"]),
    ]
    for name, value in heads:
        if value:
            say(f"{name + ':':<12}{shown(str(value))}")
    say("")
    say(shown_text(answer["new_text"]))


def _claims(authentication: dict[str, Any]) -> str:
    """What the mail says about its own sender; anybody may have written it."""
    said = ", ".join(f"{method}={result}" for method, result in authentication.get("results", ()))
    return f"{said} (says {authentication['authserv_id'] or 'nobody'})" if said else ""


def _forwarded(found: dict[str, Any]) -> str:
    who = _box(found["from"]) or "somebody"
    return f"{found['how']}, by {who}" + (f": {found['subject']}" if found["subject"] else "")


def _box(box: dict[str, str] | None) -> str:
    return f"{box['name']} <{box['address']}>" if box and box["name"] else box["address"] if box else ""
