"""Which number is rung: what is on record or was typed, checked, sealed for the leg, and shown with its last digits."""

from uuid import UUID

from core.crypto import CannotOpen
from core.database.session import ReadSession
from core.errors import FieldError, Invalid
from identity.person.contacts import Channel, Contact, may_text, parse_dialed
from visits.phone.models import PhoneLeg


def checked(read: ReadSession, field: str, typed: str | None, known: str | None) -> str:
    """The number to ring, E.164 with an extension if it has one: the typed one, or else the one on record.

    Raises Invalid: `required`, `phone_invalid`, or `phone_abroad` where the clinic's calls do not go.
    """
    text = (typed or "").strip() or known
    if not text:
        raise Invalid([FieldError(field, "required")])
    number = parse_dialed(text)
    if number is None:
        raise Invalid([FieldError(field, "phone_invalid")])
    reached = Contact(Channel.SMS, number.partition(";")[0])
    if not may_text(reached, read.services.settings.sms_countries):
        raise Invalid([FieldError(field, "phone_abroad")])
    return number


def seal(read: ReadSession, leg_id: UUID, number: str) -> bytes:
    """The number as a leg keeps it."""
    return read.services.keyring.seal(number.encode(), _context(leg_id))


def number_of(read: ReadSession, leg: PhoneLeg) -> str | None:
    """The number that a leg rings; None once it was forgotten, or cannot be opened any more."""
    if leg.number is None:
        return None
    try:
        return read.services.keyring.open(leg.number, _context(leg.id)).decode()
    except CannotOpen:
        return None


def _context(leg_id: UUID) -> str:
    return f"phone_leg:{leg_id}:number"


def masked(number: str | None) -> str | None:
    """Enough for its owner to recognise it: `••• 0142`."""
    return None if number is None else Contact(Channel.SMS, number.partition(";")[0]).masked
