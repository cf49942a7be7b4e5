"""The sections of a chart: read for the clinician and for the patient, and added to."""

from collections.abc import Mapping
from uuid import UUID

from chart.domain import Source
from chart.record import store
from chart.record.building import Asserter
from chart.record.models import Record
from chart.record.registry import SPECS
from chart.record.search.repository import Found, newest_of_each
from chart.record.sections.domain import Section, checked
from chart.record.sections.schemas import (
    ChoiceOut,
    FieldOut,
    OwnSectionOut,
    SectionLine,
    SectionOut,
    said,
)
from core.database.session import ReadSession, WriteSession
from core.errors import NotFound


def sections() -> Mapping[str, Section]:
    """The types that have a section, in the order of their names."""
    return {kind: spec.section for kind, spec in sorted(SPECS.items()) if spec.section is not None}


async def read_sections(read: ReadSession, patient_id: UUID) -> list[SectionOut]:
    """Every section of a chart, also those that are empty. Whose chart it is, the caller has asked."""
    found = await _found(read, patient_id, "chart.read")
    return [
        SectionOut(
            type=kind,
            title=said(section.title),
            none=said(section.none),
            add=said(section.add),
            fields=_fields(section),
            items=[_line(section, each) for each in found[kind].records],
            more=found[kind].more,
        )
        for kind, section in sections().items()
    ]


async def read_own_sections(read: ReadSession, patient_id: UUID) -> list[OwnSectionOut]:
    """The same in the patient's words."""
    found = await _found(read, patient_id, "record.own")
    return [
        OwnSectionOut(
            type=kind,
            title=said(section.own_title),
            none=said(section.own_none),
            items=[_line(section, each) for each in found[kind].records],
            more=found[kind].more,
        )
        for kind, section in sections().items()
    ]


async def add(
    write: WriteSession, patient_id: UUID, kind: str, values: Mapping[str, str], visit_id: UUID | None
) -> SectionLine:
    """Add a record by the form of its section. Raises NotFound for a type without one, Invalid for wrong values."""
    section = sections().get(kind)
    if section is None:
        raise NotFound
    by = Asserter(Source.CLINICIAN, patient_id, write.actor.account_id, write.now())
    built = section.build(checked(section, values, write.now().date()), by)
    return _line(section, await store.put(write, patient_id, built, visit_id=visit_id))


async def _found(read: ReadSession, patient_id: UUID, action: str) -> Mapping[str, Found]:
    return await newest_of_each(read, list(sections()), patient_id, action=action)


def _line(section: Section, record: Record) -> SectionLine:
    line = section.line(record.resource)
    return SectionLine(
        id=record.id,
        title=said(line.title),
        facts=[said(each) for each in line.facts],
        when=line.when,
        due=line.due,
        source=record.source,
    )


def _fields(section: Section) -> list[FieldOut]:
    return [
        FieldOut(
            name=each.name,
            label=said(each.label),
            kind=each.kind,
            required=each.required,
            choices=[ChoiceOut(value, said(label)) for value, label in (each.choices or {}).items()],
        )
        for each in section.fields
    ]
