"""SMS by twilio."""

import asyncio
from typing import Any

from twilio.base.exceptions import TwilioRestException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from core.config import Settings
from messaging.carriers import SECONDS, Refused
from messaging.notices import Notice

_TWILIO = "https://api.twilio.com"


class TwilioSms:
    """SMS by twilio's client. ``api_url`` points it at another server that speaks the same, for tests."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def send(self, to: str, notice: Notice) -> str:
        """The message's SID. Raises Refused for 4xx answers but 429; TwilioRestException, TimeoutError otherwise."""
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
        super().__init__()
        self._base = base.rstrip("/")

    async def request(self, method: str, url: str, *rest: Any, **options: Any) -> Response:
        if self._base:
            url = url.replace(_TWILIO, self._base, 1)
        # The client takes a time-out and makes no use of it.
        async with asyncio.timeout(SECONDS):
            return await super().request(method, url, *rest, **options)
