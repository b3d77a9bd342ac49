"""In what does an LMTP session differ from an SMTP session (RFC 2033)?"""
# ruff: noqa: N802 - aiosmtpd finds commands by their names

from __future__ import annotations

from typing import cast

from aiosmtpd.smtp import Envelope as Transaction
from aiosmtpd.smtp import syntax

from mailbot.channels import replies
from mailbot.channels.session import Session


class LmtpSession(Session):
    """One LMTP session."""

    @syntax("LHLO hostname")
    async def smtp_LHLO(self, hostname: str | None) -> None:
        await self._greet(hostname, extended=True)

    async def smtp_EHLO(self, _hostname: str | None) -> None:
        await self._say(replies.NOT_UNDERSTOOD)  # RFC 2033 §4.1

    async def smtp_HELO(self, _hostname: str | None) -> None:
        await self._say(replies.NOT_UNDERSTOOD)

    def _after_dot(self, reply: str) -> str:
        """One reply for each accepted recipient, in order, whatever the reply is (RFC 2033 §4.2)."""
        return "\r\n".join([reply] * len(cast("Transaction", self.envelope).rcpt_tos))
