"""The life of a telephone call inside a visit: what a leg can be, what twilio's words make of it, when a call is over.

Twilio tells of a leg by webhooks, which come twice, late, or in any order. The states of a leg therefore stand in one
order, and what is heard can only move it forward: whatever the order of the words, the end is the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

RING_SECONDS = 40
"""How long a telephone rings. Most voicemails take the call before that."""

MOST_SECONDS = 4 * 60 * 60
"""The longest a leg lasts: longer than any visit, and an end for one that nobody hangs up."""

PLACED_WITHIN = timedelta(seconds=60)
"""A telephone that could not be rung within this time is not rung any more: nobody expects it by then."""

SILENT_FOR = timedelta(seconds=15)
"""Of a leg of which twilio has said nothing for this long, it is asked."""

ASKED_ONCE = timedelta(minutes=1)
"""Asking again within this time to go on by telephone is the same wish."""

KEEP_NUMBERS = timedelta(days=90)
"""For so long it is kept which number was rung, sealed."""

UNREACHABLE = "unreachable"
"""The failure of a leg that twilio could not be asked to place."""


class Side(StrEnum):
    """Whose telephone a leg rings."""

    PATIENT = "patient"
    CLINICIAN = "clinician"


class LegStatus(StrEnum):
    """What a leg is, from the least to the most that is known of it."""

    QUEUED = "queued"
    """Not rung yet."""
    RINGING = "ringing"
    ANSWERED = "answered"
    """Somebody or a machine has answered; which of them is not known yet."""
    IN_CALL = "in_call"
    """A person has answered and is in the conference."""
    CANCELED = "canceled"
    """Hung up by us before anybody answered."""
    COMPLETED = "completed"
    """Answered, and hung up."""
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    FAILED = "failed"
    """The number does not exist, or the network does not take the call."""
    MACHINE = "machine"
    """Voicemail or a fax answered."""


_ORDER = tuple(LegStatus)
OPEN = frozenset({LegStatus.QUEUED, LegStatus.RINGING, LegStatus.ANSWERED, LegStatus.IN_CALL})
"""The leg goes on. All others are final."""

_WORDS = {
    "queued": LegStatus.QUEUED,
    "initiated": LegStatus.QUEUED,
    "ringing": LegStatus.RINGING,
    "in-progress": LegStatus.ANSWERED,
    "completed": LegStatus.COMPLETED,
    "canceled": LegStatus.CANCELED,
    "no-answer": LegStatus.NO_ANSWER,
    "busy": LegStatus.BUSY,
    "failed": LegStatus.FAILED,
}

_PEOPLE = frozenset({"human", "unknown"})
"""Twilio's `AnsweredBy` of somebody to talk to. Whom it could not tell from a machine hears the other side at worst."""


def heard(call_status: str, answered_by: str = "") -> LegStatus | None:
    """What twilio's `CallStatus` and `AnsweredBy` say of a leg; None for words that we do not know."""
    if answered_by.startswith(("machine", "fax")):
        return LegStatus.MACHINE
    status = _WORDS.get(call_status)
    if status is LegStatus.ANSWERED and answered_by in _PEOPLE:
        return LegStatus.IN_CALL
    return status


def later(known: LegStatus, said: LegStatus) -> LegStatus:
    """The state of a leg of which both are said, in either order."""
    return max(known, said, key=_ORDER.index)


_FAILURES = {
    21211: "wrong_number",
    21214: "wrong_number",
    21217: "wrong_number",
    21219: "wrong_number",
    21401: "wrong_number",
    13223: "wrong_number",
    13224: "wrong_number",
    21215: "not_allowed",
    21216: "not_allowed",
    13227: "not_allowed",
    21210: "caller_id",
    21212: "caller_id",
    21213: "caller_id",
}
_NO_SUCH_NUMBER = frozenset({"404", "410", "484", "604"})
"""SIP answers for a number that is none (RFC 3261)."""


def refusal(code: int | None) -> str:
    """The failure that twilio's error code means: `wrong_number`, `not_allowed`, `caller_id` or `refused`."""
    return _FAILURES.get(code or 0, "refused")


def network_failure(sip_code: str) -> str:
    """The failure that the network's answer means: `wrong_number` or `refused`."""
    return "wrong_number" if sip_code in _NO_SUCH_NUMBER else "refused"


class CallEnd(StrEnum):
    """Why a telephone call is over. None of them ends the visit."""

    HUNG_UP = "hung_up"
    """The clinician hung up, or nobody is left on it."""
    UNANSWERED = "unanswered"
    """The two never spoke, and no telephone rings any more."""
    BACK_TO_VIDEO = "back_to_video"
    """The clinician ended it on the screen."""
    VISIT_OVER = "visit_over"
    REMOVED = "removed"
    """The clinician's account may no longer be in calls."""


@dataclass(frozen=True)
class Leg:
    """What matters of a leg: whose it is, what it is, and whether a person was in the conference by it."""

    side: Side
    status: LegStatus
    joined: bool

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


def is_connected(legs: Iterable[Leg]) -> bool:
    """Whether the two are in the conference together now."""
    return {leg.side for leg in legs if leg.status is LegStatus.IN_CALL} == set(Side)


def why_over(legs: Iterable[Leg], *, connected: bool) -> CallEnd | None:
    """Why a call with these legs is over, None while it goes on. `connected`: the two have spoken.

    Without the clinician nobody stays on hold. Without the patient it goes on: the clinician may have them rung again.
    """
    legs = list(legs)
    open_sides = {leg.side for leg in legs if leg.is_open}
    clinician_was_in = any(leg.side is Side.CLINICIAN and leg.joined for leg in legs)
    if clinician_was_in and Side.CLINICIAN not in open_sides:
        return CallEnd.HUNG_UP
    if open_sides:
        return None
    return CallEnd.HUNG_UP if connected else CallEnd.UNANSWERED


class Modality(StrEnum):
    """By what a visit was held, as its coding asks (modifier 93 is for audio alone)."""

    VIDEO = "video"
    AUDIO_ONLY = "audio_only"
    VIDEO_THEN_PHONE = "video_and_phone"


def modality(*, video: bool, phone: bool) -> Modality | None:
    """By what the two were connected; None while they never were."""
    if video and phone:
        return Modality.VIDEO_THEN_PHONE
    if phone:
        return Modality.AUDIO_ONLY
    return Modality.VIDEO if video else None
