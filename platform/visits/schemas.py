"""What goes over the wire: requests and answers of the visits slice. Times are RFC 3339 instants."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta
from sqlalchemy import Row

from core.actor import Actor
from directory.locations.models import Location as LocationRow
from directory.locations.schemas import LocationName
from identity.permissions import Permission
from identity.related.adults import Adult
from identity.related.domain import Relationship
from visits.calls.help_numbers import emergency_abroad
from visits.calls.service import IceServer
from visits.check.domain import Verdict
from visits.domain import CHECK_IN_OPENS, QUIET_FLAGS, RedFlag, VisitKind, VisitStatus
from visits.location import Location
from visits.models import Slot, Visit
from visits.waiting.patience import Presence, Reason

Code = Annotated[str, Meta(min_length=1, max_length=60)]
Text = Annotated[str, Meta(max_length=500)]
When = Annotated[str, Meta(max_length=60)]
ClockTime = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class Body(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What a client sends: a field that is not named here is refused, never ignored."""


class RequestVisit(Body):
    reason_code: Code


class Booking(Body, kw_only=True):
    """`starts_at` is RFC 3339 with an offset, or a local time in `time_zone` (an IANA name)."""

    clinician_id: UUID
    starts_at: When
    time_zone: When | None = None


class BookVisit(Booking, kw_only=True):
    """`patient_id` is named by the clinic's staff only; a patient books for themselves."""

    reason_code: Code
    patient_id: UUID | None = None


class AtPage(Body):
    """One open page: a name that it makes up for itself and keeps while it is open; `asleep` while it is hidden."""

    page: Annotated[str, Meta(pattern="^[A-Za-z0-9-]{1,40}$")]
    asleep: bool = False


class Cancel(Body):
    reason: Text | None = None


class Admit(Body):
    """`licence_reason`: why the clinician sees a patient who is where they hold no licence."""

    licence_reason: Text | None = None


class RunningLate(Body):
    minutes: Annotated[int, Meta(ge=1, le=240)]


class Join(Body):
    """A patient says where they are and how to call back, at every join; a clinician says nothing."""

    location: Location | None = None
    callback_phone: Annotated[str, Meta(max_length=40)] | None = None


class Person(msgspec.Struct):
    id: UUID
    name: str


class AdultOut(msgspec.Struct):
    """Who is with a child. `verified`: the clinic knows them beside the child. Its staff alone are told the number."""

    name: str
    relationship: Relationship
    phone: str | None
    verified: bool


class SlotOut(msgspec.Struct):
    starts_at: datetime
    ends_at: datetime


class VisitLocation(msgspec.Struct):
    """The clinic's location that a visit belongs to; null is as the clinic has it."""

    id: UUID
    name: str | None
    phone: str | None
    time_zone: str | None


class VisitOut(msgspec.Struct, kw_only=True):
    """One visit. `check_in_opens_at` is when a booked patient may sit down in the waiting room.

    `clinic_location` is null where the visit's location has neither a name nor a phone nor a zone of its own.
    `emergency_number` is that of the country where the patient is, or of the location; null where the clinic's counts.
    `restricted`: the chart is closed to the reader, and of the visit only when, how urgent and by whom is told.
    """

    id: UUID
    patient_id: UUID
    restricted: bool
    kind: VisitKind
    status: VisitStatus
    reason_code: str
    priority: int
    red_flags: list[RedFlag]
    requested_at: datetime
    intake_done_at: datetime | None
    ready_at: datetime | None
    admitted_at: datetime | None
    finished_at: datetime | None
    slot: SlotOut | None
    check_in_opens_at: datetime | None
    clinician: Person | None
    clinic_location: VisitLocation | None
    location: dict[str, str] | None
    callback_phone: str | None
    emergency_number: str | None
    adult: AdultOut | None


