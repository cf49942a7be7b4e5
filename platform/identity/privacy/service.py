"""Verbs of restricted charts: restrict, lift, open with a reason, review."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update

from core import audit, live
from core.actor import Role
from core.database.session import ReadSession, WriteSession
from core.errors import Conflict, Invalid
from core.events import outbox
from core.ids import new_id
from identity.domain import AccountStatus
from identity.models import Account, Patient
from identity.patients import service as patients
from identity.permissions import GRANTS, Permission
from identity.privacy.domain import OPENED_FOR, Why, end_problem
from identity.privacy.events import ChartOpened
from identity.privacy.models import ChartOpening, ChartRestriction, SensitiveNote
from identity.readable import check_open, is_open
from identity.reasons import reason_problem

_CARE_TEAM = sorted(GRANTS[Permission.CHART_READ])
_OFFICERS = sorted(GRANTS[Permission.PRIVACY_REVIEW])
_TOLD = [live.role(Role.CLINICIAN), live.role(Role.COORDINATOR), live.role(Role.PRIVACY)]


async def restrict(
    write: WriteSession, patient_id: UUID, why: Why, reason: str, ends_at: datetime, named: Collection[UUID]
) -> ChartRestriction:
    """Close a chart to all who are not named and have no visit open with the patient, until an end.

    Raises NotFound, Invalid, Conflict `already_restricted`.
    """
    await _held(write, patient_id)
    wrong = {"reason": reason_problem(reason), "ends_at": end_problem(ends_at, write.now())}
    if not set(named) <= {each.id for each in await care_team(write)}:
        wrong["named"] = "not_in_care_team"
    if found := {field: code for field, code in wrong.items() if code}:
        raise Invalid(found)
    await _end_what_is_over(write, patient_id)
    if await current(write, patient_id) is not None:
        raise Conflict("already_restricted")
    mark = ChartRestriction(
        id=new_id(),
        patient_id=patient_id,
        why=why,
        reason=reason.strip(),
        named=sorted(set(named)),
        ends_at=ends_at,
        made_by=write.actor.own_account,
    )
    write.add(mark)
    await _changed(write, mark, "chart.restrict", reason)
    return mark


async def lift(write: WriteSession, patient_id: UUID, reason: str) -> None:
    """Open the chart to the care team again. Raises NotFound, Restricted for who may not read it, Invalid, Conflict
    `not_restricted`."""
    await _held(write, patient_id)
    if not write.actor.has(Role.PRIVACY):
        await check_open(write, patient_id)
    if problem := reason_problem(reason):
        raise Invalid({"reason": problem})
    mark = await current(write, patient_id)
    if mark is None:
        raise Conflict("not_restricted")
    mark.lifted_at, mark.lifted_by, mark.lift_reason = write.now(), write.actor.own_account, reason.strip()
    await _changed(write, mark, "chart.unrestrict", reason)


async def open_chart(write: WriteSession, patient_id: UUID, reason: str) -> datetime:
    """Open a closed chart to oneself for an hour, with its sensitive notes; until when. Privacy officers hear at once.

    Whoever has it open already is told until when, and nothing is written again. Raises NotFound, Invalid, Conflict
    `chart_is_open` where neither the chart nor a note is closed to them.
    """
    await _held(write, patient_id)
    if problem := reason_problem(reason):
        raise Invalid({"reason": problem})
    if (until := await opened_until(write, patient_id)) is not None:
        return until
    if await is_open(write, patient_id) and not await has_closed_note(write, patient_id):
        raise Conflict("chart_is_open")
    mark = await current(write, patient_id)
    opening = ChartOpening(
        id=new_id(),
        patient_id=patient_id,
        restriction_id=mark.id if mark else None,
        account_id=write.actor.own_account,
        reason=reason.strip(),
        until=write.now() + OPENED_FOR,
    )
    write.add(opening)
    await write.flush()
    entity = ("chart_opening", opening.id)
    await audit.log(write, "chart.break_glass", patient_id=patient_id, entity=entity, reason=reason.strip())
    await outbox.add(write, ChartOpened(opening_id=opening.id))
    live.publish(write, "privacy.opened", [live.role(Role.PRIVACY)], opening_id=str(opening.id))
    live.publish(write, "chart.access", [live.account(write.actor.own_account)], chart_id=str(patient_id))
    return opening.until


async def review(write: WriteSession, opening_id: UUID, words: str) -> ChartOpening:
    """A privacy officer has looked at an opening. Doing it twice keeps the first. Raises NotFound, Conflict
    `own_opening`: nobody reviews what they did themselves."""
    query = select(ChartOpening).where(ChartOpening.id == opening_id).with_for_update(key_share=True)
    opening: ChartOpening = await write.one_or_not_found(query)
    if opening.account_id == write.actor.account_id:
        raise Conflict("own_opening")
    if opening.reviewed_at is None:
        opening.reviewed_at, opening.reviewed_by = write.now(), write.actor.own_account
        opening.review = words.strip()
        await write.flush()
        live.publish(write, "privacy.opened", [live.role(Role.PRIVACY)], opening_id=str(opening.id))
    await audit.log(
        write, "chart.review_opening", patient_id=opening.patient_id, entity=("chart_opening", opening.id)
    )
    return opening


async def current(read: ReadSession, patient_id: UUID) -> ChartRestriction | None:
    """The mark that holds now."""
    query = select(ChartRestriction).where(
        ChartRestriction.patient_id == patient_id, ChartRestriction.holds(read.now())
    )
    found: ChartRestriction | None = await read.one_or_none(query)
    return found


async def has_closed_note(read: ReadSession, patient_id: UUID) -> bool:
    """Whether a sensitive note of this patient is closed to the reader."""
    closed = func.closed_visit(SensitiveNote.visit_id)
    query = select(SensitiveNote.visit_id).where(SensitiveNote.patient_id == patient_id, closed).limit(1)
    return await read.scalar(query) is not None


async def opened_until(read: ReadSession, patient_id: UUID) -> datetime | None:
    """Until when the reader has this chart open with a reason."""
    query = (
        select(ChartOpening.until)
        .where(
            ChartOpening.patient_id == patient_id,
            ChartOpening.account_id == read.actor.own_account,
            ChartOpening.until > read.now(),
        )
        .order_by(ChartOpening.until.desc())
        .limit(1)
    )
    until: datetime | None = await read.scalar(query)
    return until


async def care_team(read: ReadSession) -> list[Account]:
    """Who may be named, by name."""
    return await _staff(read, _CARE_TEAM)


async def officers(read: ReadSession) -> list[UUID]:
    """The clinic's privacy officers."""
    return [each.id for each in await _staff(read, _OFFICERS)]


