"""Twilio's HTTP client as every slice uses it: with a deadline, and pointed at another server if one is set."""

import asyncio
from typing import Any

from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.http.response import Response

from core.open_transactions import require_none

_TWILIO = "https://api.twilio.com"


class TwilioHttp(AsyncTwilioHttpClient):  # type: ignore[misc]  # twilio ships no types
    """twilio's HTTP client: with a deadline, and with the host replaced where `base` names another.

    `work` says what it is used for, should a transaction be open.
    """

    def __init__(self, base: str, seconds: float, work: str) -> None:
        super().__init__()
        self._base = base.rstrip("/")
        self._seconds = seconds
        self._work = work

    async def request(self, method: str, url: str, *rest: Any, **options: Any) -> Response:
        require_none(self._work)
        if self._base:
            url = url.replace(_TWILIO, self._base, 1)
        # The client takes a time-out and makes no use of it.
        async with asyncio.timeout(self._seconds):
            return await super().request(method, url, *rest, **options)
