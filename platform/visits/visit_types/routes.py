"""What there is to come for, by name; `intake.routes_visit_types` is where an administrator changes it."""

from uuid import UUID

from core import audit
from core.actor import Actor
from core.database.session import ReadSession
from core.edge.web import get
from identity.patients import service as patients
from identity.permissions import Permission
from visits.visit_types import repository, service
from visits.visit_types.domain import fits_age
from visits.visit_types.schemas import VisitTypeOut, visit_type_out


@get("/api/visit-types", permission=Permission.SLOT_READ)
async def list_visit_types(
    read: ReadSession, actor: Actor, patient_id: UUID | None = None
) -> list[VisitTypeOut]:
    """Every visit type, also retired ones, which older visits have; those on offer in the order to show them.

    `offered` goes by the age of the patient: oneself, or for the care team `patient_id`.
    """
    whose = actor.patient_id if actor.is_patient else patient_id
    years = None
    if whose is not None:
        years = await service.age_of(read, await patients.get(read, whose))
    if patient_id is not None:
        await audit.log(read, "visit.types", patient_id=whose)
    return [
        visit_type_out(row, offered=row.retired_at is None and (years is None or fits_age(row, years)))
        for row in await repository.every(read)
    ]


ROUTES = [list_visit_types]
