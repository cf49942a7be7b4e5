"""Loading visits with what screens show of them, and locking the one to act on.

Fetching is authorizing: what a person may not see does not exist for them.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Integer,
    Row,
    ScalarSelect,
    Select,
    Uuid,
    bindparam,
    column,
    func,
    or_,
    select,
    table,
    tuple_,
)
from sqlalchemy.orm import aliased

from core.database.session import ReadSession, WriteSession
from core.errors import NotFound
from core.subject import Subject
from directory.locations.models import Location
from identity.models import Account, Staff
from identity.readable import fetch, fetch_known_locked, is_open_row, known
from visits.access import VISIT
from visits.domain import OPEN_STATUSES, QUIET_FLAGS, QUIET_FOR, VisitKind, VisitStatus
from visits.models import CallAttempt, Slot, Visit, VisitStep
from visits.timeline import StepKind
from visits.waiting.estimate import SAMPLE, InLine

STILL_AT_WORK = timedelta(minutes=30)
"""A clinician who ended a visit this recently is taken to be at work, when nobody can tell who has the queue open."""

NOT_FORGOTTEN = timedelta(hours=3)
"""A visit admitted longer ago is not what keeps its clinician busy."""


async def get_visible(session: ReadSession, visit_id: UUID) -> Visit:
    """The visit, if the actor may read it. Raises NotFound, Restricted."""
    return await fetch(session, VISIT, visit_id)


# Messaging stands above visits and keeps there who told of violence beside a message.
_URGENT_ANSWER = table("urgent_answer", column("patient_id"), column("rule"), column("yes_at"))


async def is_quiet(session: ReadSession, patient_id: UUID) -> bool:
    """Whether a patient may live with whoever hurts them, so that no notice is sent and no telephone says who calls:
    they told of it of late in an intake or beside a message. See `domain.QUIET_FLAGS`."""
    since = session.now() - QUIET_FOR
    flagged = or_(*(Visit.red_flags.contains([{"code": code}]) for code in sorted(QUIET_FLAGS)))
    visits = select(Visit.id).where(Visit.patient_id == patient_id, Visit.created_at > since, flagged)
    told = select(_URGENT_ANSWER.c.patient_id).where(
        _URGENT_ANSWER.c.patient_id == patient_id,
        _URGENT_ANSWER.c.rule.in_(sorted(QUIET_FLAGS)),
        _URGENT_ANSWER.c.yes_at > since,
    )
    return bool(await session.scalar(select(or_(visits.exists(), told.exists()))))


async def for_update(write: WriteSession, visit_id: UUID) -> Visit:
    """The visit to act on, locked: whoever changes a visit comes one after the other. Raises NotFound.

    A restricted chart keeps nobody from admitting, putting back or calling off: what they are shown of it is another
    question (`views.visit`).
    """
    return await fetch_known_locked(write, VISIT, visit_id)


VisitRow = tuple[Visit, Slot | None, Location | None, str | None, bool]
"""A visit, its booked time, its location, the name of its clinician, and whether the reader may read what it holds."""


# What `schemas.VisitOut` shows of a visit, of its booked time and of its clinician.
_SHOWN = (
    Visit.id,
    Visit.patient_id,
    Visit.clinician_id,
    Visit.kind,
    Visit.status,
    Visit.reason_code,
    Visit.priority,
    Visit.red_flags,
    Visit.requested_at,
    Visit.intake_done_at,
    Visit.ready_at,
    Visit.admitted_at,
    Visit.finished_at,
    Visit.location,
    Visit.callback_phone,
    Visit.adult,
    Slot.starts_at,
    Slot.ends_at,
    Location,
    Account.name.label("clinician"),
)


async def of_patient(
    read: ReadSession, patient_id: UUID, limit: int, before: UUID | None = None
) -> list[Row[Any]]:
    """A patient's visits, the latest request first; with `before`, those that were asked for before that visit."""
    statement = _of_patient(read.subject, later=before is not None)
    values = {"patient": patient_id, "most": limit} | ({"before": before} if before is not None else {})
    return list((await read.execute(statement, values)).all())


_FOR_STAFF: dict[bool, Select[*tuple[Any, ...]]] = {}


def _of_patient(subject: Subject, *, later: bool) -> Select[*tuple[Any, ...]]:
    """The statement, built once for all of the staff, whose policy is the same: building it takes as long as
    PostgreSQL takes to answer."""
    if subject.actor.is_patient or subject.is_system or subject != Subject(subject.actor):
        return _built(subject, later)
    if later not in _FOR_STAFF:
        _FOR_STAFF[later] = _built(subject, later)
    return _FOR_STAFF[later]


