"""The note's tables. A trigger refuses any change to a signed note, whoever asks."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Integer, LargeBinary, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database.models import Base, Tenant

Json = dict[str, Any]

_INSTANT = DateTime(timezone=True)


class Note(Tenant, Base):
    """A visit's note: one a visit. `content` is `chart.notes.domain.NoteContent`.

    `document` holds the canonical bytes shown for signing and, once signed, the bytes signed; `sha256` is theirs.
    `signature` is Ed25519 over the statement of `chart.notes.signing`. `adult_line` is the line about the adult with a
    child that we wrote last, `present_line` that about guests, None without one: only that one is ours to replace.
    """

    __tablename__ = "note"

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"), unique=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(Text)
    content: Mapped[Json] = mapped_column(JSONB)
    saved_at: Mapped[datetime] = mapped_column(_INSTANT)
    saved_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    adult_line: Mapped[str | None] = mapped_column(Text)
    present_line: Mapped[str | None] = mapped_column(Text)
    document: Mapped[bytes | None] = mapped_column(LargeBinary)
    sha256: Mapped[str | None] = mapped_column(Text)
    signed_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    signed_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    signature: Mapped[bytes | None] = mapped_column(LargeBinary)


class NoteVersion(Base):
    """What a note said at one save. Rows are only ever added."""

    __tablename__ = "note_version"

    note_id: Mapped[UUID] = mapped_column(ForeignKey("note.id"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinic.id"))
    content: Mapped[Json] = mapped_column(JSONB)
    saved_at: Mapped[datetime] = mapped_column(_INSTANT)
    saved_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))


class NoteAddendum(Tenant, Base):
    """Words added to a signed note, themselves signed as they are written. Rows are only ever added."""

    __tablename__ = "note_addendum"

    note_id: Mapped[UUID] = mapped_column(ForeignKey("note.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    text: Mapped[str] = mapped_column(Text)
    signed_at: Mapped[datetime] = mapped_column(_INSTANT)
    sha256: Mapped[str] = mapped_column(Text)
    signature: Mapped[bytes] = mapped_column(LargeBinary)


class PlanItem(Tenant, Base):
    """A plan item of a signed note, written when it was signed: what the follow-up slice makes tasks from.

    `kind` is `chart.notes.domain.PlanKind`; `due_in_days` counts from the day of signing.
    """

    __tablename__ = "plan_item"

    note_id: Mapped[UUID] = mapped_column(ForeignKey("note.id"))
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    position: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    due_in_days: Mapped[int | None] = mapped_column(Integer)
    detail: Mapped[str] = mapped_column(Text)
