"""What every test stands on: the real PostgreSQL and Valkey, started once, and a clinic of its own for each test.

Tests commit for real. They do not meet because each has its own clinic, and row-level security keeps it so.
"""

import asyncio
import gc
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg
import httpx
import msgspec
import pytest
from argon2 import PasswordHasher
from hypothesis import settings as hypothesis_settings
from litestar import Litestar
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from app.asgi import build_app
from app.embedded import postgres
from app.embedded.account import server_account
from app.home import Home
from app.process.roles import ensure_roles
from app.process.servers import Servers, running
from app.process.supervisor import Supervisor
from app.registry import all_subscribers
from chart.prescribing.medicines.loading import DRUGS
from core.actor import Actor, system_actor
from core.clock import FrozenClock, SystemClock
from core.config import Settings, load_settings
from core.crypto import NoSigner
from core.database.engine import database_url, make_engine, no_engine
from core.database.migrate import migrate
from core.database.reference import ensure_loaded
from core.database.session import Unit, WriteSession, open_unit
from core.events.relay import drain
from core.ids import new_id
from core.services import Services, open_services
from identity.factors import passwords
from tests.answers import declared
from tests.pooler import new_pooler
from tests.ports import free_ports
from tests.trail import Trail

ORIGIN = "http://127.0.0.1:8000"

# The same examples every time, however slow the machine: what fails is the change, not the dice or the load.
# `pytest --hypothesis-profile=default` looks for others, and for more of them.
hypothesis_settings.register_profile("same", hypothesis_settings.get_profile("ci"), max_examples=50)
hypothesis_settings.load_profile("same")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--pgbouncer", action="store_true", help="with PgBouncer before PostgreSQL, by transaction"
    )


def pytest_configure() -> None:
    """For root, the servers' account is made before there are workers who would all try."""
    server_account()


def pytest_collection_finish() -> None:
    """What was imported stays: looking through it for garbage, over and over, takes a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


PHARMACY_SECRET = "what the tests and their pharmacy know"


@pytest.fixture(scope="session", autouse=True)
def easy_hashes() -> Iterator[None]:
    """Passwords are kept as in production, but made as easy to guess as to check: nobody is guessing here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(scope="session")
def home() -> Iterator[Home]:
    """A home of the tests' own, gone with them. Short, because socket paths have to be."""
    with tempfile.TemporaryDirectory(prefix="ct-") as folder:
        Path(folder).chmod(0o755)
        yield Home(Path(folder))


@pytest.fixture(scope="session")
async def environment(home: Home, request: pytest.FixtureRequest) -> AsyncIterator[dict[str, str]]:
    """The environment of every process of Carethread, with its servers running and its tables made."""
    async with AsyncExitStack() as stack:
        environment = await stack.enter_async_context(running(home, lambda line: None))
        await migrate(environment["CARETHREAD_OWNER_DATABASE_URL"])
        await with_medicines(environment["CARETHREAD_OWNER_DATABASE_URL"])
        await without_the_disk(home)
        if request.config.getoption("--pgbouncer"):
            environment = await stack.enter_async_context(pooling(home, environment))
        yield {**environment, "CARETHREAD_PHARMACY_SECRET": PHARMACY_SECRET}


@asynccontextmanager
async def pooling(home: Home, environment: dict[str, str]) -> AsyncIterator[dict[str, str]]:
    """The environment with a PgBouncer before its PostgreSQL, whose clients share few connections."""
    pooler = new_pooler(home.root / "pooler", free_ports(), servers=6)
    pooler.point_to(home.sockets)
    through = pooler.let_in(environment)
    supervisor = Supervisor(lambda name, line: None)
    try:
        await supervisor.start(pooler.process(home.log("pgbouncer")))
        yield through
    finally:
        await supervisor.stop()


async def with_medicines(owner_url: str) -> None:
    """The diagnoses take seconds to load: tests that need them ask for them."""
    engine = create_async_engine(database_url(owner_url))
    await ensure_loaded(engine, [DRUGS])
    await engine.dispose()


async def without_the_disk(home: Home) -> None:
    """Commits need not outlive this machine's power. Servers that the environment names are left as they are."""
    if not Servers(home).embeds_postgres:
        return
    connection = await asyncpg.connect(postgres.url(home, postgres.SUPERUSER, postgres.SUPERUSER))
    await connection.execute("ALTER SYSTEM SET fsync = off")
    await connection.execute("SELECT pg_reload_conf()")
    await connection.close()


