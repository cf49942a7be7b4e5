"""The row of a file: what it is, whose, and who may read it. Its bytes are in the store, under its id."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from core.database.models import Base, Tenant, text_enum


class FileStatus(StrEnum):
    """`writing` until the transaction that names it is committed; `dropped` until the worker has deleted its bytes."""

    WRITING = "writing"
    KEPT = "kept"
    DROPPED = "dropped"
    DELETED = "deleted"


class Readers(StrEnum):
    """Who may read a file."""

    CARE_TEAM = "care_team"
    PATIENT_AND_CARE_TEAM = "patient_and_care_team"


class File(Tenant, Base):
    """A file of a patient. The row stays when its bytes are deleted: it shows what there was, and when it went.

    Size and digest are of the plain bytes, `media_type` is what they are by their content. Earlier releases noted no
    digest. Without `keep_until` a file is kept as long as the record that names it.
    """

    __tablename__ = "file"

    status: Mapped[FileStatus] = mapped_column(text_enum(FileStatus))
    purpose: Mapped[str]
    readers: Mapped[Readers] = mapped_column(text_enum(Readers))
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    visit_id: Mapped[UUID | None] = mapped_column(ForeignKey("visit.id"))
    media_type: Mapped[str | None]
    size: Mapped[int | None] = mapped_column(BigInteger)
    sha256: Mapped[bytes | None] = mapped_column(LargeBinary)
    keep_until: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
