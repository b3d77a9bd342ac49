"""Does the configuration mean what it says, and does a wrong one tell every fault and no secret?"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, SecretStr

from mailbot import config
from mailbot.errors import ConfigurationError

ROOT = Path(__file__).parents[1]
SIGNING = "u7Jm0Qk2vX9rT4bN8sLw1eZy6aHc3pFd5gKiUoMqRxE"
ENVIRON = {"SIGNING": SIGNING, "WEAK": "x" * 50, "MAILBOT_SIGNING_SECRET": SIGNING}
SECRETS = '[secrets]\nsigning = [{ env = "SIGNING" }]\n'
BAD = sorted((ROOT / "tests" / "bad_configs").iterdir())


def loaded(folder: Path, text: str = "", environ: Mapping[str, str] = ENVIRON) -> config.Settings:
    path = folder / "config.toml"
    path.write_text(SECRETS + text, encoding="utf-8")
    return config.load(path, environ)


# What a file that says nothing means.


def test_an_empty_file_gets_the_defaults(tmp_path: Path) -> None:
    made = loaded(tmp_path)
    assert made.desk.name == "Support Desk"
    assert made.desk.languages == ("ja", "en")
    assert made.desk.zone.key == "Asia/Tokyo"
    assert made.database.url == f"sqlite:///{tmp_path}/var/mailbot.db"
    assert made.relay.url == f"maildir:{tmp_path}/var/outgoing"
    assert made.relay.dkim is None
    assert made.smtp.listen == ("127.0.0.1:8025",)
    assert made.smtp.hostname == made.desk.domain == "example.com"
    assert made.addresses.staff == "staff@example.com"
    assert made.rules.folder is None
    assert [secret.get_secret_value() for secret in made.secrets.signing] == [SIGNING]


def test_what_follows_from_the_desk_follows(tmp_path: Path) -> None:
    made = loaded(
        tmp_path,
        '[desk]\naddress = "help@Desk.Example.JP"\n[addresses]\nnews = "info@example.jp"\n'
        '[relay.dkim]\nselector = "s1.mail"\nkey_file = "dkim.pem"\n',
    )
    assert made.desk.domain == made.smtp.hostname == "desk.example.jp"
    assert made.addresses.support == "help@desk.example.jp"
    assert made.addresses.news == "info@example.jp"
    assert made.addresses.bounce == "bounce@desk.example.jp"
    assert made.relay.dkim is not None
    assert made.relay.dkim.domain == "desk.example.jp"
    assert made.relay.dkim.key_file == tmp_path / "dkim.pem"


def test_the_domain_may_differ_from_the_address(tmp_path: Path) -> None:
    made = loaded(tmp_path, '[desk]\naddress = "help@example.jp"\ndomain = "例え.jp"\n')
    assert made.desk.domain == "xn--r8jz45g.jp"
    assert made.addresses.staff == "staff@xn--r8jz45g.jp"
    assert made.addresses.support == "help@example.jp"


@pytest.mark.parametrize(
    ("url", "starttls"),
    [
        ("smtp://127.0.0.1:25", "when-offered"),
        ("smtp://localhost", "when-offered"),
        ("smtp://[::1]:25", "when-offered"),
        ("lmtp:///run/dovecot/lmtp", "when-offered"),
        ("maildir:out", "when-offered"),
        ("smtp://192.0.2.1", "required"),
        ("smtp://mx.example.com:587", "required"),
        ("smtps://mx.example.com", "required"),
    ],
)
def test_a_relay_on_another_machine_must_be_encrypted(tmp_path: Path, url: str, starttls: str) -> None:
    assert loaded(tmp_path, f'[relay]\nurl = "{url}"\n').relay.starttls == starttls


# What is written is understood.


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        ("sqlite:////srv/mailbot.db", "sqlite:////srv/mailbot.db"),
        ("postgresql://u:p%40@db.example.com/desk", "postgresql+psycopg://u:p%40@db.example.com/desk"),
        ("postgresql+psycopg:///desk?host=/run/pg", "postgresql+psycopg:///desk?host=/run/pg"),
    ],
)
def test_database_urls(tmp_path: Path, written: str, understood: str) -> None:
    assert loaded(tmp_path, f'[database]\nurl = "{written}"\n').database.url == understood


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        ("127.0.0.1:24", "127.0.0.1:24"),
        ("[::1]:0", "[::1]:0"),
        ("Localhost:24", "localhost:24"),
        ("/run/lmtp", "unix:/run/lmtp"),
        ("unix:/run/lmtp", "unix:/run/lmtp"),
        ("unix:lmtp", "unix:{folder}/lmtp"),
        ("var/lmtp.sock", "unix:{folder}/var/lmtp.sock"),
    ],
)
def test_lmtp_endpoints(tmp_path: Path, written: str, understood: str) -> None:
    assert loaded(tmp_path, f'[lmtp]\nlisten = ["{written}"]\n').lmtp.listen == (understood.format(folder=tmp_path),)


def test_secrets_come_from_the_environment_a_file_or_the_text(tmp_path: Path) -> None:
    (tmp_path / "password").write_text(" pass word \n", encoding="utf-8")
    made = loaded(
        tmp_path,
        '[relay]\nurl = "smtps://mx.example.com"\nusername = "desk"\npassword = { file = "password" }\n'
        '[database]\nurl = { env = "DATABASE_URL" }\n',
        ENVIRON | {"DATABASE_URL": "postgresql://u:hunter2@db/desk"},
    )
    assert made.relay.password is not None
    assert made.relay.password.get_secret_value() == "pass word"
    assert made.database.url == "postgresql+psycopg://u:hunter2@db/desk"


def test_several_signing_keys_keep_their_order(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f'[secrets]\nsigning = ["{"0123456789abcdef" * 4}", {{ env = "SIGNING" }}]\n', encoding="utf-8")
    signing = config.load(path, ENVIRON).secrets.signing
    assert [secret.get_secret_value()[:4] for secret in signing] == ["0123", SIGNING[:4]]


def test_windows_line_ends_and_byte_order_mark_are_understood(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SECRETS.replace("\n", "\r\n").encode())
    assert config.load(path, ENVIRON).desk.name == "Support Desk"


def test_settings_cannot_be_changed(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="frozen"):
        loaded(tmp_path).desk.name = "Other"


# Which file is read.


@pytest.mark.parametrize(
    ("option", "here", "variable", "found"),
    [
        ("a.toml", True, "/etc/m.toml", "a.toml"),
        (None, True, "/etc/m.toml", "config.toml"),
        (None, False, "/etc/m.toml", "/etc/m.toml"),
        (None, False, "", "config.toml"),
    ],
)
def test_find(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str | None, here: bool, variable: str, found: str
) -> None:
    monkeypatch.chdir(tmp_path)
    if here:
        (tmp_path / "config.toml").touch()
    assert config.find(Path(option) if option else None, {"MAILBOT_CONFIG": variable}) == Path(found)


def test_a_missing_file_is_a_fault_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="there is no such file: run mailbot init"):
        config.load(tmp_path / "none.toml", {})
    with pytest.raises(ConfigurationError, match="cannot be read: Is a directory"):
        config.load(tmp_path, {})


# Wrong configurations, each with the exact lines that it must lead to.


@pytest.mark.parametrize("folder", BAD, ids=[folder.name for folder in BAD])
def test_bad_configuration(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    with pytest.raises(ConfigurationError) as caught:
        config.load(Path("config.toml"), ENVIRON)
    assert str(caught.value) + "\n" == Path("expected").read_text(encoding="utf-8")
    assert "hunter2" not in str(caught.value)


def test_every_section_has_a_bad_configuration() -> None:
    told = "".join((folder / "expected").read_text(encoding="utf-8") for folder in BAD)
    assert {name for name in config.Settings.model_fields if f"[{name}]" not in told} == set()


# Whatever is written, the report is plain, and holds no secret.


def as_toml(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case float():
            return repr(value).replace("e+", "e")
        case list():
            return f"[{', '.join(map(as_toml, value))}]"
        case dict():
            return "{ " + ", ".join(f"{as_toml(key)} = {as_toml(item)}" for key, item in value.items()) + " }"
        case _:
            return str(value)


WORDS = st.sampled_from(["", "a", "::", "a@b", "[::1", "smtp://[", "unix:", "\0", "/", "..", "maildir:\n", "9" * 5000])
TEXT_SAFE = st.characters(exclude_categories=["Cs"])
SCALARS = (
    WORDS | st.text(TEXT_SAFE, max_size=20) | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.dates()
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["env", "file", "selector", "x"]), inner, max_size=2)
    ),
    max_leaves=4,
)


def keys(model: type[BaseModel], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every key of the configuration, as its path."""
    for name, field in model.model_fields.items():
        inner = [kind for kind in (get_args(field.annotation) or (field.annotation,)) if is_section(kind)]
        yield from keys(inner[0], (*above, name)) if inner else [(*above, name)]


