"""Routes of the clinic and of the patient about people in a visit."""

from uuid import UUID

from core import audit
from core.database.session import ReadSession, WriteSession
from core.edge.web import get, post
from identity.clinic import clinics
from identity.permissions import Permission
from visits import repository as visits
from visits.people import service, views
from visits.people.access import guest_of, visit_for_patient, visit_for_staff
from visits.people.domain import Agreement
from visits.people.links import link_of
from visits.people.schemas import GuestInvitedOut, GuestOut, Invite, PeopleOut


@get("/api/visits/{visit_id:uuid}/people", permission=Permission.VISIT_READ)
async def read_people(read: ReadSession, visit_id: UUID) -> PeopleOut:
    """Who was asked into the visit, who waits to be let in, who was there and when."""
    visit = await visits.get_visible(read, visit_id)
    await audit.log(read, "visit.read", patient_id=visit.patient_id, entity=("visit", visit_id))
    return await views.people(read, visit_id)


@post("/api/visits/{visit_id:uuid}/people", permission=Permission.VISIT_INVITE, idempotent=True)
async def invite(write: WriteSession, visit_id: UUID, data: Invite) -> GuestInvitedOut:
    """Ask somebody into the visit. The link is in this answer and nowhere else, unless it is sent to their contact."""
    visit = await visit_for_staff(write, visit_id)
    guest, token = await service.invite(write, visit, data)
    clinic = await clinics.current(write)
    return GuestInvitedOut(
        guest=await views.guest(write, visit_id, guest.id),
        link=link_of(write.services.settings, clinic.slug, token),
        sent=guest.contact is not None,
    )


@post(
    "/api/visits/{visit_id:uuid}/people/{guest_id:uuid}/agree",
    permission=Permission.VISIT_AGREE,
    status_code=200,
)
async def agree(write: WriteSession, visit_id: UUID, guest_id: UUID) -> GuestOut:
    """The patient agrees that this person is let in."""
    visit = await visit_for_patient(write, visit_id)
    await service.agree(write, visit, await guest_of(write, visit, guest_id), Agreement.PRESSED)
    return await views.guest(write, visit_id, guest_id)


@post(
    "/api/visits/{visit_id:uuid}/people/{guest_id:uuid}/decline",
    permission=Permission.VISIT_AGREE,
    status_code=200,
)
async def decline(write: WriteSession, visit_id: UUID, guest_id: UUID) -> GuestOut:
    """The patient does not want this person here; whoever is here already goes."""
    visit = await visit_for_patient(write, visit_id)
    await service.decline(write, visit, await guest_of(write, visit, guest_id))
    return await views.guest(write, visit_id, guest_id)


@post(
    "/api/visits/{visit_id:uuid}/people/{guest_id:uuid}/agreed-aloud",
    permission=Permission.VISIT_INVITE,
    status_code=200,
)
async def note_agreed(write: WriteSession, visit_id: UUID, guest_id: UUID) -> GuestOut:
    """The patient said yes aloud, and cannot or does not press: the clinician notes it."""
    visit = await visit_for_staff(write, visit_id)
    await service.agree(write, visit, await guest_of(write, visit, guest_id), Agreement.SPOKEN)
    return await views.guest(write, visit_id, guest_id)


@post(
    "/api/visits/{visit_id:uuid}/people/{guest_id:uuid}/admit",
    permission=Permission.VISIT_INVITE,
    status_code=200,
)
async def admit(write: WriteSession, visit_id: UUID, guest_id: UUID) -> GuestOut:
    """Let somebody in to whom the patient agreed. 409 `patient_not_asked`, `room_full`."""
    visit = await visit_for_staff(write, visit_id)
    await service.admit(write, visit, await guest_of(write, visit, guest_id))
    return await views.guest(write, visit_id, guest_id)


@post(
    "/api/visits/{visit_id:uuid}/people/{guest_id:uuid}/revoke",
    permission=Permission.VISIT_INVITE,
    status_code=200,
)
async def revoke(write: WriteSession, visit_id: UUID, guest_id: UUID) -> GuestOut:
    """Take the invitation back; whoever came by it is out at once."""
    visit = await visit_for_staff(write, visit_id)
    await service.revoke(write, visit, await guest_of(write, visit, guest_id))
    return await views.guest(write, visit_id, guest_id)


ROUTES = [read_people, invite, agree, decline, note_agreed, admit, revoke]
