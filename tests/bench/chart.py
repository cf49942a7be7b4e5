"""The chart's figures: how many summaries a second, how long a note's save takes."""

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import carebundle
import msgspec

from app.home import Home
from app.servers import running
from app.tables import bring_up
from chart.importing import import_patient
from core.actor import Actor, Role, system_actor
from core.config import load_settings
from core.db import open_unit
from core.engine import make_engine
from core.services import Services, open_services
from identity.models import Account, Patient
from tests.bench import http_load
from tests.bench.figures import Figure, latency, p95, rate
from tests.conftest import make_clinic_row
from tests.people import make_staff, session_for
from visits.domain import VisitKind, VisitStatus
from visits.models import Visit

CONNECTIONS = 64
CLIENTS = 16
SECONDS = 8.0
WARM_SECONDS = 2.0


@dataclass(frozen=True)
class World:
    """A clinic with one clinician at work, and where its servers listen."""

    api: int
    bare: int
    origin: str
    token: str
    patient_id: UUID
    notes: list[tuple[UUID, dict[str, Any]]]


async def chart_summary_rps() -> list[Figure]:
    """A patient's chart summary over HTTP, signed in and audited, beside one bare asyncpg select."""
    async with _world() as world:
        ours = http_load.get(f"/api/patients/{world.patient_id}/summary", world.token)
        theirs = http_load.get(f"/bare/{world.patient_id}", world.token)
        rates: dict[int, list[float]] = {world.api: [], world.bare: []}
        # By turns, so that a change of the machine's mood meets both.
        for seconds in (WARM_SECONDS, SECONDS / 2, SECONDS / 2):
            for port, request in ((world.api, ours), (world.bare, theirs)):
                load = await http_load.run(
                    port, lambda *_, request=request: request, workers=CONNECTIONS, seconds=seconds
                )
                rates[port].append(load.rate)
    measured = {port: sum(found[1:]) / len(found[1:]) for port, found in rates.items()}
    return [rate("chart_summary_rps", measured[world.api], measured[world.bare], 0.5)]


async def note_save_p95() -> list[Figure]:
    """Saves of notes by 16 clinicians at once, each in a note of a real length."""
    async with _world() as world:
        versions = [1] * CLIENTS

        def request(worker: int, turn: int) -> bytes:
            note_id, content = world.notes[worker]
            content = {**content, "plan": f"Rest, fluids, and word {turn} of the plan. " * 10}
            body = json.dumps({"version": versions[worker], "content": content}).encode()
            versions[worker] += 1
            return http_load.send("PUT", f"/api/notes/{note_id}", world.token, world.origin, body)

        load = await http_load.run(world.api, request, workers=CLIENTS, seconds=SECONDS)
    # The first saves meet a process that has not yet prepared its statements.
    return [latency("note_save_p95", p95(load.milliseconds[CLIENTS:]), 50)]


@asynccontextmanager
async def _world() -> AsyncIterator[World]:
    async with AsyncExitStack() as stack:
        home = stack.enter_context(_home())
        environment = await stack.enter_async_context(running(home, lambda line: None))
        await bring_up(environment["CARETHREAD_OWNER_DATABASE_URL"])
        api, bare = _free_port(), _free_port()
        origin = f"http://127.0.0.1:{api}"
        environment = {**os.environ, **environment, "CARETHREAD_PUBLIC_URL": origin}
        settings = load_settings(environment)
        services = await stack.enter_async_context(open_services(settings))
        token, patient_id, notes = await _people(services)
        for command in (
            ["-m", "app.cli", "api", "--port", str(api)],
            ["-m", "tests.bench.bare", str(bare)],
        ):
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *command,
                env=environment,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
            )
            stack.push_async_callback(_stop, process)
        for port in (api, bare):
            await _listening(port)
        yield World(api, bare, origin, token, patient_id, notes)


@contextmanager
def _home() -> Iterator[Home]:
    """A home of the run's own. Short, because socket paths have to be; open to the servers' own account."""
    with TemporaryDirectory(prefix="ct-") as folder:
        Path(folder).chmod(0o755)
        yield Home(Path(folder))


async def _people(services: Services) -> tuple[str, UUID, list[tuple[UUID, dict[str, Any]]]]:
    owner = make_engine(services.settings.owner_database_url, services.settings)
    clinic_id = await make_clinic_row(owner)
    await owner.dispose()
    bundle = json.loads(carebundle.to_json(carebundle.generate_bundle(profile="type2_diabetes", seed=1)))
    async with open_unit(services, system_actor(clinic_id)) as unit:
        clinician = await make_staff(unit.write, Role.CLINICIAN)
        patient = await import_patient(unit.write, bundle)
        token = await session_for(unit.write, clinician)
    actor = Actor(clinic_id, frozenset({Role.CLINICIAN}), account_id=clinician.id, name=clinician.name)
    notes = []
    async with open_unit(services, actor) as unit:
        for number in range(CLIENTS):
            bundle["entry"][0]["resource"].pop("identifier", None)
            someone = await import_patient(unit.write, {"entry": bundle["entry"][:1]})
            visit = await _visit(unit.write, someone, clinician)
            notes.append(await _note(unit.write, visit, number))
    return token, patient.id, notes


async def _visit(write: Any, patient: Patient, clinician: Account) -> Visit:
    now = write.now()
    visit = Visit(
        patient_id=patient.id,
        clinician_id=clinician.id,
        kind=VisitKind.ON_DEMAND,
        reason_code="cough",
        status=VisitStatus.ADMITTED,
        requested_at=now,
        queued_at=now,
        admitted_at=now,
        intake_summary={"chief_complaint": "Cough", "hpi_lines": ["Three days, getting better"] * 12},
    )
    write.add(visit)
    await write.flush()
    return visit


async def _note(write: Any, visit: Visit, number: int) -> tuple[UUID, dict[str, Any]]:
    from chart.notes.service import open_note

    note = await open_note(write, visit.id)
    return note.id, dict(note.content)


async def _stop(process: asyncio.subprocess.Process) -> None:
    process.terminate()
    await process.wait()


async def _listening(port: int) -> None:
    for _ in range(300):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
    raise RuntimeError("a server did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


FIGURES = {"chart_summary_rps": chart_summary_rps, "note_save_p95": note_save_p95}

if __name__ == "__main__":
    for name in sys.argv[1:] or FIGURES:
        print(msgspec.json.encode(asyncio.run(FIGURES[name]())).decode())
