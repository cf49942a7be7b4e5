"""The record store: put, read, list, history. Nothing is deleted; a mistake is marked as entered in error."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from chart.domain import Resource, Source
from chart.record import bindings
from chart.record.index import index, marked_in_error, unmarked
from chart.record.models import Record, RecordHistory
from chart.record.registry import SPECS
from chart.record.search import indexing
from core import audit, live
from core.actor import Role
from core.database.session import ReadSession, WriteSession
from core.errors import Conflict, Invalid, Stale
from core.ids import new_id
from identity.permissions import Permission


async def put(
    write: WriteSession,
    patient_id: UUID,
    resource: Resource,
    *,
    source: Source = Source.CLINICIAN,
    visit_id: UUID | None = None,
    reason: str | None = None,
) -> Record:
    """Store a new resource.

    It is kept as it came, except that `id`, `meta.versionId`, `meta.lastUpdated` and the reference of
    `subject`/`patient` are ours to say. Raises Invalid where it is no valid FHIR or breaks a binding.
    """
    now, author = write.now(), write.actor.account_id
    stored = stamped(resource, new_id(), 1, patient_id, now)
    _check(stored)
    record = indexed(stored, UUID(stored["id"]), 1, patient_id, source, author, now)
    record.visit_id = visit_id
    write.add(record)
    await write.flush()
    return await _kept(write, record, reason)


async def edit(
    write: WriteSession,
    patient_id: UUID,
    record_id: UUID,
    change: Callable[[Record], Resource],
    *,
    source: Source = Source.CLINICIAN,
    expected_version: int | None = None,
    reason: str | None = None,
) -> Record:
    """Store the next version of a record: what `change` makes of the current one, whose row is locked meanwhile.

    `change` returns the stored resource with what it changes, and may raise. Raises NotFound for an unknown record,
    Conflict `record_stale` (with the newer version) when `expected_version` is not the current one, Invalid as `put`.
    """
    record = await hold(write, patient_id, record_id)
    if expected_version is not None and record.version != expected_version:
        # The refusal shows the newer version, so it is a reading of the chart, and on record as one.
        await audit.log(write, "chart.read", patient_id=patient_id, entity=("record", record.id))
        write.keep_on_error()
        raise Stale("record_stale", version=record.version, resource=record.resource)
    now = write.now()
    stored = stamped(change(record), record.id, record.version + 1, patient_id, now)
    _check(stored)
    if stored["resourceType"] != record.resource_type:
        raise Invalid({"resourceType": "cannot_change"})
    fill(record, stored, record.version + 1, source, write.actor.account_id, now)
    return await _kept(write, record, reason)


async def _kept(write: WriteSession, record: Record, reason: str | None) -> Record:
    """The record, with this version in the history, in the audit, and on its way to the screens."""
    write.add(history_of(record, write.clinic_id, reason))
    await write.flush()
    await indexing.keep(write, [record])
    await audit.log(
        write,
        "record.write",
        patient_id=record.patient_id,
        entity=("record", record.id),
        detail={"type": record.resource_type, "version": record.version},
    )
    publish_change(write, record.patient_id)
    return record


def publish_change(write: WriteSession, patient_id: UUID) -> None:
    """The screens that show this chart fetch it again, whoever wrote: a person or a job."""
    to = [live.role(Role.CLINICIAN), *live.patient(patient_id, Permission.RECORD_OWN)]
    live.publish(write, "chart.changed", to, patient_id=str(patient_id))


async def mark_in_error(
    write: WriteSession,
    patient_id: UUID,
    record_id: UUID,
    reason: str | None,
    *,
    expected_version: int | None = None,
) -> Record:
    """The undo of the record: a new version that says it was entered in error. Doing it twice changes nothing.

    Raises what `edit` does: what somebody has corrected meanwhile is not taken back unseen.
    """
    record = await hold(write, patient_id, record_id)
    if record.in_error:
        return record
    return await edit(
        write,
        patient_id,
        record_id,
        lambda current: marked_in_error(current.resource),
        reason=reason,
        expected_version=expected_version,
    )


async def undo_in_error(
    write: WriteSession, patient_id: UUID, record_id: UUID, expected_version: int | None
) -> Record:
    """The undo of that undo: it says again what its last version without the mark said, and who said it.

    Doing it twice changes nothing. Raises Conflict `never_right` where there is none, and what `edit` does.
    """
    record = await hold(write, patient_id, record_id)
    if not record.in_error:
        return record
    versions = await history(write, patient_id, record_id)
    right = next((each for each in reversed(versions) if not index(each.resource).in_error), None)
    if right is None:
        raise Conflict("never_right")
    return await edit(
        write,
        patient_id,
        record_id,
        lambda current: unmarked(current.resource, right.resource),
        source=Source(right.source),
        expected_version=expected_version,
    )


def check_right(record: Record) -> None:
    """What was entered in error is not changed until it is right again. Raises Conflict `record_in_error`."""
    if record.in_error:
        raise Conflict("record_in_error", version=record.version)


async def hold(write: WriteSession, patient_id: UUID, record_id: UUID) -> Record:
    """The current version, its row locked until the transaction ends. Raises NotFound as `get` does."""
    query = (
        select(Record)
        .where(Record.id == record_id, Record.patient_id == patient_id)
        .with_for_update(key_share=True)
        # What this transaction read before it waited for the lock may be an older version.
        .execution_options(populate_existing=True)
    )
    record: Record = await write.one_or_not_found(query)
    return record


async def get(read: ReadSession, patient_id: UUID, record_id: UUID) -> Record:
    """The current version. Raises NotFound for what is not this patient's."""
    query = select(Record).where(Record.id == record_id, Record.patient_id == patient_id)
    record: Record = await read.one_or_not_found(query)
    return record


