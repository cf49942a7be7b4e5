"""What a clinician changes in the record: the stored resource is edited, and only where it was changed."""

from uuid import UUID

from chart.domain import RecordType, Resource, Source
from chart.record import store
from chart.record.building import Asserter
from chart.record.changes import AllergyChange, MedicineChange, ProblemChange
from chart.record.edits import code_in
from chart.record.index import verified_as
from chart.record.models import Record
from chart.record.service import asserted, icd10_display
from chart.record.types import allergy_intolerance, condition, medication_request, medication_statement
from core.database.session import WriteSession
from core.errors import Invalid


async def change_problem(
    write: WriteSession, patient_id: UUID, record_id: UUID, data: ProblemChange
) -> Record:
    """Change a problem. Raises Invalid for a new code that ICD-10-CM does not have, and what `store.edit` does."""
    by = asserted(write, patient_id, Source.CLINICIAN)
    official = await _official(write, patient_id, record_id, data)

    def change(record: Record) -> Resource:
        return _confirmed(record, condition.changed(_of(record, RecordType.CONDITION), data, official), by)

    return await store.edit(write, patient_id, record_id, change, expected_version=data.version)


async def change_allergy(
    write: WriteSession, patient_id: UUID, record_id: UUID, data: AllergyChange
) -> Record:
    """Change an allergy. Raises Invalid, and what `store.edit` does."""
    by = asserted(write, patient_id, Source.CLINICIAN)

    def change(record: Record) -> Resource:
        return _confirmed(record, allergy_intolerance.changed(_of(record, RecordType.ALLERGY), data), by)

    return await store.edit(write, patient_id, record_id, change, expected_version=data.version)


async def change_medicine(
    write: WriteSession, patient_id: UUID, record_id: UUID, data: MedicineChange
) -> Record:
    """Change or end a medicine. Of what was prescribed only the status changes. Raises what `store.edit` does."""
    now = write.now()

    def change(record: Record) -> Resource:
        store.check_right(record)
        if record.resource_type == RecordType.MEDICATION_REQUEST:
            if not isinstance(data.status, str):
                return record.resource
            return medication_request.with_status(record.resource, data.status, now)
        return medication_statement.changed(_of(record, RecordType.MEDICATION_STATEMENT), data, now)

    return await store.edit(write, patient_id, record_id, change, expected_version=data.version)


def _of(record: Record, kind: RecordType) -> Resource:
    store.check_right(record)
    if record.resource_type != kind:
        raise Invalid({"resourceType": "cannot_change"})
    return record.resource


async def _official(
    write: WriteSession, patient_id: UUID, record_id: UUID, data: ProblemChange
) -> str | None:
    """The description of a code that the problem does not have yet."""
    if not isinstance(data.code, str):
        return None
    stored = await store.get(write, patient_id, record_id)
    known = (stored.resource.get("code") or {}).get("coding") or []
    if data.code in [each.get("code") for each in known]:
        return None
    return await icd10_display(write, data.code, "code")


def _confirmed(record: Record, resource: Resource, by: Asserter) -> Resource:
    """A clinician's word makes confirmed what a patient had told."""
    if record.source != Source.PATIENT:
        return resource
    status = verified_as(resource, "confirmed", "Confirmed")
    system = status["coding"][0]["system"]
    if code_in(resource.get("verificationStatus"), system) != "unconfirmed":
        return resource
    return {**resource, "verificationStatus": status, "asserter": by.reference}
