"""Clinics to back up and to bring back: their servers, and `carethread` as a person runs it there."""

import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from app.embedded import postgres
from app.home import Home
from app.process.roles import ensure_roles
from app.process.servers import running
from chart.terminology.files import fingerprint
from core import audit
from core.actor import Role, system_actor
from core.audit.seal import seal
from core.config import load_settings
from core.database.engine import database_url, make_engine
from core.database.session import open_unit
from core.ids import new_id
from core.migrations import FOLDER, head
from core.services import Services, open_services
from tests.conftest import make_clinic_row, without_the_disk
from tests.people import make_patient, make_staff, session_for
from visits import service as visits


def plain_environment() -> dict[str, str]:
    """The machine's, without anything that leads to a clinic."""
    ours = ("DATABASE_URL", "REDIS_URL")
    return {k: v for k, v in os.environ.items() if k not in ours and not k.startswith("CARETHREAD_")}


@pytest.fixture(scope="module", autouse=True)
def no_servers_named() -> Iterator[None]:
    """A module that imports this one has no servers but those it starts."""
    kept = plain_environment()
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ.keys() - kept.keys():
            patch.delenv(name)
        yield


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder that the database's own user can reach."""
    with tempfile.TemporaryDirectory(prefix="ct-") as made:
        Path(made).chmod(0o755)
        yield Path(made)


@dataclass(frozen=True)
class Desk:
    """Where somebody types commands: a home, and what else is set."""

    home: Path
    settings: dict[str, str] = field(default_factory=dict)

    def environment(self, **more: str) -> dict[str, str]:
        return {**plain_environment(), "CARETHREAD_HOME": str(self.home), **self.settings, **more}

    def run(self, *arguments: str | Path, **more: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "app.cli", *map(str, arguments)]
        return subprocess.run(
            command, env=self.environment(**more), capture_output=True, text=True, check=False
        )

    def does(self, *arguments: str | Path, **more: str) -> str:
        """What a command that has to end well says."""
        done = self.run(*arguments, **more)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def refuses(self, *arguments: str | Path, **more: str) -> str:
        """The one sentence of a command that has to be refused."""
        done = self.run(*arguments, **more)
        assert done.returncode != 0, done.stdout
        assert "Traceback" not in done.stderr, done.stderr
        return done.stderr[done.stderr.index("Error: ") + 7 :].strip()


@asynccontextmanager
async def serving(home: Home) -> AsyncIterator[Desk]:
    """A desk in front of servers that somebody else looks after: all of it comes from the environment."""
    async with running(home, lambda line: None) as environment:
        admin = postgres.url(home, postgres.SUPERUSER, postgres.SUPERUSER)
        await without_the_disk(home)
        yield Desk(home.root / "desk", {**environment, "CARETHREAD_ADMIN_DATABASE_URL": admin})


def another_database(desk: Desk, name: str, home: Path) -> Desk:
    """The same servers and keys, for another database and another home."""
    urls = {
        variable: urlsplit(desk.settings[variable])._replace(path=f"/{name}").geturl()
        for variable in ("DATABASE_URL", "CARETHREAD_OWNER_DATABASE_URL", "CARETHREAD_SYSTEM_DATABASE_URL")
    }
    home.mkdir(mode=0o755)
    return Desk(home, {**desk.settings, **urls, "CARETHREAD_HOME": str(home)})


@asynccontextmanager
async def services_at(desk: Desk) -> AsyncIterator[Services]:
    async with open_services(load_settings(desk.environment())) as services:
        yield services


@asynccontextmanager
async def small_clinic(folder: Path) -> AsyncIterator[Desk]:
    """A clinic with little in it, without the codes that ship with us."""
    home = Home(folder / "servers")
    home.root.mkdir(mode=0o755)
    async with serving(home) as servers:
        desk = another_database(servers, "river", folder / "river")
        await migrated(desk, head())
        async with services_at(desk) as services:
            await some_days_of_work(services)
        yield desk


async def migrated(desk: Desk, revision: str) -> None:
    """The desk's database with the tables of that version, as if its codes were loaded."""
    urls = [desk.settings[name] for name in ("DATABASE_URL", "CARETHREAD_SYSTEM_DATABASE_URL")]
    await ensure_roles(desk.settings["CARETHREAD_ADMIN_DATABASE_URL"], owner_url(desk), *urls)
    engine = create_async_engine(database_url(owner_url(desk)))

    def upgrade(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(FOLDER))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    async with engine.connect() as connection:
        await connection.run_sync(upgrade)
        loaded = {"fingerprint": fingerprint()}
        await connection.execute(
            text("INSERT INTO terminology_release VALUES ('icd10cm', :fingerprint)"), loaded
        )
        await connection.commit()
    await engine.dispose()


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
    for _ in range(5):
        await read_something(services)
        await seal(services)


async def read_something(services: Services) -> None:
    async with services.system.connect() as connection:
        clinic_id = await connection.scalar(text("SELECT id FROM clinic LIMIT 1"))
    async with open_unit(services, system_actor(clinic_id)) as unit:
        await audit.log(unit.write, "chart.read", entity=("patient", new_id()))


async def counts(url: str) -> dict[str, int]:
    """How many rows every table has."""
    connection = await asyncpg.connect(url)
    try:
        names = await connection.fetch(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        )
        return {name: await connection.fetchval(f'SELECT count(*) FROM "{name}"') for (name,) in names}  # noqa: S608 - the catalogue's
    finally:
        await connection.close()


async def databases(url: str) -> list[str]:
    connection = await asyncpg.connect(url)
    try:
        return [name for (name,) in await connection.fetch("SELECT datname FROM pg_database ORDER BY 1")]
    finally:
        await connection.close()


def owner_url(desk: Desk) -> str:
    return desk.settings["CARETHREAD_OWNER_DATABASE_URL"]
