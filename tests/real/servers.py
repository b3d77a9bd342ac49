"""Real mail servers for tests: Postfix and Dovecot, private to the test, on free ports of the loopback.

    with start_postfix(domains={…}) as postfix: …       postfix.port takes SMTP
    with start_dovecot(users=(…)) as dovecot: …         dovecot.lmtp_port takes LMTP, dovecot.imap_port is read

Each has its own configuration, queue, mail and log in a folder that goes with it; nothing of the machine's own
instances is read or touched. They are stopped by the process ids that they wrote. Postfix can only be started by root.
The folders are not pytest's: those are closed to all other users again whenever another run of pytest starts.
"""

from __future__ import annotations

import contextlib
import imaplib
import os
import pwd
import shutil
import signal
import smtplib
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

BOUND_SECONDS = 30.0
PASSWORD = "open-sesame"


def need(*programs: str) -> None:
    """Skip the test when the machine lacks a program or root; fail instead where CI promised them."""
    missing = [program for program in programs if not _found(program)]
    if os.geteuid() != 0:
        missing.append("root")
    if missing:
        reason = f"needs {', '.join(missing)} (Debian packages postfix, dovecot-imapd, dovecot-lmtpd, dovecot-sieve)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)


def free_port() -> int:
    """A port of the loopback that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Postfix:
    """A running Postfix: hand it mail at `port`; ask what became of it by `log` and `queue`."""

    folder: Path
    port: int

    @property
    def log(self) -> str:
        path = self.folder / "log" / "postfix.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def deliveries(self, queue_id: str = "") -> dict[str, str]:
        """recipient → what Postfix says became of it: sent, bounced, deferred, with the reason."""
        found = {}
        for line in self.log.splitlines():
            if f"{queue_id}: to=<" in line and " status=" in line:
                recipient = line.split("to=<", 1)[1].split(">", 1)[0]
                found[recipient] = line.split(" status=", 1)[1]
        return found

    def queue(self) -> str:
        """What still waits, as `postqueue -p` shows it."""
        return self._run("postqueue", "-c", str(self.folder / "etc"), "-p")

    def flush(self) -> None:
        """Try everything that waits again, now."""
        self._run("postqueue", "-c", str(self.folder / "etc"), "-f")

    def send(self, sender: str, recipients: Sequence[str], message: bytes) -> None:
        """Hand in one mail by SMTP, as a customer's server would; raises what smtplib raises."""
        with smtplib.SMTP("127.0.0.1", self.port, "customer.example", BOUND_SECONDS) as client:
            client.sendmail(sender, recipients, message)

    def wait_for(self, recipients: Sequence[str]) -> dict[str, str]:
        """What became of these recipients, once each has been tried."""
        wait_until(lambda: set(recipients) <= self.deliveries().keys(), lambda: self.log)
        return self.deliveries()

    def _run(self, *command: str) -> str:
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=BOUND_SECONDS).stdout


@contextlib.contextmanager
def start_postfix(
    *, domains: Mapping[str, str], port: int | None = None, settings: Mapping[str, str] | None = None
) -> Iterator[Postfix]:
    """Postfix that takes mail for `domains` and hands it on: domain → transport, such as `lmtp:inet:127.0.0.1:2400`,
    `lmtp:unix:/path` or `smtp:[127.0.0.1]:2500`. Everything else is refused. `settings` go into main.cf.
    """
    need("postfix", "postqueue")
    with folder_for("postfix-") as folder:
        postfix = Postfix(folder, port or free_port())
        _configure_postfix(postfix, domains, settings or {})
        # `postfix start` does the same after seconds of checks and waiting.
        started = [f"{_daemons()}/master", "-c", str(folder / "etc"), "-w"]
        subprocess.run(started, check=True, timeout=BOUND_SECONDS, env={"MAIL_LOGTAG": "postfix", **os.environ})
        master = int((folder / "queue" / "pid" / "master.pid").read_text())
        try:
            wait_until(lambda: answers(postfix.port), lambda: postfix.log)
            yield postfix
        finally:
            stop(master)


def _daemons() -> str:
    command = ["postconf", "-h", "-d", "daemon_directory"]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=BOUND_SECONDS).stdout.strip()


