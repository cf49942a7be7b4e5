"""Tables of the visits slice."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import FetchedValue, ForeignKey, SmallInteger
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database.models import Base, Tenant, text_enum
from visits.domain import AttemptEnd, Priority, VisitKind, VisitStatus, check_move


class Visit(Tenant, Base):
    """The thread from a patient's request to its end. See domain.TRANSITIONS for its life.

    `location_id` is the clinic's location that it belongs to, which the database fills in: that of its booked time, or
    the first one. `location` is where the patient physically is, as last confirmed: {line, city, state, zip, country}.
    With a red flag it is what is known so far, and any of its fields may be blank.
    `adult` is who is with a child, `identity.related.adults.Adult` as JSON.
    `red_flags` is a list of domain.RedFlag as JSON; `intake_summary` is what intake writes for the clinician.
    `queued_at` gives the place in the line; it outlives short absences.
    """

    __tablename__ = "visit"

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    clinician_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    slot_id: Mapped[UUID | None] = mapped_column(ForeignKey("slot.id"))
    location_id: Mapped[UUID | None] = mapped_column(ForeignKey("location.id"), server_default=FetchedValue())
    kind: Mapped[VisitKind] = mapped_column(text_enum(VisitKind))
    reason_code: Mapped[str]
    status: Mapped[VisitStatus] = mapped_column(text_enum(VisitStatus), default=VisitStatus.INTAKE)
    priority: Mapped[int] = mapped_column(SmallInteger, default=Priority.ROUTINE)
    red_flags: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    intake_summary: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    location: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))
    callback_phone: Mapped[str | None]
    adult: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    requested_at: Mapped[datetime]
    intake_done_at: Mapped[datetime | None]
    ready_at: Mapped[datetime | None]
    queued_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    admitted_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    running_late_minutes: Mapped[int | None] = mapped_column(SmallInteger)
    running_late_at: Mapped[datetime | None]

    def check_move(self, to: VisitStatus) -> None:
        """Raise domain.IllegalMove unless the visit may go there now."""
        check_move(self.status, to, flagged=bool(self.red_flags))

    def move(self, to: VisitStatus) -> None:
        """Change the status: the only place that does. Raises domain.IllegalMove."""
        self.check_move(to)
        self.status = to


class VisitStep(Tenant, Base):
    """One knot in the thread of a visit: what happened and when. Written once, never changed.

    `kind` is a `timeline.StepKind`, or a word of another slice ('note.signed').
    """

    __tablename__ = "visit_step"

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"))
    kind: Mapped[str]
    at: Mapped[datetime]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    ref: Mapped[UUID | None]
    """What the step is about, when that is not the visit itself: an attempt, a note, a prescription."""


class CallAttempt(Tenant, Base):
    """One person's try at being in the call of a visit, from the ticket to the end.

    `location` and `callback_phone` are what a patient confirmed for this very join; `session_id` is the sign-in
    in which they did, and with which the attempt ends. `browser` is a class such as 'Chrome 140 on Android'.
    """

    __tablename__ = "call_attempt"

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    session_id: Mapped[UUID | None]
    role: Mapped[str]
    requested_at: Mapped[datetime]
    joined_at: Mapped[datetime | None]
    connected_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end_cause: Mapped[AttemptEnd | None] = mapped_column(text_enum(AttemptEnd))
    browser: Mapped[str | None]
    location: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))
    callback_phone: Mapped[str | None]


class WorkingHours(Tenant, Base):
    """One weekly stretch in which a clinician can be booked at a location, in its time zone.

    `weekday`: Monday is 0. `ends` not after `starts` means past midnight.
    """

    __tablename__ = "working_hours"

    clinician_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    location_id: Mapped[UUID | None] = mapped_column(ForeignKey("location.id"), server_default=FetchedValue())
    weekday: Mapped[int] = mapped_column(SmallInteger)
    starts: Mapped[time]
    ends: Mapped[time]
    slot_minutes: Mapped[int] = mapped_column(SmallInteger)


class AvailabilityException(Tenant, Base):
    """A stretch in which a clinician's weekly hours do not count (`away`), or hours beside them (`extra`).

    `slot_minutes` and `location_id` are set for extra hours only: who is away is so from every location.
    """

    __tablename__ = "availability_exception"

    clinician_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    location_id: Mapped[UUID | None] = mapped_column(ForeignKey("location.id"), server_default=FetchedValue())
    kind: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    slot_minutes: Mapped[int | None] = mapped_column(SmallInteger)


class Slot(Tenant, Base):
    """A stretch of a clinician's time that is taken: [starts_at, ends_at).

    Free time has no row: it is computed from the working hours. The database refuses two rows of one
    clinician that overlap while neither is released, so of any number of people who race for a time one wins.
    The buffers are minutes that the visit type keeps free around it: with them it overlaps nothing either.
    """

    __tablename__ = "slot"

    clinician_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    location_id: Mapped[UUID | None] = mapped_column(ForeignKey("location.id"), server_default=FetchedValue())
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    buffer_before: Mapped[int] = mapped_column(SmallInteger, default=0)
    buffer_after: Mapped[int] = mapped_column(SmallInteger, default=0)
    released_at: Mapped[datetime | None]
