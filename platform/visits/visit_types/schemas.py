"""What the routes of visit types take and give."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from core.rules.text import Text
from visits.visit_types.models import VisitType

Title = Annotated[str, Meta(max_length=80)]
Hint = Annotated[str, Meta(max_length=120)]
Length = Annotated[int, Meta(ge=5, le=240)]
Buffer = Annotated[int, Meta(ge=0, le=120)]
Years = Annotated[int, Meta(ge=0, le=150)]


class VisitTypeOut(msgspec.Struct, frozen=True):
    """A visit type by its name. `offered`: whether the patient it was asked for can choose it; `minutes` is None where
    the clinician's working hours say how long it takes.
    """

    code: str
    icon: str
    title: Text
    hint: Text
    minutes: int | None
    offered: bool


class VisitTypeForm(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A visit type as an administrator writes it. Lengths are minutes, ages whole years with both ends included.

    `minutes` None: as long as the clinician's working hours say. `offered_by` empty: every clinician.
    """

    title_en: Title
    title_es: Title
    hint_en: Hint = ""
    hint_es: Hint = ""
    minutes: Length | None = None
    buffer_before: Buffer = 0
    buffer_after: Buffer = 0
    min_years: Years | None = None
    max_years: Years | None = None
    offered_by: Annotated[list[UUID], Meta(max_length=200)] = msgspec.field(default_factory=list)
    questionnaire: Annotated[str, Meta(max_length=60)] = "other"
    retired: bool = False


class ChangeVisitType(VisitTypeForm, kw_only=True):
    """`version` is the one that was on screen."""

    version: Annotated[int, Meta(ge=1, le=2**31 - 1)]


class OrderVisitTypes(msgspec.Struct, forbid_unknown_fields=True):
    """Every type of the clinic, in the order in which they are to be offered."""

    ids: Annotated[list[UUID], Meta(max_length=200)]


class AdminVisitType(msgspec.Struct, kw_only=True):
    """A visit type with all that can be changed of it."""

    id: UUID
    code: str
    version: int
    title_en: str
    title_es: str
    hint_en: str
    hint_es: str
    minutes: int | None
    buffer_before: int
    buffer_after: int
    min_years: int | None
    max_years: int | None
    offered_by: list[UUID]
    questionnaire: str
    retired: bool


class ClinicianName(msgspec.Struct):
    id: UUID
    name: str


class QuestionnaireName(msgspec.Struct):
    code: str
    title: Text


class AdminVisitTypes(msgspec.Struct):
    """The clinic's types in their order, the questionnaires that there are, and the clinicians who may offer them."""

    types: list[AdminVisitType]
    questionnaires: list[QuestionnaireName]
    clinicians: list[ClinicianName]


def visit_type_out(row: VisitType, *, offered: bool) -> VisitTypeOut:
    return VisitTypeOut(
        row.code,
        row.icon,
        Text(row.title_en, row.title_es),
        Text(row.hint_en, row.hint_es),
        row.minutes,
        offered,
    )


def admin_visit_type(row: VisitType) -> AdminVisitType:
    return AdminVisitType(
        id=row.id,
        code=row.code,
        version=row.version,
        title_en=row.title_en,
        title_es=row.title_es,
        hint_en=row.hint_en,
        hint_es=row.hint_es,
        minutes=row.minutes,
        buffer_before=row.buffer_before,
        buffer_after=row.buffer_after,
        min_years=row.min_years,
        max_years=row.max_years,
        offered_by=list(row.offered_by),
        questionnaire=row.questionnaire,
        retired=row.retired_at is not None,
    )
