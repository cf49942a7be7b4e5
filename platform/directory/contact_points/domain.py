"""Ways to reach a patient: what they sign in by, and what else is known. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from directory.contact_points.models import ContactPoint
from identity.models import Account, Patient
from identity.patients.service import disputed
from identity.person.contacts import Channel, parse_dialed, parse_email

MAX_POINTS = 20
"""So many ways to reach a patient are kept."""


class ContactKind(StrEnum):
    MOBILE = "mobile"
    HOME = "home"
    WORK = "work"
    OTHER = "other"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Value:
    """A telephone in parts, or a mailbox without an extension."""

    value: str
    extension: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to reach a patient. `signs_in`: codes go there, so that it is changed only by proving it. `disputed`:
    somebody else said that it is theirs. Without a `point` nothing is known of it but that."""

    kind: str
    value: str
    extension: str
    point: ContactPoint | None
    signs_in: bool = False
    disputed: bool = False

    @property
    def dialed(self) -> str:
        """As `identity.person.contacts.parse_dialed` has it."""
        return f"{self.value};ext={self.extension}" if self.extension else self.value

    @property
    def id(self) -> UUID | None:
        return self.point.id if self.point else None

    @property
    def may_leave_message(self) -> bool:
        return self.point.may_leave_message if self.point else True

    @property
    def preferred(self) -> bool:
        return bool(self.point and self.point.preferred)


def read_value(kind: ContactKind, text: str) -> Value | None:
    """What was typed, in one form; None where it can be nothing of this kind."""
    if kind is ContactKind.EMAIL:
        address = parse_email(text)
        return Value(address) if address else None
    dialed = parse_dialed(text)
    if dialed is None:
        return None
    number, _, extension = dialed.partition(";ext=")
    return Value(number, extension)


def value_problem(kind: ContactKind, text: str) -> str | None:
    """What is wrong with what was typed."""
    if not text.strip():
        return "required"
    if read_value(kind, text) is not None:
        return None
    return "email_invalid" if kind is ContactKind.EMAIL else "phone_invalid"


def ways(patient: Patient, account: Account | None, points: Iterable[ContactPoint]) -> list[Way]:
    """Every way to reach the patient: the preferred first, then what they sign in by, then the rest in their order."""
    by_value = {(point.value, point.extension): point for point in points}
    found = []
    for channel, kind, value in (
        (Channel.SMS, ContactKind.MOBILE, patient.phone),
        (Channel.EMAIL, ContactKind.EMAIL, patient.email),
    ):
        if value:
            number, _, extension = value.partition(";ext=")
            point = by_value.pop((number, extension), None)
            # Without an account nobody signs in by it; it is how the patient is reached all the same.
            signs_in = account is not None
            doubt = account is not None and disputed(account, channel)
            kept = point.kind if point else kind
            found.append(Way(kept, number, extension, point, signs_in, doubt))
    found += [Way(point.kind, point.value, point.extension, point) for point in by_value.values()]
    return sorted(found, key=lambda way: not way.preferred)