@pytest.fixture(scope="session")
def settings(environment: dict[str, str]) -> Settings:
    places = {"CARETHREAD_PUBLIC_URL": ORIGIN, "CARETHREAD_PROBE_URL": "ws://probe.test"}
    settings = load_settings({**environment, **places})
    return msgspec.structs.replace(settings, demo=True, twilio_auth_token="the token of the double")


@pytest.fixture(scope="session")
async def services(settings: Settings) -> AsyncIterator[Services]:
    async with open_services(settings) as services:
        yield services


@pytest.fixture(scope="session")
async def owner(settings: Settings) -> AsyncIterator[AsyncEngine]:
    """The database's owner, who may do what the application may not."""
    engine = make_engine(settings.owner_database_url, settings)
    yield engine
    await engine.dispose()


@pytest.fixture(scope="session")
async def settings_apart(settings: Settings, home: Home) -> Settings:
    """A database of its own on the same server, for tests that look at the whole of one."""
    owner, app, system = (
        urlsplit(url)._replace(path="/apart").geturl()
        for url in (settings.owner_database_url, settings.database_url, settings.system_database_url)
    )
    await ensure_roles(Servers(home).admin_url() or settings.owner_database_url, owner, app, system)
    await migrate(owner)
    return msgspec.structs.replace(
        settings, owner_database_url=owner, database_url=app, system_database_url=system
    )


@pytest.fixture(scope="session")
async def services_apart(settings_apart: Settings) -> AsyncIterator[Services]:
    async with open_services(settings_apart) as services:
        yield services


@pytest.fixture
async def trail(services_apart: Services, settings_apart: Settings) -> AsyncIterator[Trail]:
    """An audit trail with nothing in it, in a database of its own."""
    engine = make_engine(settings_apart.owner_database_url, settings_apart)
    trail = Trail(services_apart, settings_apart, engine, FrozenClock(SystemClock().now()))
    await trail.empty()
    yield trail
    await engine.dispose()


@pytest.fixture
async def clinic_id(owner: AsyncEngine) -> UUID:
    """A clinic of the test's own, without anyone in it."""
    return await make_clinic_row(owner)


@pytest.fixture
async def other_clinic_id(owner: AsyncEngine) -> UUID:
    """Another clinic, none of whose rows may ever be seen."""
    return await make_clinic_row(owner)


async def make_clinic_row(owner: AsyncEngine) -> UUID:
    """The clinic of a demo: no carrier is needed for what it sends."""
    clinic_id = new_id()
    async with owner.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO clinic (id, slug, name, time_zone, languages, demo) "
                "VALUES (:id, :slug, 'Test Clinic', 'America/New_York', '{en,es}', true)"
            ),
            {"id": clinic_id, "slug": f"test-{clinic_id}"},
        )
    return clinic_id


ActAs = Callable[[Actor], AbstractAsyncContextManager[Unit]]


@pytest.fixture
def act_as(services: Services) -> ActAs:
    """``async with act_as(actor) as unit: await service.verb(unit.write, ...)``: one committed transaction."""
    return lambda actor: open_unit(services, actor)


@pytest.fixture
async def db(services: Services, clinic_id: UUID) -> AsyncIterator[WriteSession]:
    """A transaction of the system in the test's clinic, rolled back at the end."""

    class Done(Exception):
        pass

    try:
        async with open_unit(services, system_actor(clinic_id)) as unit:
            yield unit.write
            raise Done
    except Done:
        pass


@pytest.fixture(scope="session")
async def app(services: Services) -> AsyncIterator[Litestar]:
    """The whole API, without what its process is not given.

    Its lifespan is one task, which a fixture's two halves are not, so it is run by hand.
    """
    system, signer = no_engine("the system's database"), NoSigner("the audit's key")
    app = build_app(replace(services, system=system, audit_signer=signer))
    reader = asyncio.create_task(app.state.hub.run())
    yield app
    reader.cancel()


def new_browser(app: Litestar) -> httpx.AsyncClient:
    """A browser of nobody yet: its own cookies, and the Origin that browsers send. It gets what the schema declares."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)  # type: ignore[arg-type]  # litestar's own ASGI types
    return httpx.AsyncClient(
        transport=transport,
        base_url=ORIGIN,
        headers={"origin": ORIGIN},
        event_hooks={"response": [declared(app)]},
    )


@pytest.fixture
async def client(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    """One such browser, closed at the end."""
    async with new_browser(app) as client:
        yield client


Deliver = Callable[[], Awaitable[int]]


@pytest.fixture
def deliver(services: Services, clinic_id: UUID) -> Deliver:
    """Does the worker's part: delivers every event of the test's clinic; how many."""
    subscribers = all_subscribers()
    return lambda: drain(services, subscribers, clinic_id)
