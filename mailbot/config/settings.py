"""What can be configured, and what holds where the file says nothing? The sections, in the order of the file."""

from __future__ import annotations

import ipaddress
from typing import Annotated, Any, Literal, TypeVar, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from mailbot.config.names import Address, Domain, Host, Line, Name, Network, Recipient, Selector, WebAddress, Zone
from mailbot.config.places import DatabaseUrl, Endpoint, FilePath, Folder, Nameserver, Program, RelayUrl, TcpEndpoint
from mailbot.config.secret import Secret, SigningSecret
from mailbot.config.webhook import WebhookUrl

T = TypeVar("T")


def _some(values: tuple[T, ...]) -> tuple[T, ...]:
    if not values:
        raise ValueError("must name at least one")
    if len(set(values)) < len(values):
        raise ValueError("must not name the same thing twice")
    return values


Many = Annotated[tuple[T, ...], Field(strict=False)]  # TOML has lists; we keep tuples
Some = Annotated[tuple[T, ...], Field(strict=False), AfterValidator(_some)]


class Section(BaseModel):
    """A table of the file. Unknown keys are faults, no value is bent to fit, and defaults pass the same checks."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, validate_default=True)


class Desk(Section):
    """Who we are, as customers see it."""

    name: Name = "Support Desk"
    address: Address = "support@example.com"
    domain: Domain = Field(default_factory=lambda known: known["address"].partition("@")[2])
    languages: Some[Literal["ja", "en"]] = ("ja", "en")  # S15
    timezone: Zone = "Asia/Tokyo"
    phone: Line = ""  # S21
    phone_hours: Line = ""
    url: WebAddress = ""

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which people are told the time."""
        return ZoneInfo(self.timezone)


class Database(Section):
    """Where everything is kept: a SQLAlchemy URL, SQLite with an absolute path or PostgreSQL with psycopg."""

    url: DatabaseUrl = "sqlite:///var/mailbot.db"


class Smtp(Section):
    """The door for SMTP. Its limits hold for LMTP too; most numbers are Postfix's defaults."""

    listen: Many[TcpEndpoint] = ("127.0.0.1:8025",)
    tls_certificate: FilePath | None = None
    tls_key: FilePath | None = None
    tls_listen: Many[TcpEndpoint] = ()
    hostname: Host = "example.com"
    max_message_bytes: int = Field(default=10_240_000, ge=65_536, le=1_000_000_000)  # RFC 5321 §4.5.3.1.7
    max_recipients: int = Field(default=100, ge=1, le=10_000)  # RFC 5321 §4.5.3.1.8
    max_connections: int = Field(default=500, ge=1, le=100_000)
    max_connections_per_address: int = Field(default=30, ge=1, le=100_000)
    exempt_networks: Many[Network] = ("127.0.0.0/8", "::1/128")
    reserve_bytes: int = Field(default=200_000_000, ge=0, le=10**15)

    @field_validator("tls_key")
    @classmethod
    def _both_or_none(cls, key: Any, info: ValidationInfo) -> Any:
        if "tls_certificate" in info.data and (key is None) != (info.data["tls_certificate"] is None):
            raise ValueError("tls_certificate and tls_key belong together: give both or none")
        return key

    @field_validator("tls_listen")
    @classmethod
    def _needs_certificate(cls, listen: Any, info: ValidationInfo) -> Any:
        if listen and "tls_certificate" in info.data and info.data["tls_certificate"] is None:
            raise ValueError("needs tls_certificate and tls_key")
        return listen


class Lmtp(Section):
    """The door for LMTP: endpoints are `host:port` or `unix:/absolute/path`."""

    listen: Many[Endpoint] = ()


class Dkim(Section):
    """With which key outgoing mail is signed, and where its public half stands: <selector>._domainkey.<domain>."""

    selector: Selector
    domain: Domain
    key_file: FilePath


class WayOut(Section):
    """A server that takes our letters, and how it is spoken to."""

    url: RelayUrl
    starttls: Literal["required", "when-offered", "never"] = Field(
        default_factory=lambda known: "when-offered" if is_local(known["url"]) else "required"
    )
    verify_certificate: bool = True
    username: Line | None = None
    password: Secret | None = None
    connections: int = Field(default=4, ge=1, le=100)
    timeout_seconds: float = Field(
        default=600, gt=0, le=3600, allow_inf_nan=False
    )  # the final dot, RFC 5321 §4.5.3.2.6
    dkim: Dkim | None = None

    @field_validator("password")
    @classmethod
    def _safe_to_log_in(cls, password: Any, info: ValidationInfo) -> Any:
        if "username" in info.data and (password is None) != (not info.data["username"]):
            raise ValueError("username and password belong together: give both or none")
        url = info.data.get("url", "")
        if password and info.data.get("starttls") == "never" and not (url.startswith("smtps:") or is_local(url)):
            raise ValueError('would travel unprotected: set starttls to "required", or use smtps://')
        return password


class Relay(WayOut):
    """The way out."""

    url: RelayUrl = "maildir:var/outgoing"
    give_up_after_hours: int = Field(default=120, ge=1, le=1000)  # RFC 5321 §4.5.4.1
    max_backoff_seconds: int = Field(default=4000, ge=1, le=86_400)


