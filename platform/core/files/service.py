"""Writing, keeping, reading and dropping files.

A file's row is there before its bytes, and goes on being there after them. So whatever dies in between, a row says
what is left over, and ``core.files.sweeping`` deletes it.
"""

from collections.abc import AsyncIterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from core.actor import Role
from core.database.session import LaterBody, ReadSession, WriteSession, system_unit
from core.errors import NotFound
from core.files.models import File, FileStatus, Readers
from core.files.store import Written
from core.ids import new_id
from core.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What is known of a file before it is written. `owner_id` is the account that answers for it."""

    purpose: str
    readers: Readers
    patient_id: UUID
    visit_id: UUID | None = None
    owner_id: UUID | None = None
    keep_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file whose bytes are stored, and which nothing names yet."""

    id: UUID
    written: Written


async def store(
    services: Services, clinic_id: UUID, about: About, data: AsyncIterable[bytes] | bytes
) -> NewFile:
    """Write the bytes, while no transaction is open. Unless ``keep`` follows they are deleted again."""
    file_id = new_id()
    async with system_unit(services, clinic_id) as unit:
        unit.write.add(
            File(
                id=file_id,
                status=FileStatus.WRITING,
                purpose=about.purpose,
                readers=about.readers,
                patient_id=about.patient_id,
                visit_id=about.visit_id,
                owner_id=about.owner_id,
                keep_until=about.keep_until,
            )
        )
    return NewFile(file_id, await services.files.write(clinic_id, file_id, data))


async def keep(write: WriteSession, new: NewFile) -> None:
    """Keep it, with the row that names it. Raises NotFound if it was left over for so long that it was swept."""
    row = await _locked(write, new.id, FileStatus.WRITING)
    row.status = FileStatus.KEPT
    row.size, row.sha256 = new.written.size, new.written.sha256
    row.media_type = new.written.media_type
    await write.flush()


async def drop(write: WriteSession, file_id: UUID) -> None:
    """Nothing names it any more: the worker deletes its bytes once this is committed."""
    row = await _locked(write, file_id, FileStatus.KEPT)
    row.status, row.dropped_at = FileStatus.DROPPED, write.now()


async def readable(read: ReadSession, file_id: UUID) -> File:
    """The file, if the actor is among its readers. Raises NotFound."""
    query = select(File).where(File.id == file_id, File.status == FileStatus.KEPT)
    if read.actor.is_patient:
        own = File.patient_id == read.actor.patient_id
        query = query.where(own, File.readers == Readers.PATIENT_AND_CARE_TEAM)
    elif not read.actor.has(Role.CLINICIAN, Role.COORDINATOR):
        raise NotFound
    file: File = await read.one_or_not_found(query)
    return file


def body(services: Services, file: File) -> LaterBody:
    """The file as the body of an answer, read once the transaction is over."""
    clinic_id, file_id = file.clinic_id, file.id
    return LaterBody(file.size, lambda: services.files.read(clinic_id, file_id))


async def _locked(write: WriteSession, file_id: UUID, status: FileStatus) -> File:
    query = select(File).where(File.id == file_id, File.status == status)
    row: File | None = await write.one_or_none(query.with_for_update(key_share=True))
    if row is None:
        raise NotFound
    return row
