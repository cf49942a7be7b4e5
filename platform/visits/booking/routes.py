"""Routes of booked times: what is open, booking, moving, and the clinicians' weekly hours."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from litestar.params import Parameter

from core import audit
from core.actor import Actor
from core.database.session import ReadSession, WriteSession
from core.edge.web import delete, get, post, put
from core.errors import Invalid
from directory.locations import repository as locations
from directory.locations.schemas import location_name
from identity.permissions import Permission
from visits import repository, service, views
from visits.booking import availability, exceptions
from visits.booking import service as booking
from visits.booking.slots import OpenSlot
from visits.schemas import (
    Booking,
    BookVisit,
    ClinicianOut,
    ExceptionOut,
    HoursOut,
    NewException,
    OpenSlotOut,
    SetHours,
    SlotDay,
    SlotsOut,
    VisitOut,
)
from visits.visit_types import repository as visit_types
from visits.visit_types.domain import is_offered_by

MAX_DAYS = 31


@get("/api/slots", permission=Permission.SLOT_READ)
async def list_slots(
    read: ReadSession,
    first_day: date | None = None,
    days: Annotated[int, Parameter(ge=1, le=MAX_DAYS)] = 7,
    time_zone: Annotated[str | None, Parameter(max_length=60)] = None,
    clinician_id: UUID | None = None,
    reason_code: Annotated[str | None, Parameter(max_length=60)] = None,
) -> SlotsOut:
    """Open times by day in the reader's zone, from a day on (today by default).

    With `reason_code` those of clinicians who offer this visit type, each as long as it takes.
    """
    places = await locations.in_use(read)
    clinic_zone = next(iter(places.values())).time_zone
    zone = read_zone(time_zone or clinic_zone)
    window = _window(first_day or read.now().astimezone(zone).date(), days, zone)
    visit_type = await visit_types.by_code(read, reason_code) if reason_code else None
    slots = await booking.open_times(read, places, window, clinician_id, visit_type)
    by_day = groupby(slots, key=lambda slot: slot.starts_at.astimezone(zone).date())
    return SlotsOut(
        time_zone=str(zone),
        clinic_time_zone=clinic_zone,
        locations=[location_name(place) for place in places.values()],
        clinicians=[
            each
            for each in await availability.bookable(read)
            if visit_type is None or is_offered_by(visit_type, each.id)
        ],
        days=[SlotDay(day, [_slot_out(slot) for slot in group]) for day, group in by_day],
    )


@post("/api/bookings", permission=Permission.VISIT_BOOK, idempotent=True)
async def book(write: WriteSession, actor: Actor, data: BookVisit) -> VisitOut:
    """Book a visit at an open time."""
    patient_id = actor.patient_id if actor.is_patient else data.patient_id
    if patient_id is None:
        raise Invalid({"patient_id": "required"})
    visit = await service.request(write, patient_id, data.reason_code, _requested_time(data))
    return await views.visit(write, visit.id)


@put("/api/visits/{visit_id:uuid}/booking", permission=Permission.VISIT_BOOK)
async def reschedule(write: WriteSession, visit_id: UUID, data: Booking) -> VisitOut:
    """Move a booked visit to another open time."""
    await service.reschedule(write, await repository.for_update(write, visit_id), _requested_time(data))
    return await views.visit(write, visit_id)


@get("/api/clinicians", permission=Permission.SLOT_MANAGE)
async def list_clinicians(read: ReadSession) -> list[ClinicianOut]:
    """Everyone whose hours can be set."""
    return await availability.clinicians(read)


@get("/api/clinicians/{clinician_id:uuid}/hours", permission=Permission.SLOT_MANAGE)
async def read_hours(read: ReadSession, clinician_id: UUID) -> HoursOut:
    """A clinician's weekly hours."""
    places = await locations.in_use(read)
    coming = await exceptions.coming(read, clinician_id)
    return await availability.hours_of(read, clinician_id, places, coming)


@put("/api/clinicians/{clinician_id:uuid}/hours", permission=Permission.SLOT_MANAGE)
async def set_hours(write: WriteSession, clinician_id: UUID, data: SetHours) -> HoursOut:
    """Replace a clinician's weekly hours. What is booked already stays booked."""
    places = await locations.in_use(write)
    await availability.set_hours(write, clinician_id, places, data.hours)
    await audit.log(write, "hours.set", entity=("account", clinician_id))
    coming = await exceptions.coming(write, clinician_id)
    return await availability.hours_of(write, clinician_id, places, coming)


@post("/api/clinicians/{clinician_id:uuid}/exceptions", permission=Permission.SLOT_MANAGE, idempotent=True)
async def add_exception(write: WriteSession, clinician_id: UUID, data: NewException) -> list[ExceptionOut]:
    """Be away for a while, or have extra hours. What is booked already stays booked."""
    await exceptions.add(write, clinician_id, data)
    await audit.log(write, "hours.except", entity=("account", clinician_id))
    return await exceptions.coming(write, clinician_id)


@delete(
    "/api/clinicians/{clinician_id:uuid}/exceptions/{exception_id:uuid}",
    permission=Permission.SLOT_MANAGE,
    status_code=200,
)
async def remove_exception(write: WriteSession, clinician_id: UUID, exception_id: UUID) -> list[ExceptionOut]:
    """Have the weekly hours as they are again."""
    await exceptions.remove(write, clinician_id, exception_id)
    await audit.log(write, "hours.except", entity=("account", clinician_id))
    return await exceptions.coming(write, clinician_id)


def read_zone(name: str) -> ZoneInfo:
    """An IANA time zone. Raises Invalid for one that does not exist."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid({"time_zone": "time_zone_unknown"}) from None


def _requested_time(data: Booking) -> booking.RequestedTime:
    zone = read_zone(data.time_zone) if data.time_zone else None
    return booking.RequestedTime(data.clinician_id, booking.read_time(data.starts_at, zone))


def _window(first: date, days: int, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From the first midnight to the one after the last day. Raises Invalid at the ends of the calendar."""
    try:
        ends = (first, first + timedelta(days=days))
        starts_at, ends_at = (datetime.combine(day, time(), zone).astimezone(UTC) for day in ends)
    except OverflowError:
        raise Invalid({"first_day": "date_out_of_range"}) from None
    return starts_at, ends_at


def _slot_out(slot: OpenSlot) -> OpenSlotOut:
    return OpenSlotOut(slot.starts_at, slot.ends_at, slot.clinician_id, slot.location_id)


ROUTES = [
    list_slots,
    book,
    reschedule,
    list_clinicians,
    read_hours,
    set_hours,
    add_exception,
    remove_exception,
]
