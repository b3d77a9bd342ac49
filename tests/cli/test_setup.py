"""Does a desk come into being with one command, and does check tell every fault of the world at once?"""

from __future__ import annotations

import re
import socket
import stat
import threading
import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import dns.message
import dns.rcode
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from mailbot import config
from mailbot.cli import setup
from mailbot.errors import InputError, RefusedError
from mailbot.store import contracts, engine

ENVIRON: Mapping[str, str] = {}


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """The configuration of a fresh desk."""
    setup.init(tmp_path)
    return tmp_path / "config.toml"


def told(path: Path) -> list[str]:
    return [str(fault) for fault in setup.check(path, ENVIRON)]


# init


def test_init_writes_a_configuration_that_loads(desk: Path) -> None:
    made = config.load(desk, ENVIRON)
    assert made.desk.name == "Support Desk"
    assert len(made.secrets.signing[0].get_secret_value()) >= 43


def test_init_tells_what_it_wrote_and_what_comes_next(tmp_path: Path) -> None:
    said = "\n".join(setup.init(tmp_path / "new" / "desk"))
    assert str(tmp_path / "new" / "desk" / "config.toml") in said
    assert "mailbot check -c" in said


def test_init_keeps_every_comment_of_the_example(desk: Path) -> None:
    example = config.bundled("config.example.toml").read_text(encoding="utf-8").splitlines()
    written = desk.read_text(encoding="utf-8").splitlines()
    differing = [(a, b) for a, b in zip(example, written, strict=True) if a != b]
    assert [re.sub(r'".*"', "…", b) for _, b in differing] == ["signing = […]"]


def test_init_writes_for_the_owner_alone(desk: Path) -> None:
    assert stat.S_IMODE(desk.stat().st_mode) == 0o600


def test_every_desk_gets_a_secret_of_its_own(tmp_path: Path) -> None:
    setup.init(tmp_path / "a")
    setup.init(tmp_path / "b")
    first, second = (tomllib.loads((tmp_path / name / "config.toml").read_text(encoding="utf-8")) for name in "ab")
    assert first["secrets"] != second["secrets"]


def test_init_never_overwrites(desk: Path) -> None:
    before = desk.read_bytes()
    with pytest.raises(RefusedError, match="is there already"):
        setup.init(desk.parent)
    assert desk.read_bytes() == before


def test_init_follows_no_link(tmp_path: Path) -> None:
    (tmp_path / "config.toml").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RefusedError):
        setup.init(tmp_path)
    assert not (tmp_path / "elsewhere").exists()


def test_init_where_no_folder_can_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RefusedError, match="file is there already"):
        setup.init(tmp_path / "file")
    with pytest.raises(InputError, match="cannot be written: Not a directory"):
        setup.init(tmp_path / "file" / "desk")


# check


def test_a_fresh_desk_has_no_faults(desk: Path) -> None:
    assert told(desk) == []


def test_faults_of_the_file_and_of_the_world_come_together(desk: Path) -> None:
    (desk.parent / "empty").mkdir()
    write(
        desk,
        '[desk]\nnam = "A"\n[policy]\nstrangers = "reply"\n'
        '[rules]\nfolder = "empty"\n[database]\nurl = "sqlite:///empty"\n'
        f'[relay]\nurl = "smtp://127.0.0.1:{closed_port()}"\n'
        '[smtp]\ntls_certificate = "none.pem"\ntls_key = "none.pem"\n',
    )
    faults = told(desk)
    for key in ("[desk] nam", "[policy] strangers", "[database] url", "[relay] url", "[smtp] tls_certificate"):
        assert len([fault for fault in faults if fault.startswith(f"{desk}: {key}")]) == 1, (key, faults)
    assert any("empty" in fault and "[" not in fault.partition(":")[0] for fault in faults)


def test_a_missing_configuration_is_one_fault(tmp_path: Path) -> None:
    (fault,) = told(tmp_path / "config.toml")
    assert "there is no such file" in fault


