"""The life of a prescription, what has to be known before one may be signed, and the bytes that are signed. Pure."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

import msgspec

from chart.prescribing.medicines.sig import Sig

FORMAT = "carethread.prescription/1"
MAX_QUANTITY = 9999
MAX_REFILLS = 11
MAX_NOTE = 120
MAX_REASON = 200
NUMBERS = frozenset({"sig.dose", "sig.days", "quantity", "days_supply", "refills"})
"""The fields of a draft in which a number is typed, by path."""

LEASE = timedelta(seconds=30)
"""How long a worker has for one try. A killed worker's prescription is taken up again after that."""
TAKEN_WITHIN = timedelta(minutes=30)
"""Signed so long ago and still with us: no worker sends, or none notices that it cannot."""
CONFIRMED_WITHIN = timedelta(hours=24)
"""The pharmacy's side took it (SCRIPT Status 010) so long ago, and the pharmacy has not confirmed it (Verify)."""


class RxStatus(StrEnum):
    DRAFT = "draft"
    SIGNED = "signed"
    """Signed and waiting for a worker."""
    SENDING = "sending"
    """A worker has taken it; whether the pharmacy has it is not known."""
    SENT = "sent"
    """The pharmacy's side has taken the message."""
    ACCEPTED = "accepted"
    """The pharmacy itself has confirmed it."""
    ERROR = "error"
    """Refused, or the pharmacy could not be reached: a person has to act."""
    CANCELLED = "cancelled"


TRANSITIONS: Mapping[RxStatus, frozenset[RxStatus]] = MappingProxyType(
    {
        RxStatus.DRAFT: frozenset({RxStatus.SIGNED, RxStatus.CANCELLED}),
        RxStatus.SIGNED: frozenset({RxStatus.SENDING, RxStatus.CANCELLED}),
        RxStatus.SENDING: frozenset({RxStatus.SENT, RxStatus.ACCEPTED, RxStatus.ERROR}),
        RxStatus.SENT: frozenset({RxStatus.ACCEPTED, RxStatus.ERROR}),
        RxStatus.ACCEPTED: frozenset(),
        # Sent again by hand; or confirmed after we had given up.
        RxStatus.ERROR: frozenset({RxStatus.SENDING, RxStatus.ACCEPTED}),
        RxStatus.CANCELLED: frozenset(),
    }
)


class IllegalMove(Exception):
    """The prescription is not in a state from which this move is allowed."""


def check_move(current: RxStatus, wanted: RxStatus) -> None:
    """Raise IllegalMove unless TRANSITIONS allows it."""
    if wanted not in TRANSITIONS[current]:
        raise IllegalMove(f"{current} -> {wanted}")


class Failure(StrEnum):
    """Why a prescription is in ERROR."""

    REJECTED = "rejected"
    UNREACHABLE = "unreachable"


def back_off(tries: int) -> timedelta:
    """How long to wait after so many tries: 2, 4, 8... seconds, at most five minutes."""
    return timedelta(seconds=min(2**tries, 300))


GENDERS: Mapping[str, str] = MappingProxyType(
    {"male": "M", "female": "F", "specified": "U", "declined": "U", "unknown": "U"}
)
"""Sex for clinical use as SCRIPT's Gender, which has no other word than U, "unknown", for what is not M or F."""


class SignedName(msgspec.Struct, frozen=True, kw_only=True):
    """The legal name; '' means 'none'. Documents of before have no more than `given` and `family`."""

    given: str
    family: str
    second: str = ""
    prefix: str = ""
    suffix: str = ""


class SignedPatient(SignedName, frozen=True, kw_only=True):
    """``address`` by FHIR's names; ``phone`` ten digits, ``extension`` at most eight; ``gender`` as SCRIPT has it."""

    id: UUID
    gender: str
    birth_date: date
    phone: str
    language: str
    address: dict[str, str]
    extension: str = ""


class SignedPrescriber(SignedName, frozen=True, kw_only=True):
    account_id: UUID
    npi: str
    phone: str
    address: dict[str, str]
    extension: str = ""


class SignedPharmacy(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    ncpdp_id: str
    npi: str
    name: str
    phone: str
    address: dict[str, str]
    extension: str = ""


class SignedDrug(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    title: str
    strength: str
    rxcui: str | None
    ndc: str | None


class SignedAcknowledgement(msgspec.Struct, frozen=True, kw_only=True):
    """Who read the entries of the chart that the safety check did not understand, when, and what they said.

    ``entries`` are chart_check.Unread; ``sha256`` is their fingerprint.
    """

    sha256: str
    by: UUID
    at: datetime
    entries: list[dict[str, Any]]


class SignedPrescription(msgspec.Struct, frozen=True, kw_only=True):
    """All that a signature covers; a NewRx is made from it, without ``acknowledged``."""

    format: str
    clinic_id: UUID
    clinic_slug: str
    prescription_id: UUID
    visit_id: UUID
    version: int
    written: date
    patient: SignedPatient
    prescriber: SignedPrescriber
    pharmacy: SignedPharmacy
    drug: SignedDrug
    sig: Sig
    sig_en: str
    sig_es: str
    quantity: str
    unit: str
    unit_code: str
    days_supply: int | None
    refills: int
    substitutions_allowed: bool
    note: str
    diagnosis: str | None
    acknowledged: SignedAcknowledgement | None = None
