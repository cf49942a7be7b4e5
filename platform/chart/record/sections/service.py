"""The sections of a chart: read for the clinician and for the patient, added to and changed."""

from collections.abc import Mapping
from uuid import UUID

from chart.domain import Source
from chart.record import store
from chart.record.building import Asserter
from chart.record.models import Record
from chart.record.registry import SPECS
from chart.record.search.repository import Found, newest_of_each
from chart.record.sections.domain import Section, built, changes, edited, shown_in
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
    section = _section(kind)
    by = Asserter(Source.CLINICIAN, patient_id, write.actor.account_id, write.now())
    resource = built(section, values, by)
    return _line(section, await store.put(write, patient_id, resource, visit_id=visit_id))


async def change(
    write: WriteSession,
    patient_id: UUID,
    kind: str,
    record_id: UUID,
    values: Mapping[str, str],
    version: int | None,
) -> SectionLine:
    """Change a record by the form of its section: what `values` leave out, or say as it stands, stays as it is.

    What stands already as it is asked for is no new version, also where the answer to the first try was lost. Raises
    NotFound, Invalid for wrong values, Conflict `record_in_error`, Stale where another version was shown.
    """
    section = _section(kind)
    record = await store.hold(write, patient_id, record_id)
    if record.resource_type != kind:
        raise NotFound
    store.check_right(record)
    other = changes(section, record.resource, values, write.now().date())
    if not other:
        return _line(section, record)
    return _line(
        section,
        await store.edit(
            write,
            patient_id,
            record_id,
            lambda held: edited(section, held.resource, other),
            expected_version=version,
        ),
    )


def _section(kind: str) -> Section:
    section = sections().get(kind)
    if section is None:
        raise NotFound
    return section


async def _found(read: ReadSession, patient_id: UUID, action: str) -> Mapping[str, Found]:
    return await newest_of_each(read, list(sections()), patient_id, action=action)


def _line(section: Section, record: Record) -> SectionLine:
    line = section.line(record.resource)
    return SectionLine(
        id=record.id,
        version=record.version,
        values=shown_in(section, record.resource),
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
            asked=each.asked,
            choices=[ChoiceOut(value, said(label)) for value, label in each.choices.items()],
        )
        for each in section.fields
    ]