def test_a_wrong_folder_of_templates_is_told(desk: Path) -> None:
    (desk.parent / "mine" / "ja").mkdir(parents=True)
    write(desk, '[templates]\nfolder = "mine"\n')
    assert told(desk) != []


def test_a_dkim_key_that_cannot_be_used_is_told(desk: Path) -> None:
    (desk.parent / "key.pem").write_text("no key", encoding="utf-8")
    write(desk, '[relay.dkim]\nselector = "s"\nkey_file = "key.pem"\n')
    (fault,) = told(desk)
    assert "key.pem" in fault


def test_a_certificate_that_can_be_used_is_no_fault(desk: Path) -> None:
    certificate(desk.parent)
    write(desk, '[smtp]\ntls_certificate = "certificate.pem"\ntls_key = "key.pem"\ntls_listen = ["127.0.0.1:0"]\n')
    assert told(desk) == []


def test_no_password_of_the_database_is_told(desk: Path) -> None:
    write(desk, f'[database]\nurl = "postgresql://desk:hunter2@127.0.0.1:{closed_port()}/desk"\n')
    (fault,) = told(desk)
    assert fault.startswith(f"{desk}: [database] url")
    assert "hunter2" not in fault


def write(path: Path, text: str) -> None:
    """A configuration with this text and the signing key that stands in the file."""
    (signing,) = re.findall(r"^signing = .*$", path.read_text(encoding="utf-8"), re.MULTILINE)
    path.write_text(f"[secrets]\n{signing}\n{text}", encoding="utf-8")


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def certificate(folder: Path) -> None:
    """A certificate that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder(
            name, name, key.public_key(), x509.random_serial_number(), begin, begin + timedelta(9999)
        )
    ).sign(key, hashes.SHA256())
    (folder / "certificate.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def test_a_contract_whose_menu_the_rules_do_not_know_is_a_fault(desk: Path) -> None:
    store = engine.open_store(config.load(desk, ENVIRON).database.url)
    with store.begin() as connection:
        contracts.add(
            connection,
            number="C-1",
            customer="Acme",
            menu="gold",
            language="en",
            cluster="",
            extra_askers=0,
            mailing_list_option=False,
            starts_on=date(2026, 1, 1),
            ends_on=date(2026, 12, 31),
            now=datetime(2026, 1, 1, tzinfo=UTC),
        )
    store.close()
    expected = (
        'database: menu of contract C-1 = "gold": is no menu of the rules (business, premium): add it to service.toml'
    )
    assert told(desk) == [expected]


def test_a_relay_that_is_away_now_does_not_keep_mailbot_from_starting(desk: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens there
        relay = f'[relay]\nurl = "smtp://127.0.0.1:{taken.getsockname()[1]}"'
        desk.write_text(desk.read_text(encoding="utf-8").replace("[relay]", relay), encoding="utf-8")
        assert [line for line in told(desk) if "[relay] url" in line]
        assert setup.check_start(desk, ENVIRON) == []


def test_nameservers_that_do_not_answer_are_told_and_do_not_keep_mailbot_from_starting(desk: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as nameserver:
        nameserver.bind(("127.0.0.1", 0))
        refusing = threading.Thread(target=_refuse, args=(nameserver,))
        refusing.start()
        written = f'[trust]\nverify = true\nnameservers = ["127.0.0.1:{nameserver.getsockname()[1]}"]\n'
        desk.write_text(re.sub(r"(?m)^\[trust\]$", written, desk.read_text(encoding="utf-8")), encoding="utf-8")
        (fault,) = told(desk)
        refusing.join(10)
    assert "[trust] verify = true: no nameserver answers" in fault
    assert setup.check_start(desk, ENVIRON) == []


def _refuse(nameserver: socket.socket) -> None:
    query, client = nameserver.recvfrom(512)
    answer = dns.message.make_response(dns.message.from_wire(query))
    answer.set_rcode(dns.rcode.REFUSED)
    nameserver.sendto(answer.to_wire(), client)
