"""How is a secret written, looked up, and kept out of every text that we show?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, SecretStr, ValidationInfo

from mailbot.config.surroundings import of

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LONGEST_SECRET = 65_536  # characters


def _revealed(value: object, info: ValidationInfo) -> object:
    """Text stands for itself; `{ env = "NAME" }` and `{ file = "PATH" }` are looked up."""
    match value:
        case {"env": str(name), **rest} if not rest:
            return _from_environment(name, of(info).environ)
        case {"file": str(name), **rest} if not rest:
            return _from_file(of(info).folder / name)
        case str() | SecretStr():
            return value
        case _:
            raise ValueError('must be text, { env = "NAME" } or { file = "PATH" }')


def _from_environment(name: str, environ: Mapping[str, str]) -> str:
    if not environ.get(name):
        raise ValueError("the environment has no such variable, or it is empty: set it where mailbot is started")
    return environ[name]


def _from_file(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            text = file.read(_LONGEST_SECRET).strip()  # editors end the last line
    except OSError as error:
        raise ValueError(f"the file of the secret cannot be read: {error.strerror}") from None
    except ValueError:
        raise ValueError("the file of the secret cannot be read: it is not text in UTF-8, or not a path") from None
    if not text:
        raise ValueError("the file of the secret is empty")
    return text


def _sealed(value: object) -> SecretStr:
    secret = value if isinstance(value, SecretStr) else SecretStr(str(value))
    if not secret.get_secret_value():
        raise ValueError("must not be empty")
    return secret


def _strong(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    bits_a_character = 4 if re.fullmatch(r"[0-9a-fA-F]*", text) else 6
    if len(text) * bits_a_character < 256 or len(set(text)) < 10:  # a random key of 32 bytes, in hex or base64
        raise ValueError(
            "is too easy to guess: write 32 random bytes, as printed by "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
    return secret


def shown_reference(value: Mapping[str, Any]) -> str:
    """The reference of a secret as written, when it can be told; never the secret."""
    match value:
        case {"env": str(name), **rest} if not rest and _VARIABLE.fullmatch(name):
            return f'{{ env = "{name}" }}'
        case {"file": str(name), **rest} if not rest and name.isprintable():
            return f'{{ file = "{name}" }}'
        case _:
            return ""


Revealed = BeforeValidator(_revealed)
Secret = Annotated[SecretStr, BeforeValidator(_sealed), Revealed]
SigningSecret = Annotated[Secret, AfterValidator(_strong)]


def without_password(url: str) -> str:
    """The URL as it may be shown and logged; whatever may be a password is left out."""
    if "password" in url:
        return "***"
    before, at, after = url.rpartition("@")
    return f"{before.partition('://')[0]}://***@{after}" if at else url