def _configure_postfix(postfix: Postfix, domains: Mapping[str, str], settings: Mapping[str, str]) -> None:
    folder = postfix.folder
    for name in ("etc", "queue", "queue/pid", "data", "log"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix", "postfix")
    for name in _QUEUES:
        (folder / "queue" / name).mkdir(mode=0o700)
        shutil.chown(folder / "queue" / name, "postfix")
    for name, mode in (("maildrop", 0o1730), ("public", 0o2710)):
        (folder / "queue" / name).mkdir()
        shutil.chown(folder / "queue" / name, "postfix", "postdrop")
        (folder / "queue" / name).chmod(mode)
    main = {
        "compatibility_level": "3.6",
        "queue_directory": str(folder / "queue"),
        "data_directory": str(folder / "data"),
        "maillog_file": str(folder / "log" / "postfix.log"),
        "maillog_file_prefixes": str(folder),
        "inet_interfaces": "127.0.0.1",
        "inet_protocols": "ipv4",
        "myhostname": "mx.test.example",
        "mydestination": "",
        "mynetworks": "127.0.0.0/8",
        "alias_maps": "",
        "alias_database": "",
        "local_recipient_maps": "",
        "relay_domains": " ".join(domains),
        "smtpd_relay_restrictions": "reject_unauth_destination",
        "transport_maps": f"texthash:{folder / 'etc' / 'transport'}",
        "default_transport": "error:5.1.1 only the test's own domains",
        "smtp_dns_support_level": "disabled",
        "smtp_host_lookup": "native",
        "smtp_tls_security_level": "none",
        "smtputf8_enable": "yes",
        "minimal_backoff_time": "300s",
        **settings,
    }
    etc = folder / "etc"
    (etc / "main.cf").write_text("".join(f"{key} = {value}\n" for key, value in main.items()))
    (etc / "transport").write_text("".join(f"{domain} {transport}\n" for domain, transport in domains.items()))
    (etc / "master.cf").write_text(_MASTER.format(port=postfix.port))


_QUEUES = (
    *("active", "bounce", "corrupt", "defer", "deferred", "flush"),
    *("hold", "incoming", "private", "saved", "trace"),
)

_MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
pickup    unix  n  -  n  60    1  pickup
cleanup   unix  n  -  n  -     0  cleanup
qmgr      unix  n  -  n  300   1  qmgr
rewrite   unix  -  -  n  -     -  trivial-rewrite
bounce    unix  -  -  n  -     0  bounce
defer     unix  -  -  n  -     0  bounce
trace     unix  -  -  n  -     0  bounce
verify    unix  -  -  n  -     1  verify
flush     unix  n  -  n  1000? 0  flush
proxymap  unix  -  -  n  -     -  proxymap
smtp      unix  -  -  n  -     -  smtp
relay     unix  -  -  n  -     -  smtp
lmtp      unix  -  -  n  -     -  lmtp
showq     unix  n  -  n  -     -  showq
error     unix  -  -  n  -     -  error
retry     unix  -  -  n  -     -  error
discard   unix  -  -  n  -     -  discard
anvil     unix  -  -  n  -     1  anvil
scache    unix  -  -  n  -     1  scache
postlog   unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True)
class Dovecot:
    """A running Dovecot: LMTP takes mail for its users, IMAP shows it. Log in with the address and `PASSWORD`."""

    folder: Path
    lmtp_port: int
    imap_port: int

    @property
    def log(self) -> str:
        path = self.folder / "dovecot.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def mails(self, user: str, mailbox: str = "INBOX") -> list[bytes]:
        """All mails of a user, oldest first, as IMAP gives them."""
        with imaplib.IMAP4("127.0.0.1", self.imap_port, BOUND_SECONDS) as client:
            client.login(user, PASSWORD)
            client.select(mailbox, readonly=True)
            numbers = client.search(None, "ALL")[1][0].split()
            fetched = [client.fetch(number.decode(), "(BODY.PEEK[])")[1][0] for number in numbers]
            return [bytes(part[1]) for part in fetched if isinstance(part, tuple)]

    def wait_for(self, user: str, count: int) -> list[bytes]:
        """The mails of a user, once there are so many."""
        wait_until(lambda: len(self.mails(user)) >= count, lambda: self.log)
        return self.mails(user)