def visit_out(
    actor: Actor,
    visit: Visit | Row[Any],
    slot: Slot | Row[Any] | None,
    at: LocationRow | None,
    clinician: str | None,
    is_open: bool,
) -> VisitOut:
    """A visit with its booked time, its location and the name of its clinician; of a
    closed chart not what it is about. Whoever only books for the patient sees neither flags nor whereabouts."""
    told = is_open and (not actor.is_proxy or actor.keeps is None or Permission.INTAKE_WRITE in actor.keeps)
    return VisitOut(
        id=visit.id,
        patient_id=visit.patient_id,
        restricted=not is_open,
        kind=visit.kind,
        status=visit.status,
        reason_code=visit.reason_code if is_open else "",
        priority=visit.priority,
        red_flags=_flags_for(actor, visit.red_flags) if told else [],
        requested_at=visit.requested_at,
        intake_done_at=visit.intake_done_at,
        ready_at=visit.ready_at,
        admitted_at=visit.admitted_at,
        finished_at=visit.finished_at,
        slot=SlotOut(slot.starts_at, slot.ends_at) if slot else None,
        check_in_opens_at=slot.starts_at - CHECK_IN_OPENS if slot else None,
        clinician=Person(visit.clinician_id, clinician) if visit.clinician_id and clinician else None,
        clinic_location=_own_location(at),
        location=visit.location if told else None,
        callback_phone=visit.callback_phone if told else None,
        emergency_number=(emergency_abroad(visit.location) or _number(at)) if told else None,
        adult=adult_for(actor, visit.adult) if told else None,
    )


def adult_for(actor: Actor, stored: dict[str, Any] | None) -> AdultOut | None:
    """Parents who live apart do not learn each other's number here."""
    if stored is None:
        return None
    adult = msgspec.convert(stored, Adult)
    phone = None if actor.is_patient else adult.phone
    return AdultOut(adult.name, adult.relationship, phone, verified=adult.relation_id is not None)


def _number(at: LocationRow | None) -> str | None:
    return at.emergency_number if at else None


def _own_location(at: LocationRow | None) -> VisitLocation | None:
    has_its_own = at and (at.name or at.phone or at.time_zone)
    return VisitLocation(at.id, at.name, at.phone, at.time_zone) if at and has_its_own else None


def _flags_for(actor: Actor, flags: Any) -> list[RedFlag]:
    """Flags of violence are not shown to who acts for the patient: it may be they whom the patient fears."""
    found = msgspec.convert(flags, list[RedFlag])
    return [each for each in found if not (actor.is_proxy and each.code in QUIET_FLAGS)]


class EstimateOut(msgspec.Struct):
    """Whole minutes: probably `likely`, between `low` and `high`."""

    low: int
    likely: int
    high: int


class RunningLateOut(msgspec.Struct):
    minutes: int
    said_at: datetime


class CheckOut(msgspec.Struct):
    """The last check of devices and network: what to expect of the call, and what was not as it should be, as
    `camera_denied` or `loss` (`visits.check.domain.troubles`)."""

    verdict: Verdict
    troubles: list[str]
    at: datetime


class WaitingOut(msgspec.Struct, kw_only=True):
    """A place in the line. `ahead` is None outside of the line; `estimate` is None when nobody can tell yet."""

    visit: VisitOut
    ahead: int | None
    estimate: EstimateOut | None
    clinicians: int
    running_late: RunningLateOut | None
    check: CheckOut | None


class StepOut(msgspec.Struct):
    """A knot of the thread: `kind` is an event's name, `by` who did it, if a person did."""

    kind: str
    at: datetime
    by: str | None
    ref: UUID | None


class ThreadOut(msgspec.Struct):
    visit: VisitOut
    steps: list[StepOut]


class JoinOut(msgspec.Struct):
    """What the browser needs to be in the call: the ticket is good for one use within a minute."""

    attempt_id: UUID
    ticket: str
    signaling_url: str
    ice_servers: list[IceServer]


class QueuePatient(msgspec.Struct):
    id: UUID
    name: str
    birth_date: date
    clinical_sex: str
    language: str
    mrn: str
    phone: str | None


