"""Reads what became of a record, version by version, and what was taken back. Callers ask whose chart it is."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from chart.domain import RecordType, Resource, Said, as_written
from chart.record import store
from chart.record.history.domain import Value, differences, references
from chart.record.history.schemas import (
    InErrorLine,
    InErrorList,
    MeasuredLine,
    MeasuredList,
    RecordChange,
    RecordVersionOut,
    ShownValue,
)
from chart.record.history.words import KINDS
from chart.record.index import index
from chart.record.models import Record, RecordHistory
from chart.record.registry import SPECS
from chart.record.search.params import Coded, Token
from chart.record.search.repository import PAGE, search
from chart.record.sections.schemas import said
from core import audit
from core.database.session import ReadSession
from identity.person.names import names_of

_PRESSURE, _HALVES = "85354-9", frozenset({"8480-6", "8462-4"})
"""A blood pressure, and the codes of its two numbers, which are measured apart too."""
_PATIENT = Said("The patient", "El paciente")


async def read_history(read: ReadSession, patient_id: UUID, record_id: UUID) -> list[RecordVersionOut]:
    """Every version, oldest first, audited. Raises NotFound for what is not this patient's."""
    versions = await store.history(read, patient_id, record_id)
    authors = {each.author_id for each in versions if each.author_id}
    named = {each for version in versions for each in references(version.resource)}
    people = {each: found for each in named if (found := _id_in(each, "Practitioner"))}
    names = await names_of(read, authors | set(people.values()))
    known = {each: as_written(names[found]) for each, found in people.items() if found in names}
    known |= await _records_named(read, patient_id, named - people.keys())
    known[f"Patient/{patient_id}"] = _PATIENT
    await audit.log(read, "chart.read", patient_id=patient_id, entity=("record", record_id))
    before = [None, *(each.resource for each in versions)]
    return [_version(each, was, names, known) for each, was in zip(versions, before, strict=False)]


async def _records_named(read: ReadSession, patient_id: UUID, named: Iterable[str]) -> dict[str, Said]:
    """What the references to other records of the chart are called."""
    ids = {each: found for each in named if (found := _id_in(each))}
    query = select(Record.id, Record.resource_type, Record.display).where(
        Record.patient_id == patient_id, Record.id.in_(ids.values())
    )
    rows = {row.id: row for row in await read.execute(query)}
    return {
        each: as_written(row.display) if row.display else _kind(row.resource_type)
        for each, found in ids.items()
        if (row := rows.get(found))
    }


async def read_in_error(read: ReadSession, patient_id: UUID) -> InErrorList:
    """What was taken back, audited."""
    marked = (
        select(Record, RecordHistory.reason)
        .join(
            RecordHistory,
            (RecordHistory.record_id == Record.id) & (RecordHistory.version == Record.version),
        )
        .where(Record.patient_id == patient_id, Record.in_error)
        .order_by(Record.updated_at.desc(), Record.id.desc())
        .limit(PAGE + 1)
    )
    rows = (await read.execute(marked)).all()
    names = await names_of(read, {row.Record.author_id for row in rows if row.Record.author_id})
    detail = {"found": min(len(rows), PAGE)}
    await audit.log(read, "chart.read", patient_id=patient_id, entity=("patient", patient_id), detail=detail)
    return InErrorList([_in_error(row.Record, row.reason, names) for row in rows[:PAGE]], len(rows) > PAGE)


async def read_measured(read: ReadSession, patient_id: UUID, code: str) -> MeasuredList:
    """Every value of a LOINC code, also as half of a blood pressure, audited."""
    asked = [code, _PRESSURE] if code in _HALVES else [code]
    param = Token("code", tuple(map(Coded, asked)))
    found = await search(read, RecordType.OBSERVATION, [param], patient_id=patient_id)
    lines = (_measured(each, code) for each in found.records)
    return MeasuredList([each for each in lines if each], found.more)


def _id_in(reference: str, kind: str | None = None) -> UUID | None:
    """The id that `Type/id` names; None for anything else, or another type."""
    named, _, found = reference.partition("/")
    try:
        return UUID(found) if kind in (None, named) else None
    except ValueError:
        return None


def _kind(resource_type: str) -> Said:
    section = SPECS[resource_type].section
    return section.title if section else KINDS.get(resource_type, as_written(resource_type))


def _version(
    version: RecordHistory, before: Resource | None, names: Mapping[UUID, str], known: Mapping[str, Said]
) -> RecordVersionOut:
    return RecordVersionOut(
        version=version.version,
        source=version.source,
        author=names.get(version.author_id) if version.author_id else None,
        reason=version.reason,
        at=version.at,
        in_error=index(version.resource).in_error,
        changes=[
            RecordChange(
                said(each.label), each.known, each.technical, _shown(each.before), _shown(each.after)
            )
            for each in differences(before, version.resource, known)
        ],
        resource=version.resource,
    )


def _shown(value: Value | None) -> ShownValue | None:
    return ShownValue(said(value.words), value.is_date) if value else None


def _in_error(record: Record, reason: str | None, names: Mapping[UUID, str]) -> InErrorLine:
    return InErrorLine(
        id=record.id,
        version=record.version,
        kind=said(_kind(record.resource_type)),
        name=record.display,
        author=names.get(record.author_id) if record.author_id else None,
        reason=reason,
        at=record.updated_at,
    )


def _measured(record: Record, code: str) -> MeasuredLine | None:
    """A value that is a number; None for one that is words, or missing."""
    parts = [record.resource, *(record.resource.get("component") or [])]
    quantity = next((each.get("valueQuantity") or {} for each in parts if _is_of(each, code)), {})
    value = quantity.get("value")
    if not isinstance(value, int | Decimal):
        return None
    return MeasuredLine(
        id=record.id,
        version=record.version,
        at=record.effective_at,
        value=Decimal(value),
        typed=str(value),
        unit=quantity.get("code") or quantity.get("unit"),
        source=record.source,
    )


def _is_of(measured: Resource, code: str) -> bool:
    return any(each.get("code") == code for each in (measured.get("code") or {}).get("coding") or [])
