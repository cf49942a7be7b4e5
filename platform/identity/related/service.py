"""Verbs of related persons: add, verify, end. Each is the work of staff, with a reason; a patient may end, too."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from core import audit, live
from core.actor import Role
from core.database.session import ReadSession, WriteSession
from core.errors import Conflict, Invalid, NotFound
from core.events import outbox
from core.ids import new_id
from core.text.search_key import search_key
from identity.models import Account, Patient
from identity.patient_account import security_events
from identity.patients import service as patients
from identity.person.contacts import Contact
from identity.person.name import Name, alike, problems, shown, single
from identity.reasons import reason_problem
from identity.related.acting import tell_account
from identity.related.adults import is_child
from identity.related.domain import (
    ONESELF,
    EndedBecause,
    Proof,
    Relationship,
    Scope,
    patient_may_end,
    until_problem,
)
from identity.related.events import RelationEnded
from identity.related.models import RelatedPerson


@dataclass(frozen=True)
class Person:
    """Who is added. Without a contact they cannot sign in; without a birth date neither, on a new device."""

    name: Name
    birth_date: date | None
    contact: Contact | None


@dataclass(frozen=True)
class Terms:
    """What somebody may do, and until when."""

    relationship: Relationship
    scope: Scope
    sees_restricted: bool
    until: datetime | None


async def add(
    write: WriteSession, patient_id: UUID, person: Person, terms: Terms, reason: str
) -> RelatedPerson:
    """Put somebody beside a patient. They act for nobody until the relation is verified.

    Whoever has an account by this contact under this name and birth date keeps it: one person has one account. Raises
    NotFound, Restricted, Invalid by field, Conflict `already_related`.
    """
    patient = await _held(write, patient_id)
    wrong = _problems(write, person, terms, reason)
    if wrong:
        raise Invalid(wrong)
    account = await _account_for(write, person, patient)
    if account is not None and await _has_relation(write, account.id, patient_id):
        raise Conflict("already_related")
    relation = RelatedPerson(
        id=new_id(),
        patient_id=patient_id,
        account_id=account.id if account else None,
        name=shown(person.name),
        family=single(person.name),
        birth_date=person.birth_date,
        phone=account.phone if account else None,
        email=account.email if account else None,
        relationship=terms.relationship,
        scope=terms.scope,
        sees_restricted=terms.sees_restricted,
        for_minor=await is_child(write, patient_id),
        starts_at=write.now(),
        until=terms.until,
        added_by=write.actor.own_account,
        add_reason=reason.strip(),
    )
    write.add(relation)
    await _changed(write, relation, "related.add", reason)
    return relation


async def verify(write: WriteSession, relation_id: UUID, proof: Proof, note: str) -> RelatedPerson:
    """Staff made sure that this person may act for the patient. Doing it twice keeps the first proof.

    Raises NotFound, Restricted, Invalid for `note`, Conflict `relation_ended`.
    """
    relation = await _held_relation(write, relation_id)
    if problem := reason_problem(note):
        raise Invalid({"note": problem})
    if relation.ended_at is not None:
        raise Conflict("relation_ended")
    if relation.verified_at is not None:
        return relation
    relation.verified_at, relation.verified_by = write.now(), write.actor.own_account
    relation.proof, relation.proof_note = proof, note.strip()
    await _changed(write, relation, "related.verify", note)
    return relation


async def end(write: WriteSession, relation_id: UUID, reason: str) -> RelatedPerson:
    """Nobody acts by this relation any more, at once. Ending it twice keeps the first reason.

    Raises NotFound, Restricted, Invalid for `reason`, Conflict `own_relation` for a patient's own account.
    """
    relation = await _held_relation(write, relation_id)
    if relation.relationship == ONESELF:
        raise Conflict("own_relation")
    if problem := reason_problem(reason):
        raise Invalid({"reason": problem})
    if relation.ended_at is not None:
        return relation
    await close(write, relation, EndedBecause.STAFF, reason)
    return relation


async def end_own(write: WriteSession, relation_id: UUID) -> None:
    """The patient in person has somebody act for them no more, at once. Ending it twice is ending it once.

    Raises NotFound, also for who acts for the patient, and Conflict `clinic_ends_this` (`domain.patient_may_end`).
    """
    relation = await _held_relation(write, relation_id)
    of_own = relation.patient_id == write.actor.patient_id and relation.relationship != ONESELF
    if write.actor.is_proxy or not of_own or relation.verified_at is None:
        raise NotFound
    if not patient_may_end(relation.relationship, relation.proof, for_minor=relation.for_minor):
        raise Conflict("clinic_ends_this")
    if relation.ended_at is None:
        await close(write, relation, EndedBecause.PATIENT)


async def close(
    write: WriteSession, relation: RelatedPerson, because: EndedBecause, reason: str = ""
) -> None:
    """End a relation. `write` may be the system's, for one that ended by itself."""
    relation.ended_at, relation.ended_because = write.now(), because
    relation.ended_by, relation.end_reason = write.actor.account_id, reason.strip()
    await _changed(write, relation, "related.end", reason)
    if relation.account_id is not None:
        await outbox.add(
            write,
            RelationEnded(
                relation_id=relation.id, account_id=relation.account_id, patient_id=relation.patient_id
            ),
        )


