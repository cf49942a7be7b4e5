"""Carriers of notices: twilio for SMS, SMTP for e-mail, and the demo's outbox page where neither is configured."""

from email.message import EmailMessage
from email.utils import make_msgid
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib
from twilio.base.exceptions import TwilioRestException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from core.config import Settings
from messaging.notices import Notice

SECONDS = 10.0
_TWILIO = "https://api.twilio.com"


class Refused(Exception):
    """The carrier will never take this (a number that is none, say): trying again is of no use."""


class Carrier(Protocol):
    """Takes a notice to an address, and gives the carrier's own id of it."""

    async def send(self, to: str, notice: Notice) -> str: ...


class TwilioSms:
    """SMS by twilio's client. ``api_url`` points it at another server that speaks the same, for tests."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def send(self, to: str, notice: Notice) -> str:
        """The message's SID. Raises Refused for 4xx answers but 429, TwilioRestException otherwise."""
        settings = self._settings
        async with _TwilioHttp(settings.twilio_api_url) as http:
            client = Client(settings.twilio_account_sid, settings.twilio_auth_token, http_client=http)
            try:
                message = await client.messages.create_async(
                    to=to, from_=settings.twilio_from, body=notice.text
                )
            except TwilioRestException as error:
                if 400 <= error.status < 500 and error.status != 429:
                    raise Refused(str(error.code)) from None
                raise
        return str(message.sid)


class _TwilioHttp(AsyncTwilioHttpClient):  # type: ignore[misc]  # twilio ships no types
    """twilio's HTTP client, with the host replaced where another is configured."""

    def __init__(self, base: str) -> None:
        super().__init__(timeout=SECONDS)
        self._base = base.rstrip("/")

    async def request(self, method: str, url: str, *rest: Any, **options: Any) -> Response:
        if self._base:
            url = url.replace(_TWILIO, self._base, 1)
        return await super().request(method, url, *rest, **options)


class Smtp:
    """E-mail over SMTP: ``smtp://user:password@host:port``, ``smtps://`` for TLS from the start."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def send(self, to: str, notice: Notice) -> str:
        """The Message-ID. Raises Refused if the recipient is refused for good, SMTPException otherwise."""
        url = urlsplit(self._settings.smtp_url)
        mail = EmailMessage()
        mail["From"] = self._settings.mail_from
        mail["To"] = to
        mail["Subject"] = notice.subject
        mail["Message-ID"] = make_msgid(domain="carethread")
        mail.set_content(notice.text)
        try:
            await aiosmtplib.send(
                mail,
                hostname=url.hostname or "localhost",
                port=url.port,
                username=unquote(url.username) if url.username else None,
                password=unquote(url.password) if url.password else None,
                use_tls=url.scheme == "smtps",
                timeout=SECONDS,
            )
        except aiosmtplib.SMTPRecipientsRefused:
            raise Refused("recipient_refused") from None
        return str(mail["Message-ID"])


def carrier_for(channel: str, settings: Settings) -> Carrier | None:
    """The configured carrier of a channel, or None: then the notice is only shown in the demo's outbox."""
    if channel == "sms" and settings.twilio_account_sid:
        return TwilioSms(settings)
    if channel == "email" and settings.smtp_url:
        return Smtp(settings)
    return None
