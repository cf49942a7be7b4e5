"""Behind PgBouncer by transaction, as it is shipped: connections go from hand to hand, and nothing goes with them."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.home import Home
from core.actor import system_actor
from core.config import Settings, load_settings
from core.database import engine
from core.database.session import open_unit
from core.events.cron import run_when_due
from core.services import Services, open_services
from core.slices import Cron
from tests.conftest import make_clinic_row, pooling
from tests.patience import PATIENCE
from tests.people import make_patient

pytestmark = pytest.mark.whole

_SETTINGS = "current_setting('statement_timeout'), current_setting('lock_timeout'), current_setting('jit')"
BOUNDED = ("15s", "10s", "off")


@pytest.fixture(scope="module")
async def behind(home: Home, environment: dict[str, str]) -> AsyncIterator[Settings]:
    """The settings of a process behind the pooler, which shares six connections for each role."""
    async with pooling(home, environment) as through:
        yield load_settings(through)


@pytest.fixture(scope="module")
async def pooled(behind: Settings) -> AsyncIterator[Services]:
    async with open_services(behind) as services:
        yield services


@pytest.fixture
async def other(behind: Settings) -> AsyncIterator[Services]:
    """Another process."""
    async with open_services(behind) as services:
        yield services


async def test_each_transaction_is_bounded_and_leaves_nothing_at_the_server(
    pooled: Services, behind: Settings
) -> None:
    async with pooled.engine.connect() as connection:
        for _ in range(20):
            assert tuple((await connection.execute(text(f"SELECT {_SETTINGS}"))).one()) == BOUNDED
            await connection.commit()
    assert await pooled.hot.value("SELECT current_setting('statement_timeout')") == "5s"
    bare = await asyncpg.connect(behind.database_url, statement_cache_size=0)
    for _ in range(20):
        assert await bare.fetchval("SELECT current_setting('statement_timeout')") == "0"
    await bare.close()


async def test_sixty_transactions_on_six_connections_see_their_own_clinic_each(
    pooled: Services, other: Services, owner: AsyncEngine
) -> None:
    clinics = [await make_clinic_row(owner) for _ in range(6)]
    for clinic in clinics:
        async with open_unit(pooled, system_actor(clinic)) as unit:
            await make_patient(unit.write)

    async def look(services: Services, number: int) -> None:
        clinic = clinics[number % len(clinics)]
        async with open_unit(services, system_actor(clinic)) as unit:
            for _ in range(3):
                assert (await unit.read.scalars(text("SELECT clinic_id FROM patient"))).all() == [clinic]
        async with services.engine.connect() as connection:
            assert await connection.scalar(text("SELECT count(*) FROM patient")) == 0
        assert await services.hot.value("SELECT count(*) FROM patient") == 0

    await asyncio.gather(*(look(services, number) for number in range(30) for services in (pooled, other)))


async def test_regular_work_is_done_by_one_and_bars_nobody_afterwards(
    pooled: Services, other: Services
) -> None:
    """A session's lock would stay with a connection that somebody else has next."""
    runs: list[int] = []
    begun, end = asyncio.Event(), asyncio.Event()

    async def work(_: Services) -> None:
        runs.append(1)
        begun.set()
        await end.wait()

    def due() -> Cron:
        return Cron(name, 0, work)

    name = f"test.{uuid4()}"
    first = asyncio.create_task(run_when_due(pooled, due()))
    await asyncio.wait_for(begun.wait(), PATIENCE)
    looks = asyncio.gather(*(run_when_due(each, due()) for each in (pooled, other) for _ in range(4)))
    async with asyncio.timeout(PATIENCE):
        await looks
    assert len(runs) == 1
    end.set()
    await first
    for services in [pooled, other] * 4:
        await run_when_due(services, due())
    assert len(runs) == 9


async def test_the_lock_outlasts_the_limit_of_idle_transactions(
    behind: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Work may take minutes, and its lock's transaction is idle meanwhile."""
    monkeypatch.setitem(engine.LIMITS, "idle_in_transaction_session_timeout", "100")
    runs: list[str] = []
    async with open_services(behind) as worker, open_services(behind) as another:

        async def again(_: Services) -> None:
            runs.append("again")

        async def work(services: Services) -> None:
            runs.append("begun")
            async with services.system.connect() as connection:
                await connection.execute(text("SELECT pg_sleep(0.5)"))
            await run_when_due(another, Cron(name, 0, again))
            runs.append("ended")

        name = f"test.{uuid4()}"
        await run_when_due(worker, Cron(name, 0, work))
    assert runs == ["begun", "ended"]
