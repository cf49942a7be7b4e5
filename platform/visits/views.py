"""What the screens show: the clinicians' queue, a patient's place in the waiting room, a visit's thread.

Each costs the same number of queries however many people wait.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Row, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from core.database.session import ReadSession
from identity.clinic import clinics
from identity.models import Account, Patient
from identity.readable import of_open_chart
from visits import repository
from visits.access import VISIT
from visits.calls import presence
from visits.domain import CHECK_IN_OPENS, RedFlag, Standing, VisitKind, VisitStatus, standing
from visits.location import licensed
from visits.models import CallAttempt, Slot, Visit, VisitStep
from visits.schemas import (
    EstimateOut,
    Person,
    Phoned,
    QueueEntry,
    QueueOut,
    QueuePatient,
    RunningLateOut,
    StepOut,
    ThreadOut,
    VisitOut,
    WaitingOut,
    visit_out,
)
from visits.timeline import StepKind
from visits.waiting.estimate import Estimate, InLine, estimates, line_up

ANSWERING = timedelta(hours=2)
"""A patient who began intake on demand this recently is taken to be still at it."""

EXPECTED_UNTIL = timedelta(hours=2)
"""A booked patient is looked out for until this long after the slot began, also past midnight."""

MOST = 300

Caller = aliased(Account, name="caller")


async def visit(read: ReadSession, visit_id: UUID) -> VisitOut:
    """One visit, if the actor may see it. Raises NotFound."""
    return visit_out(*await repository.row_of(read, visit_id))


async def visits_of(read: ReadSession, patient_id: UUID, limit: int, before: UUID | None) -> list[VisitOut]:
    """A patient's visits, the latest first: the latest of all, or those before a visit."""
    return [visit_out(*row) for row in await repository.of_patient(read, patient_id, limit, before)]


async def thread(read: ReadSession, visit_id: UUID) -> ThreadOut:
    """Everything that happened in a visit, in order. Raises NotFound, Restricted."""
    await repository.get_visible(read, visit_id)
    shown = await visit(read, visit_id)
    steps = await repository.steps_of(read, visit_id)
    return ThreadOut(shown, [StepOut(step.kind, step.at, name, step.ref) for step, name in steps])


