"""Patients, their summary and their record."""

from uuid import UUID

from litestar import Response
from litestar.openapi.datastructures import ResponseSpec
from msgspec.structs import replace

from chart import access, summary
from chart.patients import repository as patients
from chart.record import changing, service
from chart.record.changes import AllergyChange, MedicineChange, ProblemChange
from chart.record.models import Record
from chart.schemas import (
    AllergyIn,
    ChartSummary,
    MedicineIn,
    Namesakes,
    PatientList,
    PatientSearch,
    ProblemIn,
    RecordOut,
    VitalIn,
    record_out,
)
from core.actor import Actor
from core.database.session import ReadSession, WriteSession
from core.edge.versions import IfMatch, tagged
from core.edge.web import get, post, put
from identity.permissions import Permission

_JSON = "application/json"
_SUMMARY = {200: ResponseSpec(ChartSummary, generate_examples=False)}


@post("/api/patients/search", permission=Permission.PATIENT_READ, status_code=200, reads=True)
async def search_patients(read: ReadSession, data: PatientSearch) -> PatientList:
    """The clinic's patients who fit `q` (name, record number, birth date, phone), or those seen last.

    A POST, because addresses end up in the logs of proxies, and nobody's name may stand there.
    """
    return await patients.search(read, data.q)


@get(
    "/api/patients/{patient_id:uuid}/summary",
    permission=Permission.CHART_READ,
    hot=summary.hot_summary,
    responses=_SUMMARY,
)
async def patient_summary(read: ReadSession, patient_id: UUID) -> Response[bytes]:
    """A patient's chart at a glance (`ChartSummary`)."""
    return Response(await summary.read_summary(read, patient_id, "chart.read"), media_type=_JSON)


@get("/api/patients/{patient_id:uuid}/namesakes", permission=Permission.PATIENT_READ)
async def namesakes(read: ReadSession, patient_id: UUID) -> Namesakes:
    """How many other patients have this one's name, so that nobody acts on the wrong one."""
    return await patients.namesakes(read, await access.patient_of(read, patient_id))


@get("/api/me/record", permission=Permission.RECORD_OWN, responses=_SUMMARY)
async def own_record(read: ReadSession, actor: Actor) -> Response[bytes]:
    """The patient's own chart at a glance (`ChartSummary`)."""
    return Response(await summary.read_summary(read, actor.own_patient, "record.own"), media_type=_JSON)


@post("/api/patients/{patient_id:uuid}/problems", permission=Permission.CHART_WRITE, idempotent=True)
async def add_problem(write: WriteSession, patient_id: UUID, data: ProblemIn) -> RecordOut:
    await _open(write, patient_id, data.visit_id)
    return record_out(await service.add_problem(write, patient_id, data))


@put(
    "/api/patients/{patient_id:uuid}/problems/{record_id:uuid}",
    permission=Permission.CHART_WRITE,
    idempotent=True,
)
async def change_problem(
    write: WriteSession, patient_id: UUID, record_id: UUID, data: ProblemChange, match: IfMatch
) -> Response[RecordOut]:
    await _open(write, patient_id, data.visit_id)
    data = replace(data, version=match.on(data.version))
    return _tagged(await changing.change_problem(write, patient_id, record_id, data))


@post("/api/patients/{patient_id:uuid}/allergies", permission=Permission.CHART_WRITE, idempotent=True)
async def add_allergy(write: WriteSession, patient_id: UUID, data: AllergyIn) -> RecordOut:
    await _open(write, patient_id, data.visit_id)
    return record_out(await service.add_allergy(write, patient_id, data))


@put(
    "/api/patients/{patient_id:uuid}/allergies/{record_id:uuid}",
    permission=Permission.CHART_WRITE,
    idempotent=True,
)
async def change_allergy(
    write: WriteSession, patient_id: UUID, record_id: UUID, data: AllergyChange, match: IfMatch
) -> Response[RecordOut]:
    await _open(write, patient_id, data.visit_id)
    data = replace(data, version=match.on(data.version))
    return _tagged(await changing.change_allergy(write, patient_id, record_id, data))


@post("/api/patients/{patient_id:uuid}/medicines", permission=Permission.CHART_WRITE, idempotent=True)
async def add_medicine(write: WriteSession, patient_id: UUID, data: MedicineIn) -> RecordOut:
    await _open(write, patient_id, data.visit_id)
    return record_out(await service.add_medicine(write, patient_id, data))


@put(
    "/api/patients/{patient_id:uuid}/medicines/{record_id:uuid}",
    permission=Permission.CHART_WRITE,
    idempotent=True,
)
async def change_medicine(
    write: WriteSession, patient_id: UUID, record_id: UUID, data: MedicineChange, match: IfMatch
) -> Response[RecordOut]:
    await _open(write, patient_id, data.visit_id)
    data = replace(data, version=match.on(data.version))
    return _tagged(await changing.change_medicine(write, patient_id, record_id, data))


@post("/api/patients/{patient_id:uuid}/vitals", permission=Permission.CHART_WRITE, idempotent=True)
async def add_vital(write: WriteSession, patient_id: UUID, data: VitalIn) -> RecordOut:
    await _open(write, patient_id, data.visit_id)
    return record_out(await service.add_vital(write, patient_id, data))


def _tagged(record: Record) -> Response[RecordOut]:
    return tagged(record_out(record), record.version)


async def _open(write: WriteSession, patient_id: UUID, visit_id: UUID | None) -> None:
    await access.patient_of(write, patient_id)
    await access.check_visit_of(write, patient_id, visit_id)


ROUTES = [
    search_patients,
    patient_summary,
    namesakes,
    own_record,
    add_problem,
    change_problem,
    add_allergy,
    change_allergy,
    add_medicine,
    change_medicine,
    add_vital,
]
