"""Carriers of notices: twilio for SMS, SMTP for e-mail, and the demo's outbox page where neither is configured."""

from datetime import datetime
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import unquote, urlsplit
from uuid import UUID

import aiosmtplib

from core.config import Settings
from core.open_transactions import require_none
from messaging.notices.texts import Notice

SECONDS = 10.0


class Refused(Exception):
    """The carrier will never take this (a number that is none, say): trying again is of no use."""


class Carrier(Protocol):
    """Takes a notice to an address, and gives the carrier's own id of it."""

    async def send(self, to: str, notice: Notice, notification_id: UUID) -> str: ...

    async def sent_before(self, to: str, notice: Notice, since: datetime) -> list[str]:
        """The carrier's ids of what it took to this address with these words since then; none if it cannot say."""
        ...


class Smtp:
    """E-mail over SMTP: ``smtps://`` has TLS from the start, ``smtp://user:password@host:port`` begins it by STARTTLS.

    Without TLS nothing is sent, for somebody on the way could switch it off and read codes and password; only a server
    on this machine that asks for no password may do without.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def sent_before(self, to: str, notice: Notice, since: datetime) -> list[str]:
        """A mail server cannot be asked: whoever gets a mail twice knows it by its Message-ID."""
        return []

    async def send(self, to: str, notice: Notice, notification_id: UUID) -> str:
        """The Message-ID, the same at each try.

        Raises Refused if the recipient is refused for good, SMTPException otherwise.
        """
        require_none("a mail")
        url = urlsplit(self._settings.smtp_url)
        mail = EmailMessage()
        mail["From"] = self._settings.mail_from
        mail["To"] = to
        mail["Subject"] = notice.subject
        mail["Message-ID"] = f"<{notification_id}@carethread>"
        mail.set_content(notice.text)
        try:
            await aiosmtplib.send(
                mail,
                hostname=url.hostname or "localhost",
                port=url.port,
                username=unquote(url.username) if url.username else None,
                password=unquote(url.password) if url.password else None,
                use_tls=url.scheme == "smtps",
                start_tls=url.scheme != "smtps" and (bool(url.username) or not _is_here(url.hostname)),
                timeout=SECONDS,
            )
        except aiosmtplib.SMTPRecipientsRefused:
            raise Refused("recipient_refused") from None
        return str(mail["Message-ID"])


def _is_here(host: str | None) -> bool:
    """Whether it is this very machine."""
    return host in (None, "localhost", "127.0.0.1", "::1")


def has_carrier(channel: str, settings: Settings) -> bool:
    """Whether anything carries this channel's notices."""
    return bool(settings.twilio_account_sid if channel == "sms" else settings.smtp_url)


def carrier_for(channel: str, settings: Settings) -> Carrier | None:
    """The configured carrier of a channel, or None: then the notice is only shown in the demo's outbox."""
    if channel == "sms" and settings.twilio_account_sid:
        # Loading twilio's client takes a second, which every process would spend at its start.
        from messaging.notices.twilio_sms import TwilioSms

        return TwilioSms(settings)
    if channel == "email" and settings.smtp_url:
        return Smtp(settings)
    return None
