"""Where is something: which endpoints, files and URLs may stand in the configuration?

Relative paths become absolute here: they count from the folder of the file.
"""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo

from mailbot.config.names import HOST
from mailbot.config.secret import Revealed
from mailbot.config.surroundings import of

_PORT = re.compile(r"[0-9]{1,5}")
_NO_FILE = re.compile(r"[?\x00-\x1f]|^/:memory:$")
_LONGEST_SOCKET_PATH = 107  # sun_path holds 108 bytes on Linux, the last one is zero (unix(7))


def _tcp_endpoint(text: str, info: ValidationInfo) -> str:
    host, colon, port = text.rpartition(":")
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    if not colon or not _PORT.fullmatch(port) or int(port) > 65_535 or not _is_host(bare, host):
        raise ValueError('must be host:port, such as "127.0.0.1:8025" or "[::1]:8025"')
    return _listen_once(f"{host.lower()}:{int(port)}", info)


def _nameserver(text: str) -> str:
    host, _, port = text.rpartition(":")
    try:
        address = ipaddress.ip_address(host[1:-1] if host.startswith("[") else host)
    except ValueError:
        address = None
    if address is None or not _PORT.fullmatch(port) or not 0 < int(port) <= 65_535 or not _is_host(str(address), host):
        raise ValueError('must be the address and port of a nameserver, such as "127.0.0.1:53" or "[::1]:53"')
    return text


def _is_host(bare: str, written: str) -> bool:
    try:
        return (ipaddress.ip_address(bare).version == 6) == (bare != written)  # RFC 3986 §3.2.2: brackets for IPv6
    except ValueError:
        return bare == written and HOST.fullmatch(bare) is not None


def _endpoint(text: str, info: ValidationInfo) -> str:
    if not text.startswith("unix:") and "/" not in text:
        if ":" not in text:
            raise ValueError(
                'must be host:port, or the path of a unix socket, which begins with "unix:" or holds a "/"'
            )
        return _tcp_endpoint(text, info)
    path = str(of(info).folder / text.removeprefix("unix:"))
    if not path.isprintable() or text == "unix:":
        raise ValueError("must be the path of a unix socket")
    if len(path.encode()) > _LONGEST_SOCKET_PATH:
        raise ValueError(f"the path of a unix socket may have {_LONGEST_SOCKET_PATH} bytes: choose a shorter one")
    return _listen_once(f"unix:{path}", info)


def _listen_once(endpoint: str, info: ValidationInfo) -> str:
    listening = of(info).listening
    if endpoint in listening:
        raise ValueError("is listened on twice: give each door an address of its own")
    if not endpoint.endswith(":0"):  # port 0: the system chooses a free one each time
        listening.add(endpoint)
    return endpoint


TcpEndpoint = Annotated[str, AfterValidator(_tcp_endpoint)]
Nameserver = Annotated[str, AfterValidator(_nameserver)]
Endpoint = Annotated[str, AfterValidator(_endpoint)]
"""`host:port` or `unix:/absolute/path`."""


def _path(value: object, info: ValidationInfo) -> Path:
    if isinstance(value, Path):
        return value
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise ValueError("must be a path in quotation marks")
    return of(info).folder / value


def _folder(path: Path) -> Path:
    if not path.is_dir():
        raise ValueError("there is no such folder: create it, or remove this key to use what travels with mailbot")
    return path


def _program(words: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
    """A path, and what it is called with: no shell reads it, so nothing in an alarm can become a command."""
    if not words:
        return ()
    if not all(word and "\0" not in word for word in words):
        raise ValueError('must be a program and what it is called with, such as ["/usr/local/bin/page", "desk"]')
    if "/" not in words[0]:
        raise ValueError('the program must be a path, such as "/usr/local/bin/page": nothing is searched for')
    return (str(of(info).folder / words[0]), *words[1:])


FilePath = Annotated[Path, BeforeValidator(_path)]
Program = Annotated[tuple[str, ...], Field(strict=False), AfterValidator(_program)]
Folder = Annotated[FilePath, AfterValidator(_folder)]


def _database_url(url: str, info: ValidationInfo) -> str:
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite" and rest.startswith("/") and rest.strip("/") and not _NO_FILE.search(rest):
        return f"sqlite:///{of(info).folder / rest[1:]}"
    if scheme in {"postgresql", "postgresql+psycopg"} and _split(url).path.strip("/"):
        return f"postgresql+psycopg://{rest}"
    raise ValueError('must be "sqlite:///PATH" or "postgresql://USER:PASSWORD@HOST/DATABASE"')


def _relay_url(url: str, info: ValidationInfo) -> str:
    parts = _split(url)
    if parts.scheme == "maildir" and url.removeprefix("maildir:").strip("/"):
        return f"maildir:{of(info).folder / url.removeprefix('maildir:')}"
    if url.startswith("lmtp:///") and parts.path.strip("/"):
        return url
    if parts.username is not None or parts.password is not None:
        raise ValueError("must not hold a name or password: they have keys of their own, username and password")
    if parts.scheme in {"smtp", "smtps", "lmtp"} and _names_host(parts):
        return url
    raise ValueError('must be "smtp://HOST:PORT", "smtps://…", "lmtp://…", "lmtp:///SOCKET" or "maildir:FOLDER"')


def _names_host(parts: SplitResult) -> bool:
    bare, brackets = parts.hostname or "", "[" if "[" in parts.netloc else ""
    return _is_host(bare, brackets + bare) and not (parts.path + parts.query + parts.fragment)


def _split(url: str) -> SplitResult:
    if not url.isprintable():
        raise ValueError("must be one line without control characters")
    try:
        parts = urlsplit(url)
        _ = parts.port  # is looked at late, and raises
    except ValueError:
        raise ValueError(
            "the host or port is malformed: write HOST:PORT, with brackets around an IPv6 address"
        ) from None
    return parts


DatabaseUrl = Annotated[str, AfterValidator(_database_url), Revealed]
RelayUrl = Annotated[str, AfterValidator(_relay_url)]