@contextlib.contextmanager
def start_dovecot(
    *, users: Sequence[str], scripts: Mapping[str, str] | None = None, submission_port: int = 0
) -> Iterator[Dovecot]:
    """Dovecot with LMTP delivery into Maildirs and IMAP for `users` (whole addresses; others are refused).

    `scripts` are Sieve scripts (RFC 5228): user → script; what they send goes to the SMTP server at `submission_port`.
    """
    need("dovecot", "doveadm")
    with folder_for("dovecot-") as folder:
        dovecot = Dovecot(folder, free_port(), free_port())
        for name in ("mail", "run"):
            (folder / name).mkdir()
        shutil.chown(folder / "mail", "mail", "mail")
        owner = pwd.getpwnam("mail")
        fields = f"{{PLAIN}}{PASSWORD}:{owner.pw_uid}:{owner.pw_gid}::{folder}/mail"
        (folder / "users").write_text("".join(f"{user}:{fields}/{user}::\n" for user in users))
        (folder / "dovecot.log").touch()
        (folder / "dovecot.log").chmod(0o666)
        configuration = folder / "dovecot.conf"
        sieve = _SIEVE.format(port=submission_port) if scripts else ""
        configuration.write_text(_dovecot_conf(dovecot, folder / "run") + sieve)
        for user, script in (scripts or {}).items():
            home = folder / "mail" / user
            home.mkdir()
            (home / ".dovecot.sieve").write_text(script)
            for path in (home, home / ".dovecot.sieve"):
                shutil.chown(path, "mail", "mail")
        subprocess.run(["dovecot", "-c", configuration], check=True, timeout=BOUND_SECONDS)
        master = _pid(folder / "run" / "master.pid", lambda: dovecot.log)
        try:
            wait_until(lambda: answers(dovecot.imap_port) and answers(dovecot.lmtp_port), lambda: dovecot.log)
            yield dovecot
        finally:
            stop(master)


_SIEVE = """\
submission_host = 127.0.0.1:{port}
plugin {{
  sieve = file:~/sieve;active=~/.dovecot.sieve
  sieve_vacation_min_period = 0
}}
protocol lmtp {{
  mail_plugins = sieve
}}
"""


def _pid(file: Path, log: Callable[[], str]) -> int:
    """The daemon that we started has gone into the background and writes its number a moment later."""
    wait_until(lambda: file.exists() and file.read_text().strip().isdigit(), log)
    return int(file.read_text())


def _dovecot_conf(dovecot: Dovecot, run: Path) -> str:
    return f"""\
base_dir = {run}
state_dir = {run}
log_path = {dovecot.folder / "dovecot.log"}
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_username_format = %Lu
first_valid_uid = 1
mail_location = maildir:{dovecot.folder / "mail"}/%u
passdb {{
  driver = passwd-file
  args = {dovecot.folder / "users"}
}}
userdb {{
  driver = passwd-file
  args = {dovecot.folder / "users"}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {dovecot.imap_port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {dovecot.lmtp_port}
  }}
}}
service anvil {{
  chroot =
}}
protocol lmtp {{
  postmaster_address = postmaster@test.example
}}
"""


def wait_until(condition: Callable[[], bool], log: Callable[[], str]) -> None:
    """Wait, bounded, for what another program brings about; show its log when it does not."""
    deadline = time.monotonic() + BOUND_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"waited in vain; the log says:\n{log()}")
        _pause()


def _found(program: str) -> bool:
    return shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin") is not None


def answers(port: int) -> bool:
    """Say whether a server greets there."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1.0) as line:
        return bool(line.recv(1))
    return False


@contextlib.contextmanager
def folder_for(prefix: str) -> Iterator[Path]:
    """A folder that the servers' own users can enter, with a path short enough for unix sockets."""
    with tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        yield Path(name)


def _pause() -> None:
    threading.Event().wait(0.02)  # between two looks at another program; never instead of looking


def stop(master: int) -> None:
    """End a daemon that a test started, by its process id, and wait for it."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(master, signal.SIGTERM)
        deadline = time.monotonic() + BOUND_SECONDS
        while time.monotonic() < deadline:
            os.kill(master, 0)
            _pause()
        os.kill(master, signal.SIGKILL)
