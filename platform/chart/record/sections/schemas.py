"""What the routes of the chart's sections take and give. Words come in both languages, the reader's is shown."""

from typing import Annotated
from uuid import UUID

import msgspec

from chart.domain import Said

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
Value = Annotated[str, msgspec.Meta(max_length=1000)]


class SaidOut(msgspec.Struct):
    """The same in English and in Spanish."""

    en: str
    es: str


class SectionLine(msgspec.Struct):
    """One record. `when` and `due` are FHIR dates, whole or partial; `values` are what the fields of the form show."""

    id: UUID
    version: int
    title: SaidOut
    facts: list[SaidOut]
    when: str | None
    due: str | None
    source: str
    values: dict[str, str]


class ChoiceOut(msgspec.Struct):
    value: str
    label: SaidOut


class FieldOut(msgspec.Struct):
    """A field of the form; `kind` is text, date (a year, a month or a day) or choice.

    One that is not `asked` when a record is added is there to change it.
    """

    name: str
    label: SaidOut
    kind: str
    required: bool
    asked: bool
    choices: list[ChoiceOut]


class SectionOut(msgspec.Struct):
    """A section of the chart: its words, its records with the newest first, and what is asked to add one."""

    type: str
    title: SaidOut
    none: SaidOut
    add: SaidOut
    fields: list[FieldOut]
    items: list[SectionLine]
    more: bool


class OwnSectionOut(msgspec.Struct):
    """A section of the patient's own record."""

    type: str
    title: SaidOut
    none: SaidOut
    items: list[SectionLine]
    more: bool


class SectionEntryIn(msgspec.Struct, forbid_unknown_fields=True):
    """What was filled in, by the fields' names."""

    values: dict[Name, Value]
    visit_id: UUID | None = None


class SectionChangeIn(msgspec.Struct, forbid_unknown_fields=True):
    """What was changed, by the fields' names; an empty value removes what was there, and what is left out stays.

    `version` is the one that was shown.
    """

    values: dict[Name, Value]
    version: int | None = None


def said(words: Said) -> SaidOut:
    return SaidOut(words.en, words.es)
