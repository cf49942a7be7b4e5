"""kill -9 of the API while sixteen people save their notes (case 1)."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.process.supervisor import Process, Supervisor
from chart.notes import service as notes
from core.actor import Role, system_actor
from core.database.session import open_unit
from core.services import Services
from tests.chart.conftest import admitted_visit
from tests.patience import PATIENCE
from tests.people import actor_of, make_patient, make_staff, session_for, sign_in
from tests.ports import free_ports

pytestmark = pytest.mark.whole

CLIENTS, SAVES = 16, 512
# The API dies when so many saves have been acknowledged.
DEATHS = (120, 330)


@dataclass
class ApiProcess:
    """`carethread api` as a process of its own, started again by the supervisor when it dies."""

    supervisor: Supervisor
    port: int
    said: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def kill(self) -> None:
        """kill -9."""
        pid = self.supervisor.pid("api")
        assert pid is not None, "it is not running"
        os.kill(pid, signal.SIGKILL)

    async def listens(self) -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        writer.close()
        return True


@pytest.fixture
async def api(environment: dict[str, str]) -> AsyncIterator[ApiProcess]:
    port = free_ports()
    said: list[str] = []
    supervisor = Supervisor(lambda name, line: said.append(line))
    api = ApiProcess(supervisor, port, said)
    command = (sys.executable, "-m", "app.cli", "api", "--port", str(port))
    env = {**environment, "CARETHREAD_PUBLIC_URL": api.url, "PYTHONPATH": os.pathsep.join(sys.path)}
    try:
        await supervisor.start(Process(name="api", command=command, env=env, ready=api.listens))
        yield api
    finally:
        await supervisor.stop()


@dataclass
class Writer:
    """A clinician's page: it types on, saves each time, and sends again what was not acknowledged."""

    browser: httpx.AsyncClient
    note_id: UUID
    name: str
    acknowledged: list[str] = field(default_factory=list)
    broken: int = 0
    version: int = 1

    async def write(self, saves: int, api: ApiProcess, progress: "Progress") -> None:
        for number in range(saves):
            words = f"{self.name} wrote {number} " * 40
            content = {"subjective": words, "objective": words, "assessment": words, "plan": words}
            await self._save_until_acknowledged(content, api)
            self.acknowledged.append(words)
            progress.count_one()

    async def _save_until_acknowledged(self, content: dict[str, str], api: ApiProcess) -> None:
        body = {"version": self.version, "content": content}
        while True:
            try:
                answer = await self.browser.put(f"/api/notes/{self.note_id}", json=body)
            except httpx.TransportError:
                self.broken += 1
                await _back(api)
                continue
            assert answer.status_code == 200, answer.text
            self.version = answer.json()["version"]
            return


async def _back(api: ApiProcess) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await api.listens():  # noqa: ASYNC110  another process gives no event
            await asyncio.sleep(0.05)


class Progress:
    """Counts what was acknowledged, and kills the API at the right moments, in the middle of the others' saves."""

    def __init__(self, api: ApiProcess) -> None:
        self._api = api
        self._deaths = list(DEATHS)
        self.acknowledged = 0

    def count_one(self) -> None:
        self.acknowledged += 1
        if self._deaths and self.acknowledged >= self._deaths[0]:
            self._deaths.pop(0)
            self._api.kill()


@pytest.fixture
async def writers(services: Services, clinic_id: UUID, api: ApiProcess) -> AsyncIterator[list[Writer]]:
    made = []
    for number in range(CLIENTS):
        async with open_unit(services, system_actor(clinic_id)) as unit:
            clinician = await make_staff(unit.write, Role.CLINICIAN)
            visit = await admitted_visit(unit.write, await make_patient(unit.write), clinician)
            token = await session_for(unit.write, clinician)
        async with open_unit(services, actor_of(clinician)) as unit:
            note = await notes.open_note(unit.write, visit.id)
        browser = httpx.AsyncClient(base_url=api.url, headers={"origin": api.url}, timeout=PATIENCE)
        sign_in(browser, token)
        made.append(Writer(browser, note.id, f"clinician-{number}"))
    yield made
    for writer in made:
        await writer.browser.aclose()


async def test_every_acknowledged_save_is_there_once_and_none_is_partial(
    api: ApiProcess, writers: list[Writer], clinic_id: UUID, owner: AsyncEngine
) -> None:
    progress = Progress(api)
    await asyncio.gather(*(writer.write(SAVES // CLIENTS, api, progress) for writer in writers))
    assert progress.acknowledged == SAVES
    assert sum("ended by SIGKILL" in line for line in api.said) == len(DEATHS)
    assert sum(writer.broken for writer in writers) >= len(DEATHS), "no save was under way when it died"

    async with owner.connect() as connection:
        await connection.execute(
            text("SELECT set_config('carethread.clinic_id', :clinic, true)"), {"clinic": str(clinic_id)}
        )
        for writer in writers:
            rows = await connection.execute(
                text("SELECT version, content FROM note_version WHERE note_id = :note ORDER BY version"),
                {"note": writer.note_id},
            )
            kept = rows.all()
            # The first version is the one that the note was opened with.
            assert [row.version for row in kept] == list(range(1, len(writer.acknowledged) + 2))
            for row, words in zip(kept[1:], writer.acknowledged, strict=True):
                assert {row.content[part] for part in ("subjective", "objective", "assessment", "plan")} == {
                    words
                }
        audited = await connection.scalar(
            text("SELECT count(*) FROM audit_event WHERE clinic_id = :clinic AND action = 'note.save'"),
            {"clinic": clinic_id},
        )
        assert audited == SAVES