def _built(subject: Subject, later: bool) -> Select[*tuple[Any, ...]]:
    return (
        select(*_SHOWN, is_open_row(VISIT, subject).label("is_open"))
        .outerjoin(Slot, Slot.id == Visit.slot_id)
        .outerjoin(Location, Location.id == Visit.location_id)
        .outerjoin(Account, Account.id == Visit.clinician_id)
        .where(Visit.id.in_(_page(later)))
        .order_by(Visit.requested_at.desc(), Visit.id.desc())
    )


def _page(later: bool) -> Select[UUID]:
    """The page's visits by their ids alone: what is asked of each of them must not be asked of all 500."""
    patient = bindparam("patient", type_=Uuid)
    listed, last = aliased(Visit), aliased(Visit)
    page = select(listed.id).where(listed.patient_id == patient)
    if later:
        where = (last.id == bindparam("before", type_=Uuid)) & (last.patient_id == patient)
        place = select(last.requested_at, last.id).where(where).scalar_subquery()
        page = page.where(tuple_(listed.requested_at, listed.id) < place)
    newest_first = page.order_by(listed.requested_at.desc(), listed.id.desc())
    return newest_first.limit(bindparam("most", type_=Integer))


async def row_of(read: ReadSession, visit_id: UUID) -> VisitRow:
    """One visit as the actor may see it. Raises NotFound."""
    row = (
        await read.execute(_rows(read).where(Visit.id == visit_id, known(VISIT, read.subject)))
    ).one_or_none()
    if row is None:
        raise NotFound
    return row.Visit, row.Slot, row.Location, row.name, row.is_open


def _rows(read: ReadSession) -> Select[Visit, Slot, Location, str, bool]:
    is_open = is_open_row(VISIT, read.subject).label("is_open")
    return (
        select(Visit, Slot, Location, Account.name, is_open)
        .outerjoin(Slot, Slot.id == Visit.slot_id)
        .outerjoin(Location, Location.id == Visit.location_id)
        .outerjoin(Account, Account.id == Visit.clinician_id)
    )


async def open_on_demand(read: ReadSession, patient_id: UUID) -> Visit | None:
    """The one on-demand visit of this patient that is still going on."""
    found: Visit | None = await read.one_or_none(
        select(Visit).where(
            Visit.patient_id == patient_id,
            Visit.kind == VisitKind.ON_DEMAND,
            Visit.status.in_(OPEN_STATUSES),
        )
    )
    return found


def location_of(visit_id: UUID | None) -> ScalarSelect[UUID | None] | None:
    """A query for the location of a visit; None where there is no visit."""
    return select(Visit.location_id).where(Visit.id == visit_id).scalar_subquery() if visit_id else None


async def slot_of(read: ReadSession, visit: Visit) -> Slot | None:
    """The booked time of a visit."""
    if visit.slot_id is None:
        return None
    found: Slot | None = await read.one_or_none(select(Slot).where(Slot.id == visit.slot_id))
    return found


async def steps_of(read: ReadSession, visit_id: UUID) -> Sequence[tuple[VisitStep, str | None]]:
    """The knots of a visit's thread in the order of time, each with the name of who did it."""
    query = (
        select(VisitStep, Account.name)
        .outerjoin(Account, Account.id == VisitStep.account_id)
        .where(VisitStep.visit_id == visit_id)
        .order_by(VisitStep.at, VisitStep.id)
    )
    return [(row.VisitStep, row.name) for row in await read.execute(query)]


async def has_done(write: WriteSession, visit_id: UUID, kind: StepKind, *, since: datetime) -> bool:
    """Whether the actor has added this step to the visit after that moment."""
    found = await write.scalar(
        select(VisitStep.id)
        .where(
            VisitStep.visit_id == visit_id,
            VisitStep.kind == kind,
            VisitStep.account_id == write.actor.account_id,
            VisitStep.at > since,
        )
        .limit(1)
    )
    return found is not None


async def open_attempt(read: ReadSession, visit_id: UUID, account_id: UUID) -> CallAttempt | None:
    """The attempt with which this person is in the call, or on the way into it."""
    found: CallAttempt | None = await read.one_or_none(
        select(CallAttempt).where(
            CallAttempt.visit_id == visit_id,
            CallAttempt.account_id == account_id,
            CallAttempt.ended_at.is_(None),
        )
    )
    return found