async def waiting(read: ReadSession, visit_id: UUID) -> WaitingOut:
    """A patient's place, and how long it will honestly take. Raises NotFound."""
    found, slot, name, is_open = await repository.row_of(read, visit_id)
    all_places = await places(read)
    # Whoever is admitted while this is being read is in the line no more; their page hears of it at once.
    mine = next((place for place in all_places.line if place.visit_id == visit_id), None)
    guess = mine.estimate if mine else None
    late = found.running_late_minutes, found.running_late_at
    return WaitingOut(
        visit=visit_out(found, slot, name, is_open),
        ahead=mine.ahead if mine else None,
        estimate=EstimateOut(guess.low, guess.likely, guess.high) if guess else None,
        clinicians=all_places.clinicians,
        running_late=RunningLateOut(late[0], late[1]) if late[0] and late[1] else None,
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Where one waiting visit stands. `estimate` is None when nobody can tell."""

    visit_id: UUID
    ahead: int
    estimate: Estimate | None


@dataclass(frozen=True, slots=True)
class Places:
    """The clinic's waiting room, next first, and how many clinicians are at work."""

    line: list[Place]
    clinicians: int


async def places(read: ReadSession) -> Places:
    """Every place in the line, by who is at work and licensed where each patient is."""
    now = read.now()
    in_visits = await repository.clinicians_in_visits(read, now)
    at_work = in_visits.keys() | await _at_the_queue(read, now)
    line = line_up(await repository.line(read), now)
    if not line:
        return Places([], len(at_work))
    licences = await repository.licences_of_all(read, at_work)
    able = [_able(entry, at_work, licences) for entry in line]
    guesses = estimates(
        able,
        await repository.last_durations(read),
        {clinician: now - since for clinician, since in in_visits.items()},
        _unanswered(line, able, await repository.last_admission(read), now),
    )
    return Places(
        [
            Place(entry.visit_id, ahead, guess)
            for ahead, (entry, guess) in enumerate(zip(line, guesses, strict=True))
        ],
        len(at_work),
    )


def _unanswered(
    line: Sequence[InLine], able: Sequence[frozenset[UUID]], last_admission: datetime | None, now: datetime
) -> list[timedelta]:
    """For each in the line, how long the first one whom the same clinicians may see has been waiting to be taken."""
    first: dict[frozenset[UUID], InLine] = {}
    for mine in able:
        if mine not in first:
            first[mine] = next((e for e, each in zip(line, able, strict=True) if each & mine), line[0])
    queued = [first[mine].queued_at for mine in able]
    return [now - max(at, last_admission or at) for at in queued]


def _able(
    entry: InLine, at_work: Collection[UUID], licences: Mapping[UUID, Collection[str]]
) -> frozenset[UUID]:
    """Those at work who may see this patient where they are; where that is not known, all."""
    may = (each for each in at_work if licensed(licences.get(each, ()), entry.location) is not False)
    return frozenset(may)


async def _at_the_queue(read: ReadSession, now: datetime) -> frozenset[UUID]:
    """The clinicians who would admit somebody: those with the queue open. Whoever closed it has gone."""
    there = await presence.present(read.services, read.clinic_id)
    return there.clinicians if there.known else await repository.clinicians_just_done(read, now)


async def queue(read: ReadSession) -> QueueOut:
    """Everyone who waits, is being seen, is on the way or is booked for today, in the order of danger."""
    now = read.now()
    zone = ZoneInfo((await clinics.current(read)).time_zone)
    rows = (await read.execute(_queue(read, now, booked_today(now, zone)))).all()
    in_line = [
        InLine(row.Visit.id, row.Visit.priority, row.Visit.queued_at, row.starts_at)
        for row in rows
        if row.Visit.status is VisitStatus.WAITING
    ]
    place = {entry.visit_id: number for number, entry in enumerate(line_up(in_line, now))}
    licences = await repository.licences_of(read, read.actor.own_account)
    there = await presence.present(read.services, read.clinic_id)
    ordered = sorted(rows, key=lambda row: _by_danger(row, place))
    return QueueOut([_entry(row, licences, there) for row in ordered], now)


def booked_today(now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Between which instants a booked time is in the queue: the clinic's day, and what is near its midnights."""
    today = now.astimezone(zone).date()
    first, last = (datetime.combine(day, time(), zone) for day in (today, today + timedelta(days=1)))
    return min(first, now - EXPECTED_UNTIL), max(last, now + CHECK_IN_OPENS)


def _by_danger(row: Row[Any], place: Mapping[UUID, int]) -> tuple[int, Standing, int, datetime, UUID]:
    """Priority before all; among equals see domain.Standing, the line, and the time."""
    found: Visit = row.Visit
    since = found.admitted_at or found.left_at or row.starts_at or found.requested_at
    return -found.priority, standing(found.status, found.kind), place.get(found.id, 0), since, found.id


def _queue(read: ReadSession, now: datetime, booked: tuple[datetime, datetime]) -> Select[*tuple[Any, ...]]:
    in_call = (
        select(func.array_agg(CallAttempt.role))
        .where(
            CallAttempt.visit_id == Visit.id,
            CallAttempt.joined_at.is_not(None),
            CallAttempt.ended_at.is_(None),
        )
        .correlate(Visit)
        .scalar_subquery()
    )
    phoned = (
        select(func.jsonb_build_object("by", Caller.name, "at", VisitStep.at))
        .select_from(VisitStep)
        .join(Caller, Caller.id == VisitStep.account_id)
        .where(VisitStep.visit_id == Visit.id, VisitStep.kind == StepKind.PHONED)
        .order_by(VisitStep.at.desc())
        .limit(1)
        .correlate(Visit)
        .scalar_subquery()
    )
    answering = and_(Visit.kind == VisitKind.ON_DEMAND, Visit.requested_at > now - ANSWERING)
    expected = and_(Slot.starts_at >= booked[0], Slot.starts_at < booked[1])
    here = Visit.status.in_((VisitStatus.WAITING, VisitStatus.ADMITTED, VisitStatus.LEFT))
    on_the_way = and_(Visit.status == VisitStatus.INTAKE, or_(answering, expected, Visit.priority > 0))
    return (
        select(
            Visit,
            Slot.starts_at,
            Patient,
            Account.name,
            in_call.label("in_call"),
            phoned.label("phoned"),
            of_open_chart(VISIT.patient, read.subject).label("is_open"),
        )
        .join(Patient, Patient.id == Visit.patient_id)
        .outerjoin(Slot, Slot.id == Visit.slot_id)
        .outerjoin(Account, Account.id == Visit.clinician_id)
        .where(Visit.clinic_id == read.clinic_id, or_(here, on_the_way))
        # Should there ever be more, what has time is left out, and nobody who waits.
        .order_by(
            Visit.priority.desc(), Visit.status == VisitStatus.INTAKE, Slot.starts_at, Visit.requested_at
        )
        .limit(MOST)
    )


def _entry(row: Row[Any], licences: list[str], there: presence.Present) -> QueueEntry:
    found: Visit = row.Visit
    patient: Patient = row.Patient
    is_open: bool = row.is_open
    reachable = is_open or found.priority > 0
    return QueueEntry(
        visit_id=found.id,
        restricted=not is_open,
        patient=QueuePatient(
            patient.id,
            patient.full_name,
            patient.birth_date,
            patient.sex if is_open else "unknown",
            patient.language,
            patient.mrn,
            patient.phone if reachable else None,
        ),
        reason_code=found.reason_code if is_open else "",
        kind=found.kind,
        status=found.status,
        priority=found.priority,
        red_flags=msgspec.convert(found.red_flags, list[RedFlag]) if is_open else [],
        requested_at=found.requested_at,
        ready_at=found.ready_at,
        left_at=found.left_at,
        admitted_at=found.admitted_at,
        slot_starts_at=row.starts_at,
        location=found.location if reachable else None,
        callback_phone=found.callback_phone if reachable else None,
        licensed=licensed(licences, found.location),
        connected=there.has_visit(found.id),
        in_call=sorted(row.in_call or []),
        clinician=Person(found.clinician_id, row.name) if found.clinician_id else None,
        running_late_minutes=found.running_late_minutes,
        phoned=msgspec.convert(row.phoned, Phoned) if row.phoned else None,
    )
