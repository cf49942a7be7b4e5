"""Who may act for a patient, in the hands of staff. Changes want a second factor shown just now."""

from uuid import UUID

from core.database.session import ReadSession, WriteSession
from core.edge.web import get, post
from core.errors import Invalid
from identity.codes.service import check_reachable
from identity.permissions import Permission
from identity.person.contacts import Contact, contact_problem, parse_contact
from identity.person.name import name_in
from identity.related import service, views
from identity.related.schemas import AddRelated, EndRelated, RelatedOut, VerifyRelated
from identity.related.service import Person, Terms


@get("/api/patients/{patient_id:uuid}/related", permission=Permission.RELATED_READ)
async def list_related(read: ReadSession, patient_id: UUID) -> list[RelatedOut]:
    """Who may act for the patient, and who did."""
    return await views.of_patient(read, patient_id)


@post("/api/patients/{patient_id:uuid}/related", permission=Permission.RELATED_MANAGE, idempotent=True)
async def add_related(write: WriteSession, patient_id: UUID, data: AddRelated) -> RelatedOut:
    """Put somebody beside the patient; verifying them opens something. 403 `step_up_required`, 409 `already_related`,
    422 by field."""
    person = Person(name_in(data), data.birth_date, _contact(write, data.contact))
    terms = Terms(data.relationship, data.scope, data.sees_restricted, data.until)
    return await views.one(write, await service.add(write, patient_id, person, terms, data.reason))


@post("/api/related/{relation_id:uuid}/verify", permission=Permission.RELATED_MANAGE, status_code=200)
async def verify_related(write: WriteSession, relation_id: UUID, data: VerifyRelated) -> RelatedOut:
    """Say how it was made sure that they may act. 403 `step_up_required`, 409 `relation_ended`, 422 for `note`."""
    return await views.one(write, await service.verify(write, relation_id, data.proof, data.note))


@post("/api/related/{relation_id:uuid}/end", permission=Permission.RELATED_MANAGE, status_code=200)
async def end_related(write: WriteSession, relation_id: UUID, data: EndRelated) -> RelatedOut:
    """They act for the patient no more, at once. 403 `step_up_required`, 409 `own_relation`, 422 for `reason`."""
    return await views.one(write, await service.end(write, relation_id, data.reason))


def _contact(write: WriteSession, typed: str) -> Contact | None:
    """The contact by which they sign in; None where none was typed. Raises Invalid for `contact`."""
    if not typed.strip():
        return None
    contact = parse_contact(typed)
    if contact is None:
        raise Invalid({"contact": contact_problem(typed)})
    check_reachable(write, contact)
    return contact


ROUTES = [list_related, add_related, verify_related, end_related]