class SecondRelay(WayOut):
    """The way out for letters that must not wait, when the first does not take them, and for alarms."""

    after_seconds: float = Field(default=20, gt=0, le=300, allow_inf_nan=False)


class Alarm(Section):
    """Who is called, and how, when something may be missed; the letters go by the second relay."""

    to: Many[Recipient] = ()
    command: Program = ()
    webhook: WebhookUrl | None = None
    webhook_secret: Secret | None = None
    timeout_seconds: float = Field(default=20, gt=0, le=300, allow_inf_nan=False)

    @field_validator("webhook_secret")
    @classmethod
    def _for_a_webhook(cls, secret: Any, info: ValidationInfo) -> Any:
        if secret is not None and "webhook" in info.data and info.data["webhook"] is None:
            raise ValueError("signs what goes to webhook: give that too, or none")
        return secret


def is_local(url: str) -> bool:
    """Say whether the relay is on this machine, so that nobody can listen on the way."""
    host = urlsplit(url).hostname
    try:
        return host is None or host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


Purpose = Literal["support", "staff", "news", "registry", "knowledge", "bounce"]
"""What mail to an address of the desk is for."""


class Addresses(Section):
    """The addresses under which the desk takes mail; no two may be the same."""

    support: Address = "support@example.com"
    staff: Address = "staff@example.com"
    news: Address = "news@example.com"
    registry: Address = "registry@example.com"
    knowledge: Address = "knowledge@example.com"
    bounce: Address = "bounce@example.com"

    @field_validator("*")
    @classmethod
    def _its_own(cls, address: str, info: ValidationInfo) -> str:
        for other, taken in info.data.items():
            if taken.casefold() == address.casefold():
                raise ValueError(f"is the address of {other} too: every purpose needs its own")
        return address

    @property
    def by_purpose(self) -> dict[Purpose, str]:
        """The address of each purpose."""
        return {purpose: getattr(self, purpose) for purpose in get_args(Purpose)}


class Trust(Section):
    """Whose word about a sender we believe (RFC 8601 §2.5): nobody's, while authserv_id is empty.

    Where nobody has spoken, `verify` looks for itself, with the help of these nameservers, or of the system's.
    """

    authserv_id: Line = ""
    verify: bool = False
    nameservers: Many[Nameserver] = ()


class Policy(Section):
    """What the desk does where a desk may choose."""

    strangers: Literal["hold", "ignore"] = "hold"
    trust: Literal["plausible", "authenticated"] = "plausible"
    same_subject_window_hours: int = Field(default=72, ge=0, le=1000)
    staff_digest_minutes: int = Field(default=30, ge=1, le=10_080)


class Mailings(Section):
    """When letters leave that a day causes, and not a mail: the hour in the desk's zone."""

    hour: int = Field(default=9, ge=0, le=23)


class Secrets(Section):
    """The keys under our reply addresses and Message-IDs: the first signs, all verify."""

    signing: Some[SigningSecret]

    @property
    def revealed(self) -> tuple[str, ...]:
        """The secrets themselves; for deriving keys and for nothing else."""
        return tuple(secret.get_secret_value() for secret in self.signing)


class Log(Section):
    """What the daemon says about its work, on standard error."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["text", "json"] = "text"


class Rules(Section):
    """The folder of rules; None: those that travel with mailbot."""

    folder: Folder | None = None


class Templates(Section):
    """The folder of templates; None: those that travel with mailbot."""

    folder: Folder | None = None


class Workers(Section):
    """How much is done at once."""

    readers: int = Field(default=2, ge=1, le=64)


class Settings(Section):
    """The whole configuration; every path in it is absolute."""

    desk: Desk = Field(default_factory=Desk)
    database: Database = Field(default_factory=Database)
    smtp: Smtp = Field(default_factory=Smtp)
    lmtp: Lmtp = Field(default_factory=Lmtp)
    relay: Relay = Field(default_factory=Relay)
    second_relay: SecondRelay | None = None
    alarm: Alarm = Field(default_factory=Alarm)
    addresses: Addresses = Field(default_factory=Addresses)
    trust: Trust = Field(default_factory=Trust)
    policy: Policy = Field(default_factory=Policy)
    mailings: Mailings = Field(default_factory=Mailings)
    secrets: Secrets
    log: Log = Field(default_factory=Log)
    rules: Rules = Field(default_factory=Rules)
    templates: Templates = Field(default_factory=Templates)
    workers: Workers = Field(default_factory=Workers)


def section_type(annotation: Any) -> Any:
    """The section that a field holds, also where it may stay away (`Section | None`)."""
    return next((kind for kind in get_args(annotation) if kind is not type(None)), annotation)


def derived(desk: Desk) -> dict[str, dict[str, Any]]:
    """What follows from [desk] for the other sections where the file says nothing."""
    places = ("staff", "news", "registry", "knowledge", "bounce")
    return {
        "addresses": {"support": desk.address, **{place: f"{place}@{desk.domain}" for place in places}},
        "smtp": {"hostname": desk.domain},
        "relay": {"dkim": {"domain": desk.domain}},
        "second_relay": {"dkim": {"domain": desk.domain}},
    }
