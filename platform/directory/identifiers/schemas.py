"""What the routes of identifiers take and give."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from directory.identifiers.domain import MASKED, IdentifierKind, masked
from directory.identifiers.models import PatientIdentifier


class IdentifierForm(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """An identifier as somebody typed it: `issuer` is who gave it, in words, `system` the same as a URI, if known."""

    kind: IdentifierKind
    issuer: Annotated[str, Meta(max_length=120)]
    system: Annotated[str, Meta(max_length=200)] = ""
    value: Annotated[str, Meta(max_length=60)]
    starts_on: date | None = None
    ends_on: date | None = None


class ChangeIdentifier(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """`version` is the one that was on screen. A `value` that is null stays: it may not have been shown."""

    kind: IdentifierKind
    issuer: Annotated[str, Meta(max_length=120)]
    system: Annotated[str, Meta(max_length=200)] = ""
    value: Annotated[str, Meta(max_length=60)] | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    version: Annotated[int, Meta(ge=1, le=2**31 - 1)]


class IdentifierOut(msgspec.Struct, kw_only=True):
    """An identifier. Of one that is `masked`, `value` is only its end."""

    id: UUID
    version: int
    kind: str
    issuer: str
    system: str
    value: str
    masked: bool
    starts_on: date | None
    ends_on: date | None


class IdentifiersOut(msgspec.Struct):
    """The clinic's own record number, and what others know the patient by."""

    mrn: str
    identifiers: list[IdentifierOut]


class WholeValue(msgspec.Struct):
    value: str


def identifier_out(row: PatientIdentifier) -> IdentifierOut:
    hidden = row.kind in MASKED
    return IdentifierOut(
        id=row.id,
        version=row.version,
        kind=row.kind,
        issuer=row.issuer,
        system=row.system,
        value=masked(row.value) if hidden else row.value,
        masked=hidden,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
    )
