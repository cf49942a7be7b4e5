"""What the routes of restricted charts take and give. Times are instants."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec

from identity.privacy.domain import Sensitive, Why
from identity.reasons import Reason


class RestrictChart(msgspec.Struct, forbid_unknown_fields=True):
    """`named`: to whom of the staff the chart stays open."""

    why: Why
    reason: Reason
    ends_at: datetime
    named: Annotated[list[UUID], msgspec.Meta(max_length=50)]


class LiftRestriction(msgspec.Struct, forbid_unknown_fields=True):
    reason: Reason


class OpenChart(msgspec.Struct, forbid_unknown_fields=True):
    reason: Reason


class ReviewOpening(msgspec.Struct, forbid_unknown_fields=True):
    """`review`: what came of it, if there is anything to say."""

    review: Reason = ""


class Colleague(msgspec.Struct):
    id: UUID
    name: str


class RestrictionOut(msgspec.Struct):
    """A mark as those see it who may lift it."""

    id: UUID
    patient_id: UUID
    patient_name: str
    why: Why
    reason: str
    made_at: datetime
    made_by: str
    ends_at: datetime
    named: list[Colleague]


class ChartAccess(msgspec.Struct):
    """Whether a chart is restricted, and how it is with the reader: `open`, and since an opening `until` when.

    `restriction` is told to whom the chart is open and who may lift it.
    """

    restricted: bool
    open: bool
    until: datetime | None
    restriction: RestrictionOut | None


class OpenedOut(msgspec.Struct):
    until: datetime


class OpeningOut(msgspec.Struct):
    """A chart that somebody opened with a reason. `why` is that of the mark; None where the chart had none. `sensitive`
    is of what kind the notes are that the opening opened with it."""

    id: UUID
    patient_id: UUID
    patient_name: str
    patient_birth_date: date
    patient_mrn: str
    why: Why | None
    sensitive: list[Sensitive]
    by: str
    roles: list[str]
    reason: str
    at: datetime
    until: datetime
    reviewed_at: datetime | None
    reviewed_by: str | None
    review: str | None


class OpeningPage(msgspec.Struct):
    """Openings, those that nobody has reviewed first and of each the latest; `waiting` is how many wait in all."""

    openings: list[OpeningOut]
    waiting: int
    next: str | None