async def was_in_call(read: ReadSession, visit_id: UUID, account_id: UUID) -> bool:
    """Whether this person was let into the visit's call before."""
    query = select(CallAttempt.id).where(
        CallAttempt.visit_id == visit_id, CallAttempt.account_id == account_id
    )
    return await read.scalar(query.limit(1)) is not None


async def attempts_for(read: ReadSession, account_id: UUID, patient_id: UUID) -> list[CallAttempt]:
    """The open attempts of this person in calls of this patient's visits."""
    query = (
        select(CallAttempt)
        .join(Visit, Visit.id == CallAttempt.visit_id)
        .where(
            Visit.patient_id == patient_id,
            CallAttempt.account_id == account_id,
            CallAttempt.ended_at.is_(None),
        )
    )
    return list((await read.scalars(query)).all())


async def in_call_by(read: ReadSession, session_id: UUID) -> list[UUID]:
    """The visits in whose call somebody is by this sign-in."""
    query = select(CallAttempt.visit_id).where(
        CallAttempt.session_id == session_id, CallAttempt.ended_at.is_(None)
    )
    return list((await read.scalars(query)).all())


async def line(read: ReadSession) -> list[InLine]:
    """Everyone in the clinic's waiting room, in no order."""
    query = (
        select(Visit.id, Visit.priority, Visit.queued_at, Slot.starts_at, Visit.location)
        .outerjoin(Slot, Slot.id == Visit.slot_id)
        .where(Visit.clinic_id == read.clinic_id, Visit.status == VisitStatus.WAITING)
    )
    return [
        InLine(row.id, row.priority, row.queued_at, row.starts_at, row.location)
        for row in await read.execute(query)
    ]


async def patients_of(read: ReadSession, visits: Collection[UUID]) -> dict[UUID, UUID]:
    """Whose each of these visits is."""
    query = select(Visit.id, Visit.patient_id).where(Visit.id.in_(visits))
    return {row.id: row.patient_id for row in await read.execute(query)}


async def last_durations(read: ReadSession) -> list[timedelta]:
    """How long the clinic's latest finished visits took."""
    query = (
        select(Visit.finished_at - Visit.admitted_at)
        .where(Visit.clinic_id == read.clinic_id, Visit.status == VisitStatus.FINISHED)
        .order_by(Visit.finished_at.desc())
        .limit(SAMPLE)
    )
    return list(await read.scalars(query))


async def last_admission(read: ReadSession) -> datetime | None:
    """When the clinic last took somebody from its waiting room, or was done with one; None if it never did."""
    query = select(func.max(func.greatest(Visit.admitted_at, Visit.finished_at))).where(
        Visit.clinic_id == read.clinic_id, Visit.status.in_((VisitStatus.ADMITTED, VisitStatus.FINISHED))
    )
    last: datetime | None = await read.scalar(query)
    return last


async def clinicians_in_visits(read: ReadSession, now: datetime) -> dict[UUID, datetime]:
    """Who is seeing a patient now, and since when."""
    query = (
        select(Visit.clinician_id, func.max(Visit.admitted_at).label("since"))
        .where(
            Visit.clinic_id == read.clinic_id,
            Visit.status == VisitStatus.ADMITTED,
            Visit.admitted_at > now - NOT_FORGOTTEN,
        )
        .group_by(Visit.clinician_id)
    )
    return {row.clinician_id: row.since for row in await read.execute(query)}


async def clinicians_just_done(read: ReadSession, now: datetime) -> frozenset[UUID]:
    """Who saw a patient a short time ago."""
    query = select(Visit.clinician_id).where(
        Visit.clinic_id == read.clinic_id,
        Visit.status == VisitStatus.FINISHED,
        Visit.finished_at > now - STILL_AT_WORK,
    )
    return frozenset(await read.scalars(query))


async def licences_of_all(read: ReadSession, accounts: Collection[UUID]) -> dict[UUID, list[str]]:
    """The US states in which each of these clinicians may practise."""
    query = select(Staff.account_id, Staff.licences).where(Staff.account_id.in_(accounts))
    return {row.account_id: row.licences or [] for row in await read.execute(query)}


async def licences_of(read: ReadSession, account_id: UUID) -> list[str]:
    """The US states in which a clinician may practise."""
    found: list[str] | None = await read.one_or_none(
        select(Staff.licences).where(Staff.account_id == account_id)
    )
    return found or []
