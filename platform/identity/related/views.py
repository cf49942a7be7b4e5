"""What the screens show of related persons."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import aliased

from core import audit
from core.database.session import ReadSession
from identity.domain import AccountStatus
from identity.models import Account, Patient
from identity.person.names import names_of
from identity.related import service
from identity.related.domain import (
    ONESELF,
    EndedBecause,
    Proof,
    Relationship,
    Scope,
    patient_may_end,
)
from identity.related.models import RelatedPerson, acts
from identity.related.schemas import RelatedOut, WhoActs

_Own = aliased(Account, name="own_account")
_Theirs = aliased(Account, name="their_account")


async def of_patient(read: ReadSession, patient_id: UUID) -> list[RelatedOut]:
    """Everybody beside the patient, for staff; audited. Raises NotFound, Restricted."""
    rows = await service.of_patient(read, patient_id)
    await audit.log(read, "related.read", patient_id=patient_id)
    return await _shown(read, rows)


async def one(read: ReadSession, relation: RelatedPerson) -> RelatedOut:
    return (await _shown(read, [relation]))[0]


async def who_acts(read: ReadSession, patient_id: UUID) -> list[WhoActs]:
    """Who acts for the patient now, beside themself."""
    rows = await read.execute(
        select(RelatedPerson, func.of_age_on(RelatedPerson.patient_id))
        .where(
            RelatedPerson.patient_id == patient_id,
            RelatedPerson.relationship != ONESELF,
            acts(read.now()),
        )
        .order_by(RelatedPerson.name, RelatedPerson.id)
    )
    in_person = not read.actor.is_proxy
    return [
        WhoActs(
            id=each.id,
            name=each.name,
            relationship=Relationship(each.relationship),
            scope=Scope(each.scope),
            until=each.until,
            of_age=of_age if each.for_minor else None,
            may_end=in_person and patient_may_end(each.relationship, each.proof, for_minor=each.for_minor),
        )
        for each, of_age in rows
    ]


def _shared() -> ColumnElement[bool]:
    """Whether the patient's own account and that of who stands beside them are opened by one telephone or mailbox."""
    return func.coalesce(or_(_Own.phone == _Theirs.phone, _Own.email == _Theirs.email), false())


async def _shown(read: ReadSession, rows: Sequence[RelatedPerson]) -> list[RelatedOut]:
    ids = [each.id for each in rows]
    query = (
        select(RelatedPerson.id, acts(read.now()), func.of_age_on(RelatedPerson.patient_id), _shared())
        .join(Patient, Patient.id == RelatedPerson.patient_id)
        .outerjoin(_Own, (_Own.id == Patient.account_id) & (_Own.status == AccountStatus.ACTIVE))
        .outerjoin(_Theirs, _Theirs.id == RelatedPerson.account_id)
        .where(RelatedPerson.id.in_(ids))
    )
    now = {row[0]: row for row in await read.execute(query)}
    staff = {who for each in rows for who in (each.added_by, each.verified_by, each.ended_by) if who}
    names = await names_of(read, staff)
    return [
        RelatedOut(
            id=each.id,
            name=each.name,
            birth_date=each.birth_date,
            phone=each.phone,
            email=each.email,
            signs_in=each.account_id is not None,
            relationship=Relationship(each.relationship),
            scope=Scope(each.scope),
            sees_restricted=each.sees_restricted,
            acts=now[each.id][1],
            childs_account=each.for_minor and each.ended_at is None and now[each.id][3],
            since=each.starts_at,
            until=each.until,
            for_minor=each.for_minor,
            of_age=now[each.id][2] if each.for_minor else None,
            added_by=names.get(each.added_by, "") if each.added_by else "",
            add_reason=each.add_reason,
            verified_at=each.verified_at,
            verified_by=names.get(each.verified_by, "") if each.verified_by else "",
            proof=Proof(each.proof) if each.proof else None,
            proof_note=each.proof_note,
            ended_at=each.ended_at,
            ended_by=names.get(each.ended_by, "") if each.ended_by else "",
            ended_because=EndedBecause(each.ended_because) if each.ended_because else None,
            end_reason=each.end_reason,
        )
        for each in rows
    ]
