"""A clinic with one clinician at work, its API, and the bare server beside it."""

import json
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from app.home import Home
from app.process.servers import running
from app.tables import bring_up
from chart.notes.service import open_note
from chart.record.importing import import_patient
from core.actor import Actor, Role, system_actor
from core.config import load_settings
from core.database.engine import make_engine
from core.database.session import open_unit
from core.services import Services, open_services
from tests.bench.servers import serving
from tests.chart.conftest import admitted_visit
from tests.conftest import make_clinic_row
from tests.people import make_staff, session_for
from tests.ports import free_ports

Note = tuple[UUID, dict[str, Any]]


@dataclass(frozen=True)
class World:
    """Where the servers listen, the clinician's session, a patient with a chart, and open notes with their content.

    `owner` is the address of the database for whoever fills it. `services` and `clinician` are for what has no route.
    """

    api: int
    bare: int
    origin: str
    token: str
    patient_id: UUID
    notes: list[Note]
    clinic_id: UUID
    owner: str
    services: Services
    clinician: Actor


@asynccontextmanager
async def world(notes: int) -> AsyncIterator[World]:
    """The clinic with so many open notes, in a home of its own."""
    async with AsyncExitStack() as stack:
        home = stack.enter_context(_home())
        environment = await stack.enter_async_context(running(home, lambda line: None))
        await bring_up(environment["CARETHREAD_OWNER_DATABASE_URL"])
        api = free_ports(2)
        bare = api + 1
        origin = f"http://127.0.0.1:{api}"
        environment = {**os.environ, **environment, "CARETHREAD_PUBLIC_URL": origin}
        # Here one clinician writes like sixteen; the count itself is part of what is measured.
        environment["CARETHREAD_WRITES_PER_MINUTE"] = "1000000"
        services = await stack.enter_async_context(open_services(load_settings(environment)))
        clinician, token, patient_id, opened = await _people(services, notes)
        await stack.enter_async_context(
            serving("app.cli", "api", "--port", str(api), port=api, environment=environment)
        )
        await stack.enter_async_context(
            serving("tests.bench.bare", str(bare), port=bare, environment=environment)
        )
        owner = services.settings.owner_database_url
        clinic_id = clinician.clinic_id
        yield World(api, bare, origin, token, patient_id, opened, clinic_id, owner, services, clinician)


@contextmanager
def _home() -> Iterator[Home]:
    """A home of the run's own. Short, because socket paths have to be; open to the servers' own account."""
    with TemporaryDirectory(prefix="ct-") as folder:
        Path(folder).chmod(0o755)
        yield Home(Path(folder))


async def _people(services: Services, count: int) -> tuple[Actor, str, UUID, list[Note]]:
    owner = make_engine(services.settings.owner_database_url, services.settings)
    clinic_id = await make_clinic_row(owner)
    await owner.dispose()
    # Takes more than a second to load, and the tests of the figures do not need it.
    import carebundle

    bundle = json.loads(carebundle.to_json(carebundle.generate_bundle(profile="type2_diabetes", seed=1)))
    async with open_unit(services, system_actor(clinic_id)) as unit:
        clinician = await make_staff(unit.write, Role.CLINICIAN)
        patient = await import_patient(unit.write, bundle)
        token = await session_for(unit.write, clinician)
    actor = Actor(clinic_id, frozenset({Role.CLINICIAN}), account_id=clinician.id, name=clinician.name)
    notes = []
    async with open_unit(services, actor) as unit:
        for _ in range(count):
            bundle["entry"][0]["resource"].pop("identifier", None)
            someone = await import_patient(unit.write, {"entry": bundle["entry"][:1]})
            visit = await admitted_visit(unit.write, someone, clinician, intake=_INTAKE)
            note = await open_note(unit.write, visit.id)
            notes.append((note.id, dict(note.content)))
    return actor, token, patient.id, notes


_INTAKE: dict[str, object] = {
    "chief_complaint": "Cough",
    "hpi_lines": ["Three days, getting better"] * 12,
}