def is_section(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_value_anywhere_is_taken_or_told_plainly(data: st.DataObject, tmp_path: Path) -> None:
    chosen = data.draw(st.dictionaries(st.sampled_from(sorted(keys(config.Settings))), VALUES, max_size=6))
    tables: dict[str, str] = {}
    for (*section, key), value in chosen.items():
        tables.setdefault(".".join(section), "")
        tables[".".join(section)] += f"{key} = {as_toml(value)}\n"
    path = tmp_path / "config.toml"
    path.write_text("".join(f"[{name}]\n{lines}" for name, lines in tables.items()), encoding="utf-8", newline="\n")
    for fault in config.examine(path, {}).faults:
        line = str(fault)
        assert line.isprintable()
        assert re.search("Input should|Value error|not TOML|pydantic", line.replace(fault.value, "")) is None


def test_no_fault_and_no_log_shows_a_secret(tmp_path: Path) -> None:
    made = loaded(
        tmp_path,
        '[relay]\nurl = "smtps://mx.example.com"\nusername = "desk"\npassword = "hunter2"\n'
        '[database]\nurl = "postgresql://desk:hunter2@db/desk"\n',
    )
    masked = config.masked(made)
    shown = json.dumps(masked)
    assert "hunter2" not in shown + repr(made.relay) + repr(made.secrets)
    assert SIGNING not in shown + repr(made)
    assert masked["database"]["url"] == "postgresql+psycopg://***@db/desk"
    assert masked["relay"]["username"] == "desk"


def test_every_secret_setting_is_known_as_one() -> None:
    sealed = {path for path in keys(config.Settings) if SecretStr in kinds(path)}
    assert sealed == {
        ("relay", "password"),
        ("second_relay", "password"),
        ("alarm", "webhook"),
        ("alarm", "webhook_secret"),
        ("secrets", "signing"),
    }


def kinds(path: tuple[str, ...]) -> set[object]:
    model: Any = config.Settings
    for name in path[:-1]:
        annotation = model.model_fields[name].annotation
        model = next(kind for kind in (*get_args(annotation), annotation) if is_section(kind))
    found, rest = set[object](), [model.model_fields[path[-1]].annotation]
    while rest:
        kind = rest.pop()
        found.add(kind)
        rest += get_args(kind)
    return found


# The example is the documentation of every key.

EXAMPLE = (ROOT / "config.example.toml").read_text(encoding="utf-8")
UNCOMMENTED = re.sub(r"^#(?=[a-z_]+ = |\[)", "", EXAMPLE, flags=re.MULTILINE)


def test_the_example_loads_and_means_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(EXAMPLE, encoding="utf-8")
    assert config.load(path, ENVIRON) == loaded(tmp_path)


def test_the_example_holds_every_key_and_no_other() -> None:
    def written(table: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
        for name, value in table.items():
            yield from written(value, (*above, name)) if is_table(value) else [(*above, name)]

    def is_table(value: object) -> bool:
        return isinstance(value, dict) and not value.keys() <= {"env", "file"}

    assert sorted(written(tomllib.loads(UNCOMMENTED))) == sorted(keys(config.Settings))


def test_the_example_loads_with_every_line_taken_in(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(UNCOMMENTED, encoding="utf-8")
    for folder in ("rules", "templates"):
        (tmp_path / folder).mkdir()
    config.load(path, dict.fromkeys(re.findall(r'env = "(MAILBOT_[A-Z_]+)"', UNCOMMENTED), "hunter2") | ENVIRON)


def test_the_defaults_in_the_example_are_the_defaults(tmp_path: Path) -> None:
    """Each commented key has its real default, but for those whose comment says `Default: …` in words."""
    in_words, section = set[tuple[str, str]](), ""
    comment = ""
    for line in EXAMPLE.splitlines():
        if match := re.fullmatch(r"#?\[([a-z_.]+)\]", line):
            section = match[1]
        elif match := re.match(r"#?([a-z_]+) = ", line):
            in_words |= {(section, match[1])} if "# Default:" in comment or not line.startswith("#") else set()
            comment = ""
        else:
            comment = f"{comment}\n{line}" if line.startswith("#") else ""
    plain = json.loads(json.dumps(config.masked(loaded(tmp_path)), default=str).replace(f"{tmp_path}/", ""))
    for section, values in tomllib.loads(UNCOMMENTED).items():
        for key, value in values.items():
            if (section, key) not in in_words and key != "dkim":
                assert plain[section][key] == value, f"[{section}] {key}"


# What travels with mailbot is found in the tree and in an installed wheel.


def test_bundled_in_the_tree() -> None:
    assert config.bundled("config.example.toml") == ROOT / "config.example.toml"
    with pytest.raises(ConfigurationError, match="install mailbot again"):
        config.bundled("no-such-thing")


def test_bundled_in_a_wheel(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for name in ("mailbot", "rules", "templates", "config.example.toml", "pyproject.toml", "README.md", "LICENSE"):
        copy_or_stand_in(ROOT / name, source / name)
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=source, check=True, capture_output=True, timeout=60)
    (wheel,) = tmp_path.glob("mailbot-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    for decoy in ("rules", "templates"):  # of somebody else, beside us in site-packages
        (tmp_path / "installed" / decoy).mkdir()
    ask = "from mailbot import config; print(*map(config.bundled, ['rules', 'templates', 'config.example.toml']))"
    run = [sys.executable, "-c", ask]
    found = subprocess.run(
        run, cwd=tmp_path / "installed", check=True, capture_output=True, text=True, timeout=60
    ).stdout
    data = tmp_path / "installed" / "mailbot" / "data"
    assert found.split() == [str(data / "rules"), str(data / "templates"), str(data / "config.example.toml")]


def copy_or_stand_in(name: Path, to: Path) -> None:
    if name.is_dir():
        shutil.copytree(name, to, ignore=shutil.ignore_patterns("__pycache__"))
        (to / ".keep").touch()
    elif name.exists():
        shutil.copy(name, to)
    else:
        to.write_text("…", encoding="utf-8")
