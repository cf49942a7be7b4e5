"""What goes over the wire: requests and answers of telephone calls."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from visits.phone.domain import CallEnd, LegStatus, Modality, Side
from visits.schemas import Body

Number = Annotated[str, Meta(max_length=40)]


class Begin(Body):
    """Numbers as people type them. Without, the patient's on record and the clinician's last one are rung."""

    patient_number: Number | None = None
    own_number: Number | None = None


class Ring(Body):
    """Ring this side again, at `number` or at the same as before."""

    side: Side
    number: Number | None = None


class PhoneLegOut(msgspec.Struct, kw_only=True):
    """One telephone that is or was rung. `number` shows its last digits, never to the other side's patient."""

    side: Side
    status: LegStatus
    number: str | None
    failure: str | None
    joined: bool


class PhoneCallOut(msgspec.Struct, kw_only=True):
    """One telephone call. `legs` has the newest of each side."""

    id: UUID
    started_at: datetime
    connected_at: datetime | None
    ended_at: datetime | None
    end_cause: CallEnd | None
    legs: list[PhoneLegOut]


class PhoneOut(msgspec.Struct, kw_only=True):
    """How a visit goes on by telephone. `asked_at` is set while the patient's wish for it is open."""

    available: bool
    asked_at: datetime | None
    patient_number: str | None
    own_number: str | None
    modality: Modality | None
    calls: list[PhoneCallOut]
