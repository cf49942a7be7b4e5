"""Telephone calls by twilio's client: placed, found again when the answer was lost, asked after, hung up."""

from datetime import datetime, timedelta

from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from core.config import Settings
from core.twilio import TwilioHttp
from visits.phone import account
from visits.phone.domain import MOST_SECONDS, RING_SECONDS, refusal
from visits.phone.ringing import Refused, Ringing

SECONDS = 10.0
"""How long one talk with twilio may take."""

_EVENTS = ("initiated", "ringing", "answered", "completed")
_NEWEST = 20
_CLOCKS_APART = timedelta(minutes=10)
_NOTHING_LEFT = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


class TwilioVoice:
    """The account's telephone calls. `twilio_api_url` points it at a server that speaks the same."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def place(self, ringing: Ringing) -> str:
        """Ring a telephone; the call's SID. Raises Refused; TwilioRestException, TimeoutError for what may go later.

        The machine detection waits for a voicemail's beep, so that a message is recorded from its first word on.
        """
        to, _, extension = ringing.number.partition(";ext=")
        digits = {"send_digits": f"wwww{extension}"} if extension else {}
        async with self._http() as http:
            try:
                placed = await self._client(http).calls.create_async(
                    to=to,
                    from_=account.caller_id(self._settings),
                    url=ringing.answer_url,
                    status_callback=ringing.status_url,
                    status_callback_event=list(_EVENTS),
                    machine_detection="DetectMessageEnd",
                    timeout=RING_SECONDS,
                    time_limit=MOST_SECONDS,
                    **digits,
                )
            except TwilioRestException as error:
                if 400 <= error.status < 500 and error.status != 429:
                    raise Refused(refusal(error.code)) from None
                raise
        return str(placed.sid)

    async def placed_before(self, number: str, since: datetime) -> list[str]:
        """The SIDs of calls to this number since then that still go on, the newest first."""
        to, caller = number.partition(";ext=")[0], account.caller_id(self._settings)
        async with self._http() as http:
            newest = await self._client(http).calls.list_async(
                to=to, from_=caller, limit=_NEWEST, page_size=_NEWEST
            )
        return [
            str(each.sid)
            for each in newest
            if each.status not in _NOTHING_LEFT
            and (each.date_created is None or each.date_created >= since - _CLOCKS_APART)
        ]

    async def status(self, sid: str) -> tuple[str, str]:
        """Twilio's words for a call's status and for who answered it."""
        async with self._http() as http:
            found = await self._client(http).calls(sid).fetch_async()
        return str(found.status), found.answered_by or ""

    async def hang_up(self, sid: str) -> None:
        """End a call that rings or is talked on. One that is over, or was never placed, stays so."""
        async with self._http() as http:
            try:
                await self._client(http).calls(sid).update_async(status="completed")
            except TwilioRestException as error:
                if not 400 <= error.status < 500 or error.status == 429:
                    raise

    def _http(self) -> TwilioHttp:
        return TwilioHttp(self._settings.twilio_api_url, SECONDS, "a telephone call")

    def _client(self, http: TwilioHttp) -> Client:
        settings = self._settings
        return Client(account.sid(settings), settings.twilio_auth_token, http_client=http)
