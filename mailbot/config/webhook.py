"""Where may an alarm be posted to? The address is a secret: at many services, whoever knows it may write there."""

from __future__ import annotations

import ipaddress
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr

from mailbot.config.secret import Secret


def _webhook(secret: SecretStr) -> SecretStr:
    url = secret.get_secret_value()
    if not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError("must be an address in ASCII, without blanks")
    try:
        parts = urlsplit(url)
        _ = parts.port  # is looked at late, and raises
    except ValueError:
        raise ValueError("the host or port of the address is malformed") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must begin with https://, followed by a host")
    if parts.username is not None or parts.password is not None:
        raise ValueError("must not hold a name or password: sign what is posted, with webhook_secret")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise ValueError("must begin with https://: http:// is for this machine alone")
    return secret


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


WebhookUrl = Annotated[Secret, AfterValidator(_webhook)]
