"""What is shown when the story is told: the mails that left, and how to go on."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console, Group
from rich.constrain import Constrain
from rich.table import Table
from rich.text import Text

from mailbot.cli.demo import mails, people, view
from mailbot.cli.demo.desk import TrialDesk
from mailbot.cli.demo.mails import Sample
from mailbot.cli.demo.seen import Seen, SeenLetter
from mailbot.cli.demo.stage import Stage
from mailbot.desk.contract import Language
from mailbot.mail.message import Message

_IN_FULL: dict[str, tuple[Language, str]] = {
    "recovery": ("en", "An acknowledgement in English, as Emma Clarke reads it"),
    "balance": ("ja", "One in Japanese"),
    "down": ("ja", "One of an urgent question: it says at its top to telephone as well"),
}


def letters(stage: Stage, samples: Sequence[Sample], seen: Seen, left: Mapping[str, Message]) -> None:
    """Show the acknowledgements, three of them in full, and what staff were told of the urgent question."""
    numbers = {each.key: mail.incident for each in samples if (mail := seen.mail(each.message_id))}
    for key, (language, title) in _IN_FULL.items():
        _show(stage, seen.acknowledgement(numbers[key]), left, language, title)
    _list_others(stage, seen, {numbers[key] for key in _IN_FULL})
    alice, language = people.STAFF[-1]
    told = [each for each in seen.letters if each.kind == "question" and each.incident == numbers["down"]]
    to_alice = next((each for each in told if each.recipient == alice.address), None)
    _show(stage, to_alice, left, language, f"What staff were told of the urgent question, as {alice.name} reads it")
    stage.say(_summary(seen))


def _show(stage: Stage, letter: SeenLetter | None, left: Mapping[str, Message], language: Language, title: str) -> None:
    if letter is not None and letter.message_id in left:
        stage.say("")
        stage.say(view.letter(left[letter.message_id], title, language, stage.zone))


def _list_others(stage: Stage, seen: Seen, shown: set[str | None]) -> None:
    others = [each for each in seen.letters if each.kind == "acknowledgement" and each.incident not in shown]
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, overflow="ellipsis")
    for each in others:
        table.add_row(f"  {each.recipient}", Text(each.subject, "dim"))
    stage.say(Group("Acknowledged too, in mails like these:", Constrain(table, view.WIDTH)))


def _summary(seen: Seen) -> str:
    slowest = max(each.acknowledged_at - each.received_at for each in seen.incidents if each.acknowledged_at)
    to_staff = sum(each.audience == "staff" for each in seen.letters)
    return (
        f"\n{len(seen.mails)} mails in, {len(seen.incidents)} incidents, each acknowledged once, the slowest after"
        f" {view.span(slowest)}; {to_staff} mails to staff.\n"
        "No word to the stranger, of whom staff get a list (S28), and none to the machine (RFC 3834)."
    )


def by_hand(stage: Stage, desk: TrialDesk, port: int, seen: Seen) -> None:
    """Say how to go on by hand, in commands that can be pasted."""
    support, writer = desk.settings.desk.address, people.CLARKE.address
    (desk.folder / "question.eml").write_bytes(mails.by_hand(support))
    number, mail = seen.incidents[-1].number, seen.mails[-1].id
    askers = ", ".join(each.address for customer in people.CONTRACTS for each in customer.askers)
    stage.say(
        f"""
How to go on, in another terminal:
  cd {shlex.quote(str(desk.folder))}{_path_to_mailbot()}
Write to the desk: change the words of question.eml, then hand it over by SMTP, or by a pipe
  python3 -c "import smtplib; smtplib.SMTP('127.0.0.1', {port}).sendmail(
    '{writer}', '{support}', open('question.eml', 'rb').read())"
  mailbot deliver --from {writer} --to {support} < question.eml
  Registered askers: {askers}.
See what became of it:
  mailbot incident list    mailbot incident show {number}
  mailbot inbound list     mailbot explain {mail}    mailbot outbox list
  The mails that left lie in var/outgoing/new; what the daemon says, in mailbot.log.
It keeps running and shows here what comes in, until Ctrl-C.
"""
    )


def _path_to_mailbot() -> str:
    """Make the word `mailbot` mean this program, where it does not yet."""
    program = _program()
    return "" if program == "mailbot" else f'; PATH={shlex.quote(str(Path(program).parent))}:"$PATH"'


def _program() -> str:
    """The word that starts this very program in a shell."""
    ours = Path(sys.executable).with_name("mailbot")
    return "mailbot" if shutil.which("mailbot") == str(ours) else str(ours)


def farewell(stage: Stage) -> None:
    """Say how to go on where the demo ends."""
    stage.say(
        "\nThis was a run on sample mails; nothing of it is left.\n"
        "To go on with mail by hand: mailbot demo, in a terminal. For a desk of your own: mailbot init DIR"
    )


def stopped(console: Console, desk: TrialDesk) -> None:
    """Say what is left after Ctrl-C."""
    folder = shlex.quote(str(desk.folder))
    console.print(
        f"\nStopped. Everything stays in {folder}: start it again with\n  {_program()} serve -c {folder}/config.toml\n"
        f"or take it away with\n  rm -r {folder}",
        soft_wrap=True,
        markup=False,
    )
