"""Where an administrator changes what patients can come for. In intake, which knows the questionnaires."""

from uuid import UUID

from core.database.session import ReadSession, WriteSession
from core.edge.versions import IfMatch
from core.edge.web import get, post, put
from identity.permissions import Permission
from intake import catalog
from visits.booking import availability
from visits.visit_types import repository, service
from visits.visit_types.schemas import (
    AdminVisitTypes,
    ChangeVisitType,
    ClinicianName,
    OrderVisitTypes,
    QuestionnaireName,
    VisitTypeForm,
    admin_visit_type,
)


@get("/api/admin/visit-types", permission=Permission.ADMIN_CLINIC)
async def list_admin_visit_types(read: ReadSession) -> AdminVisitTypes:
    """The clinic's visit types in their order, retired ones too, and what each may be set to."""
    return await _all(read)


@post("/api/admin/visit-types", permission=Permission.ADMIN_CLINIC, idempotent=True)
async def add_visit_type(write: WriteSession, data: VisitTypeForm) -> AdminVisitTypes:
    """Add one at the end. 422 by field, 409 `too_many_visit_types`."""
    await service.add(write, data, list(catalog.questionnaires()))
    return await _all(write)


@put("/api/admin/visit-types/{type_id:uuid}", permission=Permission.ADMIN_CLINIC)
async def change_visit_type(
    write: WriteSession, match: IfMatch, type_id: UUID, data: ChangeVisitType
) -> AdminVisitTypes:
    """Change one, retire it or offer it again. 422 by field, 409 `visit_type_changed`, 412 with If-Match."""
    await service.change(write, type_id, match.on(data.version), data, list(catalog.questionnaires()))
    return await _all(write)


@put("/api/admin/visit-types-order", permission=Permission.ADMIN_CLINIC)
async def order_visit_types(write: WriteSession, data: OrderVisitTypes) -> AdminVisitTypes:
    """Offer them in this order. 409 `visit_type_changed` if the list is another by now."""
    await service.order(write, data.ids)
    return await _all(write)


async def _all(read: ReadSession) -> AdminVisitTypes:
    return AdminVisitTypes(
        types=[admin_visit_type(row) for row in await repository.every(read)],
        questionnaires=[
            QuestionnaireName(code, each.title) for code, each in catalog.questionnaires().items()
        ],
        clinicians=[ClinicianName(each.id, each.name) for each in await availability.clinicians(read)],
    )


ROUTES = [list_admin_visit_types, add_visit_type, change_visit_type, order_visit_types]