async def list(
    read: ReadSession, patient_id: UUID, resource_type: str | None = None, *, include_errors: bool = False
) -> Sequence[Record]:
    """A patient's records, newest first."""
    query = select(Record).where(Record.patient_id == patient_id)
    if resource_type is not None:
        query = query.where(Record.resource_type == resource_type)
    if not include_errors:
        query = query.where(Record.in_error.is_(False))
    ordered = query.order_by(Record.effective_at.desc().nulls_last(), Record.id.desc())
    return (await read.scalars(ordered)).all()


async def history(read: ReadSession, patient_id: UUID, record_id: UUID) -> Sequence[RecordHistory]:
    """Every version that ever was, oldest first. Raises NotFound for what is not this patient's."""
    await get(read, patient_id, record_id)
    query = select(RecordHistory).where(RecordHistory.record_id == record_id).order_by(RecordHistory.version)
    return (await read.scalars(query)).all()


def _check(resource: Resource) -> None:
    try:
        bindings.check(resource)
    except bindings.InvalidResource as error:
        raise Invalid({error.path: error.code}) from None


def stamped(resource: Resource, record_id: UUID, version: int, patient_id: UUID, now: datetime) -> Resource:
    """The resource with what is ours to say: its id, version, time, and whose it is."""
    spec = SPECS.get(str(resource.get("resourceType")))
    who = spec.patient if spec else "subject"
    meta = {**(resource.get("meta") or {}), "versionId": str(version), "lastUpdated": now.isoformat()}
    ours: Resource = {"id": str(record_id), "meta": meta}
    if who is not None:
        ours[who] = {**(resource.get(who) or {}), "reference": f"Patient/{patient_id}"}
    return {**resource, **ours}


def indexed(
    resource: Resource,
    record_id: UUID,
    version: int,
    patient_id: UUID,
    source: Source,
    author_id: UUID | None,
    now: datetime,
) -> Record:
    """The row of a stamped resource."""
    record = Record(id=record_id, patient_id=patient_id)
    fill(record, resource, version, source, author_id, now)
    return record


def fill(
    record: Record, resource: Resource, version: int, source: Source, author_id: UUID | None, now: datetime
) -> None:
    """Make the row say what the resource says."""
    columns = index(resource)
    record.resource_type = resource["resourceType"]
    record.version = version
    record.status = columns.status
    record.code = columns.code
    record.code_system = columns.code_system
    record.display = columns.display
    record.category = columns.category
    record.effective_at = columns.effective_at
    record.ends_at = columns.ends_at
    record.in_error = columns.in_error
    record.source = source
    record.author_id = author_id
    record.updated_at = now
    record.resource = resource


def history_of(record: Record, clinic_id: UUID, reason: str | None) -> RecordHistory:
    """The row that keeps this version for ever."""
    return RecordHistory(
        record_id=record.id,
        version=record.version,
        clinic_id=clinic_id,
        patient_id=record.patient_id,
        source=record.source,
        author_id=record.author_id,
        reason=reason,
        at=record.updated_at,
        resource=record.resource,
    )
