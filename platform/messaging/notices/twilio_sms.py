"""SMS by twilio."""

from datetime import datetime, timedelta
from uuid import UUID

from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from core.config import Settings
from core.twilio import TwilioHttp
from messaging.notices.carrier import SECONDS, Refused
from messaging.notices.texts import Notice

_NEWEST = 20
_CLOCKS_APART = timedelta(minutes=10)


class TwilioSms:
    """SMS by twilio's client. ``api_url`` points it at another server that speaks the same, for tests."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def sent_before(self, to: str, notice: Notice, since: datetime) -> list[str]:
        """The SIDs of the newest messages to this number that end with these words and did not fail.

        Raises TwilioRestException, TimeoutError.
        """
        async with self._http() as http:
            newest = await self._client(http).messages.list_async(to=to, limit=_NEWEST, page_size=_NEWEST)
        return [
            str(each.sid)
            for each in newest
            if str(each.body).endswith(notice.text)
            and each.status not in ("failed", "undelivered", "canceled")
            and (each.date_created is None or each.date_created >= since - _CLOCKS_APART)
        ]

    def _http(self) -> TwilioHttp:
        return TwilioHttp(self._settings.twilio_api_url, SECONDS, "a text message")

    def _client(self, http: TwilioHttp) -> Client:
        return Client(self._settings.twilio_account_sid, self._settings.twilio_auth_token, http_client=http)

    async def send(self, to: str, notice: Notice, notification_id: UUID) -> str:
        """The message's SID. Raises Refused for 4xx answers but 429; TwilioRestException, TimeoutError otherwise."""
        settings = self._settings
        async with self._http() as http:
            try:
                message = await self._client(http).messages.create_async(
                    to=to, from_=settings.twilio_from, body=notice.text
                )
            except TwilioRestException as error:
                if 400 <= error.status < 500 and error.status != 429:
                    raise Refused(str(error.code)) from None
                raise
        return str(message.sid)
