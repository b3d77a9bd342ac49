"""The plain data behind `mailbot inspect`."""

import json
from pathlib import Path

from mailbot.cli.inspect import inspect_one, inspect_paths, threads

KEYS = {
    *("message_id", "subject", "from", "sender", "reply_to", "to", "cc", "date", "in_reply_to", "references"),
    *("language", "text", "new_text", "quoted_text", "signature", "attachments"),
    *("list", "automatic", "bounce", "authentication", "forwarded", "protection", "warnings"),
}


def _mail(own: str, subject: str, *, parent: str = "", day: int = 1) -> bytes:
    answer = f"In-Reply-To: <{parent}>\n" if parent else ""
    date = f"{day:02} Nov 2026 10:00:00 +0900"
    return f"Message-ID: <{own}>\nFrom: a@b.jp\nDate: {date}\n{answer}Subject: {subject}\n\nx\n".encode()


def test_one() -> None:
    found = inspect_one(_mail("i@d", "障害です"))
    assert set(found) >= KEYS
    assert found["from"] == {"name": "", "address": "a@b.jp"}
    assert found["date"] == "2026-11-01T01:00:00Z"
    assert found["language"] == "ja"
    assert json.loads(json.dumps(found)) == found


def test_handed_on_and_sealed() -> None:
    raw = (
        b"Subject: Fwd: x\nContent-Type: multipart/signed; protocol=application/pgp-signature; boundary=b\n\n"
        b"--b\nContent-Type: message/rfc822\n\nFrom: T <t@e.jp>\nSubject: y\nMessage-ID: <m@e.jp>\n\nz\n--b--\n"
    )
    found = inspect_one(raw)
    assert found["forwarded"] == {
        "how": "attached",
        "from": {"name": "T", "address": "t@e.jp"},
        "subject": "y",
        "date": None,
        "message_id": "m@e.jp",
    }
    assert found["protection"] == ["pgp-signed"]
    assert json.loads(json.dumps(found)) == found


def test_paths(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(_mail("a@d", "a"))
    (tmp_path / "b.eml").write_bytes(_mail("b@d", "b"))
    found = list(inspect_paths([tmp_path, tmp_path / "missing"]))
    assert [Path(one["path"]).name for one in found] == ["a.eml", "b.eml", "missing"]
    assert "error" in found[2]


def test_threads(tmp_path: Path) -> None:
    mails = {
        "1": _mail("1@d", "障害", day=1),
        "2": _mail("2@d", "Re: 障害", parent="1@d", day=2),
        "3": _mail("3@d", "a", parent="ghost@d", day=3),
        "4": _mail("4@d", "b", parent="ghost@d", day=4),
        "5": _mail("5@d", "RE: [list] 障害", day=5),
        "6": _mail("6@d", "other", day=6),
        "7": _mail("7@d", "障害", day=7),
    }
    for name, raw in mails.items():
        (tmp_path / name).write_bytes(raw)
    groups = [[Path(path).name for path in group] for group in threads([tmp_path])["threads"]]
    assert groups == [["1", "2", "5"], ["3", "4"], ["6"], ["7"]]
    backwards = [tmp_path / name for name in reversed(mails)]
    assert threads([*backwards, tmp_path, tmp_path / "missing"]) == threads([tmp_path])
