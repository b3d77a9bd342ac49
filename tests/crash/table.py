"""How does a crash test read? One table for people."""

from __future__ import annotations

from rich.table import Table

from tests.crash.run import MOST_RESTART_SECONDS, Report

_WORDS = {
    "lost": "Lost: answered 250, not in the database",
    "unread": "Kept, but in no incident",
    "ghosts": "Ghosts: in the database, never sent",
    "doubled": "Doubled mails, messages or incidents",
    "astray": "Replies outside of their incident",
    "unacknowledged": "Missing acknowledgements",
    "untold": "Messages that staff were not told of",
    "unsent": "Letters that never left",
    "forged": "Letters unknown to the outbox, or twice under two ids",
    "foreign": "Letters to somebody else",
    "too_often": "Letters sent more often than kills explain",
}


def table(report: Report) -> Table:
    """What was done, then what must be nought."""
    shown = Table("", "", "", title="mailbot, killed under load", show_header=False)
    for words, value in _done(report):
        shown.add_row(words, value, "")
    shown.add_section()
    for words, count in _must_be_nought(report):
        shown.add_row(words, str(count), "[red]wrong[/red]" if count else "[green]ok[/green]")
    slowest = max(report.restarts, default=0.0)
    shown.add_row(
        "Slowest: kill → next 250",
        f"{slowest:.1f} s",
        "[green]ok[/green]" if slowest < MOST_RESTART_SECONDS else "[red]wrong[/red]",
    )
    return shown


def _done(report: Report) -> list[tuple[str, str]]:
    restarts = sorted(report.restarts) or [0.0]
    return [
        ("Mails answered 250 (questions, replies)", _split(report.mails, report.questions)),
        ("Kills", str(report.kills)),
        ("Tries again, of which after the final dot", f"{report.retries} ({report.in_doubt})"),
        ("Letters at the relay", str(report.letters)),
        ("Copies of those, same Message-ID (acknowledgements)", _copies(report)),
        ("Copies per kill", f"{report.findings.copies / max(1, report.kills):.1f}"),
        ("Kill → next 250, median", f"{restarts[len(restarts) // 2]:.1f} s"),
        ("All mails in after, all done after", f"{report.bringing_seconds:.0f} s, {report.seconds:.0f} s"),
    ]


def _split(mails: int, questions: int) -> str:
    return f"{mails} ({questions}, {mails - questions})"


def _copies(report: Report) -> str:
    return f"{report.findings.copies} ({report.findings.acknowledgement_copies})"


def _must_be_nought(report: Report) -> list[tuple[str, int]]:
    return [
        *((_WORDS[name], len(found)) for name, found in report.findings.faults().items()),
        ("Mails refused for good", len(report.refused)),
        ("Children that outlived their daemon", len(report.orphans)),
        ("Exit code of the last daemon", report.exit_code),
        ("Kills that were wanted and not made", max(0, report.plan.kills - report.kills)),
    ]
