"""What the screens show: the clinicians' queue, a patient's place in the waiting room, a visit's thread.

Each costs the same number of queries however many people wait.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from core.database.session import ReadSession
from visits import repository
from visits.check import repository as checks
from visits.location import licensed
from visits.schemas import (
    CheckOut,
    EstimateOut,
    RunningLateOut,
    StepOut,
    ThreadOut,
    VisitOut,
    WaitingOut,
    visit_out,
)
from visits.waiting import presence
from visits.waiting.estimate import Estimate, InLine, estimates, line_up


async def visit(read: ReadSession, visit_id: UUID) -> VisitOut:
    """One visit, if the actor may see it. Raises NotFound."""
    return visit_out(read.actor, *await repository.row_of(read, visit_id))


async def visits_of(read: ReadSession, patient_id: UUID, limit: int, before: UUID | None) -> list[VisitOut]:
    """A patient's visits, the latest first: the latest of all, or those before a visit."""
    rows = await repository.of_patient(read, patient_id, limit, before)
    return [
        visit_out(read.actor, row, row if row.starts_at else None, row.Location, row.clinician, row.is_open)
        for row in rows
    ]


async def thread(read: ReadSession, visit_id: UUID) -> ThreadOut:
    """Everything that happened in a visit, in order. Raises NotFound, Restricted."""
    await repository.get_visible(read, visit_id)
    shown = await visit(read, visit_id)
    steps = await repository.steps_of(read, visit_id)
    return ThreadOut(shown, [StepOut(step.kind, step.at, name, step.ref) for step, name in steps])


async def waiting(read: ReadSession, visit_id: UUID) -> WaitingOut:
    """A patient's place, and how long it will honestly take. Raises NotFound."""
    found, slot, at, name, is_open = await repository.row_of(read, visit_id)
    all_places = await places(read)
    # Whoever is admitted while this is being read is in the line no more; their page hears of it at once.
    mine = next((place for place in all_places.line if place.visit_id == visit_id), None)
    guess = mine.estimate if mine else None
    late = found.running_late_minutes, found.running_late_at
    last = await checks.latest(read, visit_id)
    return WaitingOut(
        visit=visit_out(read.actor, found, slot, at, name, is_open),
        ahead=mine.ahead if mine else None,
        estimate=EstimateOut(guess.low, guess.likely, guess.high) if guess else None,
        clinicians=all_places.clinicians,
        running_late=RunningLateOut(late[0], late[1]) if late[0] and late[1] else None,
        check=CheckOut(last.verdict, last.troubles, last.at) if last else None,
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
