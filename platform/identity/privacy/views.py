"""What the screens show of restricted charts."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Row, Select, func, select, tuple_
from sqlalchemy.orm import aliased

from core import audit
from core.database.session import ReadSession
from core.pages import cursor, parse_cursor
from identity.models import Account, Patient
from identity.patients import service as patients
from identity.permissions import GRANTS, Permission
from identity.person.names import names_of
from identity.privacy import service
from identity.privacy.domain import Sensitive, Why
from identity.privacy.models import ChartOpening, ChartRestriction, SensitiveNote
from identity.privacy.schemas import (
    ChartAccess,
    Colleague,
    OpeningOut,
    OpeningPage,
    RestrictionOut,
)
from identity.readable import is_open

PAGE = 50
_By = aliased(Account, name="opened_by")
_Reviewer = aliased(Account, name="reviewer")


async def chart_access(read: ReadSession, patient_id: UUID) -> ChartAccess:
    """How it is with a chart for the reader. Raises NotFound."""
    patient = await patients.get(read, patient_id)
    mark, is_readable = await service.current(read, patient_id), await is_open(read, patient_id)
    told = is_readable and read.subject.may(Permission.PRIVACY_RESTRICT, GRANTS)
    shown = (await _restrictions(read, [(mark, patient)]))[0] if mark and told else None
    return ChartAccess(
        restricted=mark is not None,
        open=is_readable,
        until=await service.opened_until(read, patient_id),
        restriction=shown,
    )


async def restrictions(read: ReadSession) -> list[RestrictionOut]:
    """Every mark that holds now, the next to end first; the audit names each patient."""
    query = (
        select(ChartRestriction, Patient)
        .join(Patient, Patient.id == ChartRestriction.patient_id)
        .where(ChartRestriction.holds(read.now()))
        .order_by(ChartRestriction.ends_at, ChartRestriction.id)
    )
    rows = [(row.ChartRestriction, row.Patient) for row in await read.execute(query)]
    await audit.log(read, "privacy.list", patients=[patient.id for _, patient in rows])
    return await _restrictions(read, rows)


async def _restrictions(
    read: ReadSession, rows: Sequence[tuple[ChartRestriction, Patient]]
) -> list[RestrictionOut]:
    names = await names_of(read, {who for mark, _ in rows for who in (mark.made_by, *mark.named)})
    return [
        RestrictionOut(
            id=mark.id,
            patient_id=patient.id,
            patient_name=patient.full_name,
            why=Why(mark.why),
            reason=mark.reason,
            made_at=mark.created_at,
            made_by=names.get(mark.made_by, ""),
            ends_at=mark.ends_at,
            named=[Colleague(who, names.get(who, "")) for who in mark.named],
        )
        for mark, patient in rows
    ]


async def openings(read: ReadSession, *, reviewed: bool, before: str | None) -> OpeningPage:
    """A page of openings, the latest first; the audit names each patient. Raises Problem for the cursor."""
    query = _openings().where(ChartOpening.reviewed_at.is_not(None) == reviewed).limit(PAGE)
    if (place := parse_cursor(before)) is not None:
        query = query.where(tuple_(ChartOpening.created_at, ChartOpening.id) < place)
    rows = (await read.execute(query)).all()
    waiting = await read.scalar(select(func.count()).where(ChartOpening.reviewed_at.is_(None)))
    shown = [_opening(row) for row in rows]
    await audit.log(read, "privacy.list", patients=[each.patient_id for each in shown])
    last = shown[-1] if len(shown) == PAGE else None
    return OpeningPage(shown, int(waiting or 0), cursor(last.at, last.id) if last else None)


async def opening(read: ReadSession, opening_id: UUID) -> OpeningOut:
    """One opening. Raises NotFound."""
    rows = (await read.execute(_openings().where(ChartOpening.id == opening_id))).all()
    return _opening(rows[0])


def _openings() -> Select[ChartOpening, Patient, str, list[str], str, str, list[str]]:
    sensitive = (
        select(func.array_agg(SensitiveNote.category.distinct()))
        .where(
            SensitiveNote.patient_id == ChartOpening.patient_id,
            SensitiveNote.category.is_not(None),
            SensitiveNote.changed_at < ChartOpening.until,
        )
        .scalar_subquery()
    )
    return (
        select(
            ChartOpening,
            Patient,
            _By.name.label("by"),
            _By.roles.label("roles"),
            _Reviewer.name.label("reviewer"),
            ChartRestriction.why.label("why"),
            sensitive.label("sensitive"),
        )
        .join(Patient, Patient.id == ChartOpening.patient_id)
        .join(_By, _By.id == ChartOpening.account_id)
        .outerjoin(_Reviewer, _Reviewer.id == ChartOpening.reviewed_by)
        .outerjoin(ChartRestriction, ChartRestriction.id == ChartOpening.restriction_id)
        .order_by(ChartOpening.created_at.desc(), ChartOpening.id.desc())
    )


def _opening(row: Row[ChartOpening, Patient, str, list[str], str, str, list[str]]) -> OpeningOut:
    found: ChartOpening = row.ChartOpening
    patient: Patient = row.Patient
    return OpeningOut(
        id=found.id,
        patient_id=patient.id,
        patient_name=patient.full_name,
        patient_birth_date=patient.birth_date,
        patient_mrn=patient.mrn,
        why=Why(row.why) if row.why else None,
        sensitive=[Sensitive(each) for each in sorted(row.sensitive or ())],
        by=row.by,
        roles=row.roles,
        reason=found.reason,
        at=found.created_at,
        until=found.until,
        reviewed_at=found.reviewed_at,
        reviewed_by=row.reviewer,
        review=found.review,
    )
