"""For whom somebody acts: what their relation leaves them, whom they may choose, and who hears of a patient."""

from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import or_, select, update

from core import audit, live
from core.actor import Actor
from core.database.session import ReadSession, WriteSession
from core.errors import NotFound
from identity.models import AuthSession, Patient
from identity.permissions import ABOUT_ACCOUNT, OF_SCOPE, Permission
from identity.privacy.models import ChartRestriction, SensitiveNote
from identity.related.domain import ONESELF
from identity.related.models import RelatedPerson, acts


@dataclass(frozen=True)
class Choice:
    """A patient for whom an account may act."""

    patient_id: UUID
    name: str
    relationship: str
    scope: str


def acting(actor: Actor, patient_id: UUID | None, relationship: str | None, scope: str | None) -> Actor:
    """The actor, as what their relation to this patient leaves of them. Without a patient, only their account does."""
    if not actor.is_patient:
        return actor
    if patient_id is None or relationship is None or scope is None:
        return replace(actor, patient_id=None, keeps=ABOUT_ACCOUNT)
    if relationship == ONESELF:
        return replace(actor, patient_id=patient_id)
    return replace(actor, patient_id=patient_id, relationship=relationship, keeps=OF_SCOPE[scope])


async def choices(read: ReadSession, account_id: UUID) -> list[Choice]:
    """For whom this account may act now: oneself first, then by name."""
    rows = await read.execute(
        select(RelatedPerson, Patient)
        .join(Patient, Patient.id == RelatedPerson.patient_id)
        .where(RelatedPerson.account_id == account_id, acts(read.now()))
        .order_by(RelatedPerson.relationship != ONESELF, Patient.given, Patient.family, Patient.id)
    )
    return [Choice(patient.id, patient.full_name, each.relationship, each.scope) for each, patient in rows]


async def first_patient(read: ReadSession, account_id: UUID) -> UUID | None:
    """Under whom the clinic looks for whoever has this account: themselves, else one for whom they act."""
    found = await choices(read, account_id)
    return found[0].patient_id if found else None


async def at_sign_in(read: ReadSession, actor: Actor) -> Actor:
    """The actor of a session that begins: acting for the only patient there is, else for nobody until they say."""
    if not actor.is_patient:
        return actor
    found = await choices(read, actor.own_account)
    only = found[0] if len(found) == 1 else None
    if only is None:
        return acting(actor, None, None, None)
    return acting(actor, only.patient_id, only.relationship, only.scope)


async def act_for(write: WriteSession, patient_id: UUID) -> Actor:
    """Act for this patient from now on, in every tab of this browser. Raises NotFound for whom one may not act for."""
    own = write.actor
    found = {each.patient_id: each for each in await choices(write, own.own_account)}
    chosen = found.get(patient_id)
    if chosen is None:
        raise NotFound
    await write.execute(
        update(AuthSession).where(AuthSession.id == own.session_id).values(patient_id=patient_id)
    )
    actor = acting(replace(own, relationship=None, keeps=None), patient_id, chosen.relationship, chosen.scope)
    write.act_as(actor)
    await audit.log(write, "session.act_for", patient_id=patient_id, entity=("account", own.own_account))
    tell_account(write, own.own_account)
    return actor


def tell_account(write: WriteSession, account_id: UUID) -> None:
    """Open pages ask anew for whom they act."""
    live.publish(write, "session.acting", [live.account(account_id)], account_id=str(account_id))


async def who_hears(
    read: ReadSession, patient_id: UUID, permission: Permission, visit_id: UUID | None = None
) -> list[UUID]:
    """The accounts that may be told that there is something for this patient or of this visit, the patient's own first.

    Of a restricted chart, and of a visit whose note is sensitive, nobody hears who may not see it.
    """
    scopes = [scope for scope, kept in OF_SCOPE.items() if kept is None or permission in kept]
    restricted = (
        select(ChartRestriction.id)
        .where(ChartRestriction.patient_id == patient_id, ChartRestriction.holds(read.now()))
        .exists()
    )
    sensitive = (
        select(SensitiveNote.visit_id)
        .where(SensitiveNote.visit_id == visit_id, SensitiveNote.category.is_not(None))
        .exists()
    )
    rows = await read.scalars(
        select(RelatedPerson.account_id)
        .where(
            RelatedPerson.patient_id == patient_id,
            RelatedPerson.scope.in_(scopes),
            acts(read.now()),
            or_(RelatedPerson.sees_restricted, ~restricted & ~sensitive),
        )
        .order_by(RelatedPerson.relationship != ONESELF, RelatedPerson.id)
    )
    return list(rows)
