"""The route of an appointment; booking and moving are in `visits.booking`."""

from uuid import UUID

from core import audit
from core.database.session import ReadSession
from core.edge.web import get
from identity.permissions import Permission
from visits import repository
from visits.appointments import service
from visits.appointments.schemas import AppointmentOut


@get("/api/visits/{visit_id:uuid}/appointments", permission=Permission.VISIT_READ)
async def list_appointments(read: ReadSession, visit_id: UUID) -> list[AppointmentOut]:
    """The booked time of a visit with what became of it: earlier times stay visible. A visit on demand has none."""
    visit = await repository.get_visible(read, visit_id)
    await audit.log(read, "visit.read", patient_id=visit.patient_id, entity=("visit", visit_id))
    return await service.of_visit(read, visit_id)


ROUTES = [list_appointments]
