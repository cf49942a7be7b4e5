"""The sections of a chart, and of the patient's own record."""

from uuid import UUID

from litestar import Response

from chart import access
from chart.record.sections import service
from chart.record.sections.schemas import (
    OwnSectionOut,
    SectionChangeIn,
    SectionEntryIn,
    SectionLine,
    SectionOut,
)
from core.actor import Actor
from core.database.session import ReadSession, WriteSession
from core.edge.versions import IfMatch, tagged
from core.edge.web import get, post, put
from identity.permissions import Permission


@get("/api/patients/{patient_id:uuid}/sections", permission=Permission.CHART_READ)
async def patient_sections(read: ReadSession, patient_id: UUID) -> list[SectionOut]:
    """Vaccines, procedures and the like of a patient, section by section."""
    await access.patient_of(read, patient_id)
    return await service.read_sections(read, patient_id)


@post(
    "/api/patients/{patient_id:uuid}/sections/{resource_type:str}",
    permission=Permission.CHART_WRITE,
    idempotent=True,
)
async def add_to_section(
    write: WriteSession, patient_id: UUID, resource_type: str, data: SectionEntryIn
) -> SectionLine:
    """Add a record of this type by the fields of its section."""
    await access.patient_of(write, patient_id)
    await access.check_visit_of(write, patient_id, data.visit_id)
    return await service.add(write, patient_id, resource_type, data.values, data.visit_id)


@put(
    "/api/patients/{patient_id:uuid}/sections/{resource_type:str}/{record_id:uuid}",
    permission=Permission.CHART_WRITE,
    idempotent=True,
)
async def change_in_section(
    write: WriteSession,
    patient_id: UUID,
    resource_type: str,
    record_id: UUID,
    data: SectionChangeIn,
    match: IfMatch,
) -> Response[SectionLine]:
    """Change a record of this type by the fields of its section."""
    await access.patient_of(write, patient_id)
    version = match.on(data.version)
    line = await service.change(write, patient_id, resource_type, record_id, data.values, version)
    return tagged(line, line.version)


@get("/api/me/sections", permission=Permission.RECORD_OWN)
async def own_sections(read: ReadSession, actor: Actor) -> list[OwnSectionOut]:
    """The same of the patient's own record, in plain words."""
    return await service.read_own_sections(read, actor.own_patient)


ROUTES = [patient_sections, add_to_section, change_in_section, own_sections]
