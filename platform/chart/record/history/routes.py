"""What became of a record: its versions, taking it back, and what was taken back. For the care team alone."""

from typing import Annotated
from uuid import UUID

from litestar import Response
from litestar.params import Parameter

from chart import access
from chart.prescribing import recording
from chart.record import store
from chart.record.history import service
from chart.record.history.schemas import InError, InErrorList, MeasuredList, RecordVersionOut, UndoInError
from chart.schemas import RecordOut, record_out
from core.database.session import ReadSession, WriteSession
from core.edge.versions import IfMatch, tagged
from core.edge.web import get, post
from identity.permissions import Permission


@get("/api/patients/{patient_id:uuid}/records/{record_id:uuid}/history", permission=Permission.CHART_READ)
async def record_history(read: ReadSession, patient_id: UUID, record_id: UUID) -> list[RecordVersionOut]:
    """Every version of a record, oldest first, with what changed."""
    await access.patient_of(read, patient_id)
    return await service.read_history(read, patient_id, record_id)


@get("/api/patients/{patient_id:uuid}/records/in-error", permission=Permission.CHART_READ)
async def records_in_error(read: ReadSession, patient_id: UUID) -> InErrorList:
    """What was entered in error: by whom it was taken back, when and why."""
    await access.patient_of(read, patient_id)
    return await service.read_in_error(read, patient_id)


@get("/api/patients/{patient_id:uuid}/measurements/{code:str}", permission=Permission.CHART_READ)
async def measured(
    read: ReadSession, patient_id: UUID, code: Annotated[str, Parameter(max_length=20)]
) -> MeasuredList:
    """Every value of a measurement, by its LOINC code."""
    await access.patient_of(read, patient_id)
    return await service.read_measured(read, patient_id, code)


@post(
    "/api/patients/{patient_id:uuid}/records/{record_id:uuid}/in-error",
    permission=Permission.CHART_WRITE,
    idempotent=True,
    status_code=200,
)
async def mark_in_error(write: WriteSession, patient_id: UUID, record_id: UUID, data: InError) -> RecordOut:
    """Take back what was entered by mistake: it stays in the history. 409 `record_stale` where it was changed since."""
    await access.patient_of(write, patient_id)
    marked = await store.mark_in_error(
        write, patient_id, record_id, data.reason, expected_version=data.version
    )
    return record_out(marked)


@post(
    "/api/patients/{patient_id:uuid}/records/{record_id:uuid}/in-error/undo",
    permission=Permission.CHART_WRITE,
    idempotent=True,
    status_code=200,
)
async def undo_in_error(
    write: WriteSession, patient_id: UUID, record_id: UUID, data: UndoInError, match: IfMatch
) -> Response[RecordOut]:
    """Take back the taking back: it stands again as it stood."""
    await access.patient_of(write, patient_id)
    right = await store.undo_in_error(write, patient_id, record_id, match.on(data.version))
    record = await recording.stand_again(write, right)
    return tagged(record_out(record), record.version)


ROUTES = [record_history, records_in_error, measured, mark_in_error, undo_in_error]
