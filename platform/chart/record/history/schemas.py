"""What the routes of a record's history take and give. Words come in both languages, the reader's is shown."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import msgspec

from chart.domain import Resource
from chart.record.sections.schemas import SaidOut

Reason = Annotated[str, msgspec.Meta(max_length=1000)]


class InError(msgspec.Struct, forbid_unknown_fields=True):
    """Why something is taken back. `version` is the one that was shown."""

    reason: Reason | None = None
    version: int | None = None


class UndoInError(msgspec.Struct, forbid_unknown_fields=True):
    """That it was right after all. `version` is the one that was shown."""

    version: int | None = None


class ShownValue(msgspec.Struct):
    """What an element said; with `is_date` the words are a FHIR date, whole or partial, or a time."""

    words: SaidOut
    is_date: bool


class RecordChange(msgspec.Struct):
    """One element that a version says otherwise than the one before.

    With `known` false, its label is FHIR's path. What is `technical` concerns machines before people.
    """

    label: SaidOut
    known: bool
    technical: bool
    before: ShownValue | None
    after: ShownValue | None


class RecordVersionOut(msgspec.Struct):
    """One version of a record. `changes` are those since the version before; of the first, all that it says."""

    version: int
    source: str
    author: str | None
    reason: str | None
    at: datetime
    in_error: bool
    changes: list[RecordChange]
    resource: Resource


class InErrorLine(msgspec.Struct):
    """A record that was taken back: by whom, when and why."""

    id: UUID
    version: int
    kind: SaidOut
    name: str | None
    author: str | None
    reason: str | None
    at: datetime


class InErrorList(msgspec.Struct):
    """Those that were taken back last come first."""

    items: list[InErrorLine]
    more: bool


class MeasuredLine(msgspec.Struct):
    """One value of a measurement. `typed` are its digits as they were typed or imported."""

    id: UUID
    version: int
    at: datetime | None
    value: Decimal
    typed: str
    unit: str | None
    source: str


class MeasuredList(msgspec.Struct):
    """Every value of one LOINC code, the newest first."""

    items: list[MeasuredLine]
    more: bool
