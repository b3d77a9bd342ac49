"""Is every step one safe line, whoever writes it, in both formats?"""

from __future__ import annotations

import io
import json
import logging
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO

import pytest
import structlog

from mailbot import logs


@pytest.fixture
def output() -> Iterator[io.BytesIO]:
    """A place to log to; afterwards logging is as it was."""
    root, mailbot = logging.getLogger(), logging.getLogger("mailbot")
    before = root.level, mailbot.level
    yield io.BytesIO()
    for handler in ours():
        root.removeHandler(handler)
    root.setLevel(before[0])
    mailbot.setLevel(before[1])
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def ours() -> list[logging.Handler]:
    return [handler for handler in logging.getLogger().handlers if type(handler).__module__ == logs.__name__]


def record(message: str, argument: str) -> logging.LogRecord:
    return logging.LogRecord("mailbot.smtp", logging.INFO, __file__, 1, message, (argument,), None)


def lines(output: io.BytesIO) -> list[str]:
    return output.getvalue().decode().splitlines()


def test_a_line_of_text_has_time_level_event_and_fields(output: io.BytesIO) -> None:
    logs.configure("info", "text", output)
    structlog.get_logger().info("mail kept", inbound=12, message_id="<a.b@example.com>", subject="件名 one", note=None)
    (line,) = lines(output)
    time, rest = line.split(" ", 1)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", time)
    assert rest == 'info    mail kept inbound=12 message_id=<a.b@example.com> subject="件名 one" note=None'


def test_a_line_of_json_has_the_same(output: io.BytesIO) -> None:
    logs.configure("info", "json", output)
    at = datetime(2026, 11, 22, 9, tzinfo=UTC)
    structlog.get_logger().warning("mail kept", inbound=12, subject="件名", due=at, names=["a", "b"])
    fields = json.loads(lines(output)[0])
    assert list(fields)[:3] == ["at", "level", "event"]
    del fields["at"]
    assert fields == {
        "level": "warning",
        "event": "mail kept",
        "inbound": 12,
        "subject": "件名",
        "due": "2026-11-22T09:00:00+00:00",
        "names": ["a", "b"],
    }


def test_standard_loggers_come_out_alike_with_what_is_bound(output: io.BytesIO) -> None:
    logs.configure("info", "text", output)
    with structlog.contextvars.bound_contextvars(inbound=7):
        logging.getLogger("mailbot.smtp").info("kept %d octets", 5)
        structlog.get_logger().info("read")
    assert [line.split(" ", 1)[1] for line in lines(output)] == [
        "info    kept 5 octets logger=mailbot.smtp inbound=7",
        "info    read inbound=7",
    ]


@pytest.mark.parametrize("name", ["mail.log", "apscheduler.executors", "alembic.runtime", "asyncio"])
def test_libraries_are_heard_from_warning_up(output: io.BytesIO, name: str) -> None:
    logs.configure("debug", "text", output)
    before = logging.getLogger(name).level
    logging.getLogger(name).setLevel(logging.NOTSET)
    logging.getLogger(name).info("MAIL FROM:<a@example.com>")
    logging.getLogger(name).warning("trouble")
    logging.getLogger(name).setLevel(before)
    assert len(lines(output)) == 1
    assert f"trouble logger={name}" in lines(output)[0]


@pytest.mark.parametrize(("level", "heard"), [("debug", 4), ("info", 3), ("warning", 2), ("error", 1)])
def test_the_level_holds_for_both_kinds(output: io.BytesIO, level: logs.Level, heard: int) -> None:
    logs.configure(level, "text", output)
    for logger in (structlog.get_logger(), logging.getLogger("mailbot.flows")):
        for name in ("debug", "info", "warning", "error"):
            getattr(logger, name)("step")
    assert len(lines(output)) == 2 * heard


