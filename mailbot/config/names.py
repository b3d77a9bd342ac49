"""Which texts may stand in the configuration: names, addresses, hosts, zones? Pure.

A check raises ValueError with the mend as its text: a plain sentence for the person who wrote the file.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from email_validator import EmailNotValidError, ValidatedEmail, validate_email
from pydantic import AfterValidator

HOST = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*", re.I
)
_LONGEST_LOCAL_PART = 23  # 64 octets (RFC 5321 §4.5.3.1.1) less "+" and a token of 40


def _one_line(text: str) -> str:
    # A name goes into mail headers: no control character may get there (CVE-2012-4730 and its kin).
    if not text.isprintable():
        raise ValueError("must be one line without control characters")
    return text.strip()


def _filled(text: str) -> str:
    if not text:
        raise ValueError("must not be empty")
    return text


def _web_address(text: str) -> str:
    if text and (urlsplit(text).scheme not in {"http", "https"} or not urlsplit(text).hostname):
        raise ValueError("must begin with https:// or http://, or be empty")
    return text


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (KeyError, OSError, ValueError):  # unknown, a folder of zones, not a relative path
        raise ValueError('there is no such time zone: write it like "Asia/Tokyo" or "UTC"') from None


def _selector(text: str) -> str:
    if not HOST.fullmatch(text):  # RFC 6376 §3.1: labels with dots between
        raise ValueError('must be letters, digits, hyphens and dots, such as "mail2026"')
    return text.lower()


Line = Annotated[str, AfterValidator(_one_line)]
Name = Annotated[Line, AfterValidator(_filled)]
WebAddress = Annotated[Line, AfterValidator(_web_address)]
Zone = Annotated[str, AfterValidator(_zone)]
Selector = Annotated[str, AfterValidator(_selector)]


def _recipient(text: str) -> str:
    parts = _parsed(text)
    return f"{parts.local_part}@{parts.ascii_domain}"


def _address(text: str) -> str:
    parts = _parsed(text)
    if "+" in parts.local_part:
        raise ValueError("must not hold a +: mailbot writes its reply tokens behind one")
    if len(parts.local_part) > _LONGEST_LOCAL_PART:
        raise ValueError(f"must have at most {_LONGEST_LOCAL_PART} characters before the @: reply tokens follow there")
    return f"{parts.local_part}@{parts.ascii_domain}"


def _parsed(text: str) -> ValidatedEmail:
    try:
        return validate_email(text, check_deliverability=False, allow_smtputf8=False, test_environment=True)
    except EmailNotValidError as error:
        raise ValueError(f"must be a mail address: {_begin_small(str(error))}") from None


def _begin_small(sentence: str) -> str:
    return (sentence[:1].lower() + sentence[1:]).rstrip(".")


def _domain(text: str) -> str:
    try:
        return validate_email(f"desk@{text}", check_deliverability=False, test_environment=True).ascii_domain
    except EmailNotValidError:
        raise ValueError('must be a domain name, such as "example.com"') from None


def _host(text: str) -> str:
    if not HOST.fullmatch(text):
        raise ValueError('must be a host name, such as "desk.example.com"')
    return text.lower()


def _network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text))
    except ValueError:
        raise ValueError('must be a network, such as "192.0.2.0/24" or "2001:db8::/32"') from None


Address = Annotated[str, AfterValidator(_address)]
"""One of ours: tokens go behind its local part."""
Recipient = Annotated[str, AfterValidator(_recipient)]
"""Somebody else's."""
Domain = Annotated[str, AfterValidator(_domain)]
Host = Annotated[str, AfterValidator(_host)]
Network = Annotated[str, AfterValidator(_network)]
