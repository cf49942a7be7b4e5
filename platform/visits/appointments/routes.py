"""The routes of appointments; booking and moving are in `visits.booking`."""

from uuid import UUID

from core import audit
from core.database.session import ReadSession
from core.edge.web import get
from identity.patients import service as patients
from identity.permissions import Permission
from identity.readable import check_open
from visits import repository
from visits.appointments import service
from visits.appointments.schemas import AppointmentOut

_MOST = 50


@get("/api/visits/{visit_id:uuid}/appointments", permission=Permission.VISIT_READ)
async def list_appointments(read: ReadSession, visit_id: UUID) -> list[AppointmentOut]:
    """The booked time of a visit with what became of it: earlier times stay visible. A visit on demand has none."""
    visit = await repository.get_visible(read, visit_id)
    await audit.log(read, "visit.read", patient_id=visit.patient_id, entity=("visit", visit_id))
    return await service.of_visit(read, visit_id)


@get("/api/patients/{patient_id:uuid}/appointments", permission=Permission.PATIENT_READ)
async def list_appointments_of_patient(read: ReadSession, patient_id: UUID) -> list[AppointmentOut]:
    """The latest booked times of a patient, for the care team: who booked, moved and called off, and when."""
    await patients.get(read, patient_id)
    await check_open(read, patient_id)
    await audit.log(read, "visit.list", patient_id=patient_id)
    return await service.of_patient(read, patient_id, _MOST)


ROUTES = [list_appointments, list_appointments_of_patient]
