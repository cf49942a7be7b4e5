"""What the double of twilio knows of a call, and how it tells of it: the fields of its API and of its webhooks."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, Literal
from urllib.parse import parse_qs
from uuid import uuid4

Does = Literal["ring", "answer", "busy", "no_answer", "machine", "wrong", "cancel"]
"""What a telephone does when it is rung. `ring`: it rings until somebody says otherwise, or the time is up."""

OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})

_INVALID_NUMBER = 21211
_MISSING = 21201
API = "2010-04-01"


class Wrong(Exception):
    """Twilio would refuse this request, with this error code."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass
class Call:
    """One telephone that is rung. `said` is what whoever answered was told, `conference` the one that it is in.

    It is `done` once it is over and everybody was told.
    """

    account: str
    to: str
    caller: str
    url: str
    status_callback: str
    events: Collection[str]
    detects_machines: bool
    timeout: float
    digits: str
    sid: str = field(default_factory=lambda: f"CA{uuid4().hex}")
    status: str = "queued"
    done: bool = False
    answered_by: str = ""
    conference: str = ""
    said: list[str] = field(default_factory=list)
    made_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    acts: asyncio.Queue[Does] = field(default_factory=asyncio.Queue)
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def is_over(self) -> bool:
        return self.status in OVER

    def resource(self) -> dict[str, Any]:
        """The call as the API answers with it."""
        return {
            "sid": self.sid,
            "account_sid": self.account,
            "to": self.to,
            "from": self.caller,
            "status": self.status,
            "direction": "outbound-api",
            "answered_by": self.answered_by or None,
            "date_created": format_datetime(self.made_at),
            "date_updated": format_datetime(self.made_at),
            "api_version": API,
            "uri": f"/{API}/Accounts/{self.account}/Calls/{self.sid}.json",
        }

    def fields(self, number: int) -> dict[str, str]:
        """The fields of a webhook; `number` counts those of this call."""
        told = {
            "AccountSid": self.account,
            "ApiVersion": API,
            "CallSid": self.sid,
            "CallStatus": self.status,
            "Called": self.to,
            "Caller": self.caller,
            "Direction": "outbound-api",
            "From": self.caller,
            "To": self.to,
            "SequenceNumber": str(number),
            "Timestamp": format_datetime(datetime.now(UTC)),
        }
        if self.answered_by:
            told["AnsweredBy"] = self.answered_by
        if self.status == "failed":
            told["SipResponseCode"] = "404"
        return told


def call_of(account: str, body: bytes) -> Call:
    """The call that the form of a POST to Calls.json asks for. Raises Wrong as twilio would."""
    form = parse_qs(body.decode("utf-8", "replace"))
    to, caller = _first(form, "To"), _first(form, "From")
    if not to or not caller or not _first(form, "Url"):
        raise Wrong(_MISSING, "A required parameter is missing")
    if not (to.startswith("+") and to[1:].isdigit() and 8 <= len(to) <= 16):
        raise Wrong(_INVALID_NUMBER, f"Invalid 'To' Phone Number: {to[:4]}…")
    return Call(
        account=account,
        to=to,
        caller=caller,
        url=_first(form, "Url"),
        status_callback=_first(form, "StatusCallback"),
        events=frozenset(form.get("StatusCallbackEvent", ["completed"])),
        detects_machines=bool(_first(form, "MachineDetection")),
        timeout=float(_first(form, "Timeout") or 60),
        digits=_first(form, "SendDigits"),
    )


def _first(form: Mapping[str, list[str]], name: str) -> str:
    return next(iter(form.get(name, ())), "")
