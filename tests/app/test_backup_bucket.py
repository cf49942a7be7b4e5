"""A clinic whose files are in a bucket: its backup holds them, and they come back into another bucket."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from core.actor import system_actor
from core.database.session import open_unit
from core.errors import NotFound
from core.events.cron import lock_of, run_when_due
from core.files import service as files
from core.files.models import Readers
from core.files.sweeping import SWEEP
from core.services import Services
from tests.app.backup.backups import (
    Desk,
    another_database,
    folder,
    no_servers_named,
    services_at,
    small_clinic,
)
from tests.core.files.stores import CREDENTIALS, s3_server

# Fixtures, used by their names.
__all__ = ["folder", "no_servers_named"]

pytestmark = [pytest.mark.whole, pytest.mark.asyncio(loop_scope="module")]


@pytest.fixture(scope="module")
async def river(folder: Path) -> AsyncIterator[Desk]:
    async with small_clinic(folder) as desk:
        yield desk


async def _stored(services: Services, content: bytes) -> files.NewFile:
    async with services.system.connect() as connection:
        patient = (await connection.execute(text("SELECT id, clinic_id FROM patient LIMIT 1"))).one()
    about = files.About(
        purpose="after_visit_summary", readers=Readers.PATIENT_AND_CARE_TEAM, patient_id=patient.id
    )
    new = await files.store(services, patient.clinic_id, about, content)
    async with open_unit(services, system_actor(patient.clinic_id)) as unit:
        await files.keep(unit.write, new)
    return new


async def _content(services: Services, file_id: object) -> bytes:
    async with services.system.connect() as connection:
        clinic = await connection.scalar(text("SELECT clinic_id FROM file WHERE id = :id"), {"id": file_id})
    return b"".join([piece async for piece in services.files.read(clinic, file_id)])  # type: ignore[arg-type]  # a UUID


async def test_files_in_a_bucket_are_in_the_backup_and_come_back_into_another(
    river: Desk, folder: Path
) -> None:
    file = river.home / "bucket.backup"
    with s3_server() as here:
        at_home = Desk(river.home, {**river.settings, **_bucket(here)})
        async with services_at(at_home) as services:
            new = await _stored(services, b"%PDF-1.7 in a bucket")
        await asyncio.to_thread(at_home.does, "backup", "--to", file)
    desk = another_database(river, "bucket", folder / "bucket")
    with s3_server() as there:
        moved = Desk(desk.home, {**desk.settings, **_bucket(there)})
        await asyncio.to_thread(moved.does, "restore", file)
        async with services_at(moved) as services:
            assert await _content(services, new.id) == b"%PDF-1.7 in a bucket"


def _bucket(address: str) -> dict[str, str]:
    return {"CARETHREAD_FILES_URL": address, "CARETHREAD_FILES_CREDENTIALS": CREDENTIALS}


async def test_no_file_is_deleted_while_a_backup_is_written(river: Desk) -> None:
    """Its row may be in the database's copy already."""
    async with services_at(river) as services:
        new = await _stored(services, b"%PDF-1.7 dropped meanwhile")
        async with services.system.connect() as connection:
            clinic = await connection.scalar(text("SELECT clinic_id FROM patient LIMIT 1"))
        async with open_unit(services, system_actor(clinic)) as unit:
            await files.drop(unit.write, new.id)
        async with services.system.connect() as backing_up:
            await backing_up.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": lock_of(SWEEP.name)})
            await backing_up.commit()
            await run_when_due(services, SWEEP)
            assert await _content(services, new.id) == b"%PDF-1.7 dropped meanwhile"
            await backing_up.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": lock_of(SWEEP.name)})
        await run_when_due(services, SWEEP)
        with pytest.raises(NotFound):
            await _content(services, new.id)
