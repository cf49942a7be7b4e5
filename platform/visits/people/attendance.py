"""Who was in a visit's call beside patient and clinician, in the words of the note: English, as the chart is."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from core.database.session import ReadSession
from identity.clinic import clinics
from identity.related.adults import plain_name
from visits.people import repository
from visits.people.domain import GuestKind

LINE = "Also present: "

_WORDS: Mapping[GuestKind, str] = {
    GuestKind.INTERPRETER: "interpreter",
    GuestKind.FAMILY: "family",
    GuestKind.CARER: "carer",
    GuestKind.NURSE: "nurse",
    GuestKind.CLINICIAN: "clinician",
    GuestKind.OTHER: "guest",
}


class Attendance(msgspec.Struct, frozen=True):
    """One person, from when they first came into the call to when they last left it; `until` None while they are in."""

    name: str
    kind: GuestKind
    since: datetime
    until: datetime | None


async def attended(read: ReadSession, visit_id: UUID) -> list[Attendance]:
    """The guests who were in the visit's call, in the order in which they came."""
    whole: dict[UUID, tuple[datetime, datetime | None]] = {}
    for account_id, joined_at, ended_at in await repository.presence(read, visit_id):
        if joined_at is not None:
            whole[account_id] = (whole.get(account_id, (joined_at, None))[0], ended_at)
    guests = {guest.account_id: guest for guest, _ in await repository.of_visit(read, visit_id)}
    return [
        Attendance(guest.name or "", guest.kind, since, until)
        for account_id, (since, until) in whole.items()
        if (guest := guests.get(account_id)) is not None
    ]


async def in_words(read: ReadSession, visit_id: UUID) -> str | None:
    """The line of the note, on the clinic's clock; None where nobody else was there."""
    found = await attended(read, visit_id)
    if not found:
        return None
    clinic = await clinics.current(read)
    return line_of(found, ZoneInfo(clinic.time_zone))


def line_of(found: list[Attendance], zone: ZoneInfo) -> str:
    """'Also present: Ines Ortiz (interpreter), 9:02 AM to 9:20 AM EST.' Its brackets are ours: no name has any."""
    return f"{LINE}{'; '.join(_one(each, zone) for each in found)}."


def _one(each: Attendance, zone: ZoneInfo) -> str:
    since = _clock(each.since, zone)
    when = f"from {since}" if each.until is None else f"{since} to {_clock(each.until, zone)}"
    return f"{plain_name(each.name)} ({_WORDS[each.kind]}), {when} {each.since.astimezone(zone):%Z}"


def _clock(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%I:%M %p}".lstrip("0")
