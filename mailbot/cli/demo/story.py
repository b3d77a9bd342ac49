"""In which order does the demo go? Set up, start, send, wait until everything is done, show, go on by hand."""

from __future__ import annotations

import shutil
import signal
import smtplib
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import NoReturn, TypeVar

from rich.console import Console

from mailbot import clock
from mailbot.cli.demo import closing, mails, people, seen, view
from mailbot.cli.demo.daemon import Daemon, serving
from mailbot.cli.demo.desk import TrialDesk, prepare
from mailbot.cli.demo.expected import DemoFailedError, all_sent, decided, require_promises
from mailbot.cli.demo.mails import Sample
from mailbot.cli.demo.seen import Seen
from mailbot.cli.demo.stage import Stage
from mailbot.cli.output import complain
from mailbot.errors import MailbotError
from mailbot.store.engine import Store, open_store

_PATIENCE_SECONDS = 30.0
_POLL_SECONDS = 0.05
_REDRAW_SECONDS = 0.5  # only how often the countdown moves; Ctrl-C is heard at once

_INTERRUPTED = 130  # as shells tell SIGINT

T = TypeVar("T")


def run(*, once: bool) -> int:
    """Show the main job, then run on until Ctrl-C; end before that with `once` and without a terminal. An exit code."""
    console = _console()
    staying = sys.stdout.isatty() and not once
    try:
        folder = Path(tempfile.mkdtemp(prefix="mailbot-demo-"))
    except OSError as error:
        complain(f"mailbot demo: no folder can be made for it: {error}")
        return MailbotError.exit_code
    keep = staying
    try:
        with _signals_as_interrupt():
            _play(console, folder, staying=staying)
    except (KeyboardInterrupt, MailbotError, OSError) as error:
        if _is_interrupt(error):
            keep = False
            console.print("Stopped before the end.")
            return _INTERRUPTED
        keep = True  # what the daemon left may tell why
        complain(f"mailbot demo: {error}. Everything lies in {folder}; mailbot.log there says more.")
        return MailbotError.exit_code
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
    return 0


def _is_interrupt(error: BaseException | None) -> bool:
    """Whatever breaks on the way out of an interrupt (a connection that is closed with good manners) is no failure."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return True
        error = error.__context__
    return False


def _console() -> Console:
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = view.WIDTH
    return console


@contextmanager
def _signals_as_interrupt() -> Iterator[None]:
    """Be stopped by SIGTERM and SIGHUP as by Ctrl-C, so that the daemon is never left alone."""
    numbers = (signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, _interrupt) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _interrupt(_number: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt


def _play(console: Console, folder: Path, *, staying: bool) -> None:
    console.print("Setting up a desk with three customers, and starting mailbot for it.")
    desk = prepare(folder, clock.now())
    store = open_store(desk.settings.database.url)
    try:
        with serving(desk.configuration, desk.log) as daemon, Stage(console, desk.settings.desk.zone) as stage:
            _Story(desk, store, daemon, stage).play(staying=staying)
        if staying:
            closing.stopped(console, desk)
    finally:
        store.close()


class _Story:
    """The demo on its way."""

    def __init__(self, desk: TrialDesk, store: Store, daemon: Daemon, stage: Stage) -> None:
        self._desk = desk
        self._store = store
        self._daemon = daemon
        self._stage = stage

    def play(self, *, staying: bool) -> None:
        port = self._wait("the daemon's start", self._daemon.port)
        support = self._desk.settings.desk.address
        questions = mails.questions(support, clock.now())
        self._stage.say(f"It takes mail for {support} on port {port}, and keeps all in {self._desk.folder}.")
        self._stage.say(f"{len(questions)} mails go in by SMTP, then two answers to what the desk writes back.")
        self._send(port, questions)
        self._settle(questions)
        answers = self._answers()
        self._send(port, answers)
        end = self._settle((*questions, *answers))
        require_promises(end)
        left = seen.letters_that_left(self._desk.letters)
        self._stage.finish(end)
        closing.letters(self._stage, (*questions, *answers), end, left)
        if staying:
            closing.by_hand(self._stage, self._desk, port, end)
            self._stay()
        else:
            closing.farewell(self._stage)

    def _send(self, port: int, samples: Sequence[Sample]) -> None:
        try:
            # A name for EHLO, because looking up our own may take seconds.
            with smtplib.SMTP("127.0.0.1", port, local_hostname="client.example", timeout=_PATIENCE_SECONDS) as server:
                for each in samples:
                    self._stage.announce(each.message_id, each.about)
                    server.sendmail(each.sender, [each.recipient], each.raw)
                    self._look()
        except OSError as error:  # smtplib's errors are such too
            self._daemon.require_alive(grace_seconds=1)  # where it has just ended, that is the cause
            raise DemoFailedError(f"the daemon did not take a mail: {error}") from error

    def _settle(self, samples: Sequence[Sample]) -> Seen:
        """Wait until all that follows from these mails has happened; each must have been decided as it should."""
        self._wait("a decision about every mail", lambda: decided(self._look(), samples))
        return self._wait("sending what the desk wrote", lambda: all_sent(self._look()))

    def _answers(self) -> tuple[Sample, Sample]:
        """Answers to acknowledgements that have arrived: one by a person, one by a machine."""
        left = seen.letters_that_left(self._desk.letters)
        to = {box.address: letter for letter in left.values() for box in letter.to if letter.reply_to}
        if not {people.CLARKE.address, people.SATO.address} <= to.keys():
            raise DemoFailedError(f"no acknowledgements that can be answered lie in {self._desk.letters}")
        now = clock.now()
        return mails.answer(to[people.CLARKE.address], now), mails.vacation(to[people.SATO.address], now)

    def _look(self) -> Seen:
        now_seen = seen.look(self._store)
        self._stage.show(now_seen)
        return now_seen

    def _wait(self, what: str, happened: Callable[[], T | None]) -> T:
        end = monotonic() + _PATIENCE_SECONDS
        while (found := happened()) is None:
            self._daemon.require_alive()
            if monotonic() > end:
                raise DemoFailedError(f"{what} took more than {_PATIENCE_SECONDS:.0f} s")
            sleep(_POLL_SECONDS)
        return found

    def _stay(self) -> None:
        try:
            while True:
                self._daemon.require_alive()
                self._look()
                sleep(_REDRAW_SECONDS)
        except KeyboardInterrupt:
            return