async def of_patient(read: ReadSession, patient_id: UUID) -> list[RelatedPerson]:
    """Everybody beside the patient, but the patient: those of today first, then the last to end."""
    await patients.get_open(read, patient_id)
    rows = await read.scalars(
        select(RelatedPerson)
        .where(RelatedPerson.patient_id == patient_id, RelatedPerson.relationship != ONESELF)
        .order_by(RelatedPerson.ended_at.desc().nulls_first(), RelatedPerson.created_at.desc())
        .limit(100)
    )
    return list(rows)


def _problems(read: ReadSession, person: Person, terms: Terms, reason: str) -> dict[str, str]:
    found = {
        "birth_date": _birth_date_problem(read, person),
        "until": until_problem(terms.until, read.now()),
        "reason": reason_problem(reason),
    }
    return problems(person.name) | {field: code for field, code in found.items() if code}


def _birth_date_problem(read: ReadSession, person: Person) -> str | None:
    """On a new device somebody is asked for it, so an account without one would let nobody in."""
    if person.birth_date is None:
        return "required" if person.contact is not None else None
    return patients.birth_date_problem(person.birth_date, patients.local_day(read.now(), None))


async def _account_for(write: WriteSession, person: Person, patient: Patient) -> Account | None:
    """The account by which this person signs in; made if they have none. None without a contact."""
    if person.contact is None:
        return None
    for account in await patients.accounts_with(write, person.contact):
        if account.id != patient.account_id and await _is_of(write, account, person):
            return account
    return await patients.make_account(
        write, name=shown(person.name), contact=person.contact, language=patient.language
    )


async def _is_of(read: ReadSession, account: Account, person: Person) -> bool:
    """Whether an account is this person's: as a patient, or beside another patient."""
    own = await patients.of_account(read, account.id)
    if own is not None:
        return own.birth_date == person.birth_date and alike(own.name, person.name)
    rows = await read.scalars(select(RelatedPerson).where(RelatedPerson.account_id == account.id))
    name = search_key(shown(person.name))
    return any(each.birth_date == person.birth_date and search_key(each.name) == name for each in rows)


async def _has_relation(read: ReadSession, account_id: UUID, patient_id: UUID) -> bool:
    query = select(RelatedPerson.id).where(
        RelatedPerson.account_id == account_id,
        RelatedPerson.patient_id == patient_id,
        RelatedPerson.ended_at.is_(None),
    )
    return await read.scalar(query) is not None


async def _held(write: WriteSession, patient_id: UUID) -> Patient:
    """The patient, locked: two who change their relations come one after the other. Raises NotFound, Restricted."""
    patient = await patients.get_open(write, patient_id)
    await patients.lock(write, patient_id)
    return patient


async def _held_relation(write: WriteSession, relation_id: UUID) -> RelatedPerson:
    """A relation, its patient locked before it. Raises NotFound, Restricted."""
    query = select(RelatedPerson).where(RelatedPerson.id == relation_id)
    relation: RelatedPerson = await write.one_or_not_found(query)
    await _held(write, relation.patient_id)
    held: RelatedPerson = await write.one_or_not_found(
        query.with_for_update(key_share=True).execution_options(populate_existing=True)
    )
    return held


async def _changed(write: WriteSession, relation: RelatedPerson, action: str, reason: str) -> None:
    """Write it down, and tell whom it concerns: the patient, who acts for them, and open pages of the care team."""
    await write.flush()
    await audit.log(
        write,
        action,
        patient_id=relation.patient_id,
        entity=("related_person", relation.id),
        detail={"relationship": relation.relationship, "scope": relation.scope},
        reason=reason.strip() or None,
    )
    if relation.account_id is not None:
        tell_account(write, relation.account_id)
    own = await write.scalar(select(Patient.account_id).where(Patient.id == relation.patient_id))
    if own is not None and relation.verified_at is not None:
        await security_events.write_to_owner(write, own, "related_changed")
    to = [live.role(Role.CLINICIAN), live.role(Role.COORDINATOR)] + ([live.account(own)] if own else [])
    live.publish(write, "related.changed", to, patient_id=str(relation.patient_id))