class Phoned(msgspec.Struct):
    """The latest phone call to the patient from the queue."""

    by: str
    at: datetime


class QueueEntry(msgspec.Struct, kw_only=True):
    """Someone who waits, is being seen, is still answering, or is booked for today.

    `licensed`: whether the reader may see this patient where they are now (None: not known where).
    `presence`: whether the patient is at the page (None: cannot tell). `in_call`: the roles now in the call.
    `doubts`: why somebody who waits may be about to give up.
    `location` and `callback_phone`: what is known so far; with a red flag also before the intake is sent.
    `no_message`: the patient asked that nobody leave a message at the call-back number.
    `restricted`: the chart is closed to the reader, who is told how urgent it is and not why. Whoever admits the
    patient has it open. With a red flag they are still told where the patient is and how to call: a life comes first.
    """

    visit_id: UUID
    restricted: bool
    patient: QueuePatient
    reason_code: str
    kind: VisitKind
    status: VisitStatus
    priority: int
    red_flags: list[RedFlag]
    requested_at: datetime
    ready_at: datetime | None
    left_at: datetime | None
    admitted_at: datetime | None
    slot_starts_at: datetime | None
    location: dict[str, str] | None
    callback_phone: str | None
    no_message: bool
    licensed: bool | None
    presence: Presence | None
    doubts: list[Reason]
    in_call: list[str]
    clinician: Person | None
    running_late_minutes: int | None
    phoned: Phoned | None
    check: CheckOut | None
    adult: AdultOut | None


class QueueOut(msgspec.Struct):
    """One list by danger: `priority` first, then who waits (in the order of the line), has stepped out, still answers,
    is in a visit, and last the times booked for today.
    """

    entries: list[QueueEntry]
    now: datetime


class OpenSlotOut(msgspec.Struct):
    starts_at: datetime
    ends_at: datetime
    clinician_id: UUID
    location_id: UUID


class SlotDay(msgspec.Struct):
    """A day in the reader's zone."""

    date: date
    slots: list[OpenSlotOut]


class ClinicianOut(msgspec.Struct):
    id: UUID
    name: str
    title: str | None


class SlotsOut(msgspec.Struct, kw_only=True):
    """Open times by day in `time_zone`; the zone of the clinic's first location is shown beside it."""

    time_zone: str
    clinic_time_zone: str
    locations: list[LocationName]
    clinicians: list[ClinicianOut]
    days: list[SlotDay]


class HoursIn(Body):
    """A weekly stretch at a location (the clinic's first where none is named) in its zone, as HH:MM; Monday is 0.

    Past midnight if `ends` is not after `starts`.
    """

    weekday: Annotated[int, Meta(ge=0, le=6)]
    starts: ClockTime
    ends: ClockTime
    slot_minutes: Annotated[int, Meta(ge=5, le=120)]
    location_id: UUID | None = None


class SetHours(Body):
    hours: Annotated[list[HoursIn], Meta(max_length=50)]


class NewException(Body, kw_only=True):
    """From a local time on the first day to one on the last, in the zone of a location (the clinic's first, unless one
    is named). An end of 00:00 is midnight after.

    `away`: the clinician cannot be booked. `extra`: they can, beside the weekly hours, in slots of `slot_minutes`.
    """

    kind: Literal["away", "extra"]
    first_day: date
    starts: ClockTime = "00:00"
    last_day: date
    ends: ClockTime = "00:00"
    slot_minutes: Annotated[int, Meta(ge=5, le=120)] | None = None
    location_id: UUID | None = None


class ExceptionOut(msgspec.Struct):
    id: UUID
    kind: str
    starts_at: datetime
    ends_at: datetime
    slot_minutes: int | None
    location_id: UUID | None


class HoursOut(msgspec.Struct):
    """A clinician's hours at the `locations` that are in use; `time_zone` is the clinic's."""

    time_zone: str
    locations: list[LocationName]
    clinician: Person
    hours: list[HoursIn]
    exceptions: list[ExceptionOut]