async def _staff(read: ReadSession, roles: list[Role]) -> list[Account]:
    query = select(Account).where(
        Account.clinic_id == read.clinic_id,
        Account.status == AccountStatus.ACTIVE,
        Account.roles.overlap([str(role) for role in roles]),
    )
    return list(await read.scalars(query.order_by(Account.name, Account.id)))


async def _held(write: WriteSession, patient_id: UUID) -> Patient:
    """The patient, locked: two who mark the same chart come one after the other. Raises NotFound."""
    patient = await patients.get(write, patient_id)
    await patients.lock(write, patient_id)
    return patient


async def _end_what_is_over(write: WriteSession, patient_id: UUID) -> None:
    """A mark that ended by itself makes room for the next one."""
    over = update(ChartRestriction).where(
        ChartRestriction.patient_id == patient_id,
        ChartRestriction.lifted_at.is_(None),
        ChartRestriction.ends_at <= write.now(),
    )
    await write.execute(over.values(lifted_at=ChartRestriction.ends_at))


async def _changed(write: WriteSession, mark: ChartRestriction, action: str, reason: str) -> None:
    await write.flush()
    entity = ("chart_restriction", mark.id)
    await audit.log(
        write,
        action,
        patient_id=mark.patient_id,
        entity=entity,
        detail={"why": mark.why},
        reason=reason.strip(),
    )
    live.publish(write, "chart.access", _TOLD, chart_id=str(mark.patient_id))
    live.publish(write, "queue.changed", _TOLD)
