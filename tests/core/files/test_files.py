"""Rows of files: who may read, what is dropped, and that nothing is left over for ever."""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from core.actor import Role, system_actor
from core.clock import FrozenClock
from core.database.session import open_unit
from core.errors import NotFound
from core.files import service as files
from core.files.models import File, FileStatus, Readers
from core.files.sweeping import LEFT_OVER, sweep
from core.services import Services
from identity.models import Patient
from tests.people import actor_of, make_patient, make_staff


@dataclass
class World:
    services: Services
    clinic_id: UUID
    patient: Patient

    async def stored(self, readers: Readers = Readers.CARE_TEAM, **about: object) -> files.NewFile:
        known = files.About(
            purpose="after_visit_summary",
            readers=readers,
            patient_id=self.patient.id,
            **about,  # type: ignore[arg-type]  # as the test names them
        )
        return await files.store(self.services, self.clinic_id, known, b"%PDF-1.7 a summary")

    async def kept(self, readers: Readers = Readers.CARE_TEAM, **about: object) -> UUID:
        new = await self.stored(readers, **about)
        async with open_unit(self.services, system_actor(self.clinic_id)) as unit:
            await files.keep(unit.write, new)
        return new.id

    async def drop(self, file_id: UUID) -> None:
        async with open_unit(self.services, system_actor(self.clinic_id)) as unit:
            await files.drop(unit.write, file_id)

    async def status(self, file_id: UUID) -> FileStatus:
        async with open_unit(self.services, system_actor(self.clinic_id)) as unit:
            return FileStatus(await unit.read.scalar(select(File.status).where(File.id == file_id)))

    async def has_bytes(self, file_id: UUID) -> bool:
        try:
            return bool([piece async for piece in self.services.files.read(self.clinic_id, file_id)])
        except NotFound:
            return False

    async def state(self, file_id: UUID) -> tuple[FileStatus, bool]:
        return await self.status(file_id), await self.has_bytes(file_id)

    def later(self, by: timedelta) -> Services:
        return replace(self.services, clock=FrozenClock(self.services.clock.now() + by))


@pytest.fixture
async def world(services: Services, clinic_id: UUID) -> World:
    async with open_unit(services, system_actor(clinic_id)) as unit:
        patient = await make_patient(unit.write)
    return World(services, clinic_id, patient)


async def test_a_row_says_what_a_file_is(world: World) -> None:
    file_id = await world.kept()
    async with open_unit(world.services, system_actor(world.clinic_id)) as unit:
        row: File = (await unit.read.scalars(select(File).where(File.id == file_id))).one()
    assert (row.media_type, row.size) == ("application/pdf", 18)
    assert row.sha256 is not None and len(row.sha256) == 32


@pytest.mark.parametrize("readers", list(Readers))
async def test_a_file_is_read_by_its_readers_and_does_not_exist_for_others(
    world: World, readers: Readers
) -> None:
    file_id = await world.kept(readers)
    async with open_unit(world.services, system_actor(world.clinic_id)) as unit:
        other = await make_patient(unit.write)
        people = {
            "own": actor_of(world.patient),
            "other": actor_of(other),
            "clinician": actor_of(await make_staff(unit.write, Role.CLINICIAN)),
            "admin": actor_of(await make_staff(unit.write, Role.ADMIN)),
        }
    found = set()
    for name, actor in people.items():
        async with open_unit(world.services, actor) as unit:
            try:
                await files.readable(unit.read, file_id)
                found.add(name)
            except NotFound:
                pass
    assert found == ({"clinician"} if readers is Readers.CARE_TEAM else {"own", "clinician"})


async def test_a_dropped_file_goes_after_the_commit_and_its_row_stays(world: World) -> None:
    file_id, other = await world.kept(), await world.kept()
    with pytest.raises(KeyError):
        async with open_unit(world.services, system_actor(world.clinic_id)) as unit:
            await files.drop(unit.write, file_id)
            raise KeyError
    await sweep(world.services)
    assert await world.state(file_id) == (FileStatus.KEPT, True), "nothing was committed"
    await world.drop(file_id)
    assert await world.has_bytes(file_id)
    for _ in range(2):
        await sweep(world.services)
        assert await world.state(file_id) == (FileStatus.DELETED, False)
    assert await world.state(other) == (FileStatus.KEPT, True)
    with pytest.raises(NotFound):
        await world.drop(file_id)


async def test_what_a_crash_left_over_is_swept_once_no_write_can_still_go_on(world: World) -> None:
    """The bytes are there, and the transaction that was to name them never came."""
    new = await world.stored()
    await sweep(world.services)
    assert await world.state(new.id) == (FileStatus.WRITING, True)
    await sweep(world.later(LEFT_OVER + timedelta(minutes=1)))
    assert await world.state(new.id) == (FileStatus.DELETED, False)
    async with open_unit(world.services, system_actor(world.clinic_id)) as unit:
        with pytest.raises(NotFound):
            await files.keep(unit.write, new)


async def test_a_file_goes_when_its_time_is_over(world: World) -> None:
    file_id = await world.kept(keep_until=world.services.clock.now() + timedelta(days=1))
    await sweep(world.services)
    assert await world.state(file_id) == (FileStatus.KEPT, True)
    await sweep(world.later(timedelta(days=2)))
    assert await world.state(file_id) == (FileStatus.DELETED, False)


async def test_one_that_cannot_be_deleted_waits_and_holds_up_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, other = await world.kept(), await world.kept()
    await world.drop(stuck)
    await world.drop(other)
    delete = type(world.services.files).delete

    async def failing(self: object, clinic_id: UUID, file_id: UUID) -> None:
        if file_id == stuck:
            raise OSError
        await delete(world.services.files, clinic_id, file_id)

    with monkeypatch.context() as patch:
        patch.setattr(type(world.services.files), "delete", failing)
        await sweep(world.services)
    assert await world.state(stuck) == (FileStatus.DROPPED, True)
    assert await world.state(other) == (FileStatus.DELETED, False)
    await sweep(world.services)
    assert await world.state(stuck) == (FileStatus.DELETED, False)
