"""A telephone to be rung, with the addresses at which twilio asks and tells; and twilio, loaded when it is needed."""

from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from core.config import Settings

if TYPE_CHECKING:
    from visits.phone.twilio_voice import TwilioVoice


class Refused(Exception):
    """Twilio will never place this call. The message is a word of `domain.refusal`."""


class Ringing(NamedTuple):
    """What is to be rung: a number with its extension, if it has one, and where twilio asks what to do and tells."""

    number: str
    answer_url: str
    status_url: str


def ringing_of(settings: Settings, clinic_id: UUID, leg_id: UUID, number: str) -> Ringing:
    """A leg to be rung at this number, with the public addresses of `routes_twilio`."""
    base = f"{settings.public_url.rstrip('/')}/api/twilio/{clinic_id}/legs/{leg_id}"
    return Ringing(number, f"{base}/answer", f"{base}/status")


def voice(settings: Settings) -> "TwilioVoice":
    """Twilio's telephone calls. Loading its client takes a second, which every process would spend at its start."""
    from visits.phone.twilio_voice import TwilioVoice

    return TwilioVoice(settings)