@pytest.mark.parametrize("format_", ["text", "json"])
@pytest.mark.parametrize(
    "hostile",
    [
        "a\n2026-11-22T00:00:00.000Z info    forged",
        "a\r\nb",
        "\x1b[2J\x1b[31m",
        "\x9b31m",
        "a\u202egpj.exe",
        "a\u2028b\u2029c",
        "half \ud800 pair",
        "nul \0",
    ],
)
def test_no_value_can_forge_a_line_or_steer_a_terminal(output: io.BytesIO, format_: logs.Format, hostile: str) -> None:
    logs.configure("info", format_, output)
    structlog.get_logger().info("mail kept", subject=hostile)
    structlog.get_logger().info(hostile)
    ours()[0].handle(record("subject %s", hostile))  # past pytest's own handlers: reports cannot carry half a pair
    assert len(lines(output)) == 3
    assert all(line.isprintable() for line in lines(output))
    if format_ == "json":
        assert json.loads(lines(output)[0])["subject"] == hostile


def test_an_event_with_an_equals_sign_is_quoted(output: io.BytesIO) -> None:
    logs.configure("info", "text", output)
    logging.getLogger("mailbot.smtp").info("from %s", "a inbound=1")
    assert '"from a inbound=1" logger=mailbot.smtp' in lines(output)[0]


def test_long_values_are_cut(output: io.BytesIO) -> None:
    logs.configure("info", "json", output)
    structlog.get_logger().info("mail kept", subject="x" * 100_000)
    logging.getLogger("mailbot.smtp").warning("x" * 100_000)
    assert all(len(line) < 1_200 for line in lines(output))


@pytest.mark.parametrize("format_", ["text", "json"])
def test_a_traceback_is_one_field(output: io.BytesIO, format_: logs.Format) -> None:
    logs.configure("info", format_, output)
    try:
        compile("broken here", "x\ny", "exec")
    except SyntaxError as error:
        structlog.get_logger().exception("mail failed", inbound=3)
        structlog.get_logger().error("mail failed", exc_info=error)
        logging.getLogger("mailbot.flows").exception("mail failed")
    assert len(lines(output)) == 3
    for line in lines(output):
        assert "SyntaxError: invalid syntax (x\\ny, line 1)" in line
        assert "Traceback (most recent call last)" in line
        assert " error " in line or '"level": "error"' in line


def test_a_wrong_format_of_a_record_still_makes_a_line(output: io.BytesIO) -> None:
    logs.configure("info", "text", output)
    ours()[0].handle(record("kept %d", "many"))
    assert "kept %d ('many',)" in lines(output)[0]


class FullDisk(io.BytesIO):
    def write(self, _: object, /) -> int:
        raise OSError(28, "No space left on device")


@pytest.mark.parametrize("broken", [FullDisk(), io.BytesIO()])
def test_a_log_that_cannot_be_written_stops_nothing(output: io.BytesIO, broken: BinaryIO) -> None:
    if type(broken) is io.BytesIO:
        broken.close()
    logs.configure("info", "text", broken)
    structlog.get_logger().info("mail kept")
    logging.getLogger("mailbot.smtp").warning("mail kept")


def test_lines_of_many_threads_stay_whole(output: io.BytesIO) -> None:
    logs.configure("info", "json", output)
    log = structlog.get_logger()
    threads = [
        threading.Thread(target=lambda: [log.info("step", text="x" * 500) for _ in range(200)]) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([json.loads(line) for line in lines(output)]) == 800


def test_configuring_again_does_not_double_lines(output: io.BytesIO) -> None:
    logs.configure("info", "text", io.BytesIO())
    logs.configure("info", "text", output)
    logging.getLogger("mailbot.smtp").info("once")
    assert len(lines(output)) == 1


def test_standard_error_takes_utf_8_whatever_the_locale() -> None:
    program = "from mailbot import logs; import structlog; logs.configure('info', 'text'); "
    program += "structlog.get_logger().info('\\u4ef6\\u540d')"
    environ = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONPATH": ":".join(sys.path)}
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, env=environ, check=True, timeout=30)
    assert "件名" in ran.stderr.decode()
    assert ran.stdout == b""
