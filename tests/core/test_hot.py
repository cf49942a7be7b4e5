"""Connections for hot reads: never more than may be, never another's answer, and new ones for those that ended."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from core.config import Settings
from core.database.hot import HotPool
from core.ids import new_id

SIZE = 2


@pytest.fixture
async def hot(settings: Settings) -> AsyncIterator[HotPool]:
    pool = HotPool(settings.database_url, SIZE, 0.05, pooled=settings.transaction_pooling)
    yield pool
    await pool.close()


async def under_way(hot: HotPool) -> asyncio.Task[object]:
    """A statement that PostgreSQL has begun and does not end."""
    slow = f"SELECT pg_sleep(30) -- {new_id()}"
    task = asyncio.create_task(hot.value(slow))
    while await hot.value("SELECT count(*) FROM pg_stat_activity WHERE query = $1", slow) == 0:
        pass
    return task


async def test_statements_take_turns_on_few_connections(settings: Settings) -> None:
    hot = HotPool(settings.database_url, SIZE, 30, pooled=settings.transaction_pooling)
    found = await asyncio.gather(
        *(hot.value("SELECT ARRAY[$1::int, pg_backend_pid()]", number) for number in range(50))
    )
    assert [number for number, _ in found] == list(range(50))
    assert len({pid for _, pid in found}) <= SIZE
    await hot.close()


async def test_who_waits_too_long_is_told_and_leaves_the_place_to_others(hot: HotPool) -> None:
    slow = [await under_way(hot) for _ in range(SIZE - 1)]
    slow.append(asyncio.create_task(hot.value("SELECT pg_sleep(30)")))
    await asyncio.sleep(0)
    with pytest.raises(TimeoutError):
        await hot.value("SELECT 1")
    for task in slow:
        task.cancel()
    await asyncio.wait(slow)
    assert await asyncio.gather(*(hot.value("SELECT $1::int", each) for each in range(SIZE))) == [0, 1]


async def test_nobody_gets_the_answer_of_one_who_gave_up(hot: HotPool) -> None:
    task = await under_way(hot)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    for number in range(5):
        assert await hot.value("SELECT $1::int", number) == number


async def test_a_connection_that_the_server_ended_is_replaced(hot: HotPool) -> None:
    pid = await hot.value("SELECT pg_backend_pid()")
    with pytest.raises((asyncpg.PostgresError, ConnectionError)):
        await hot.value("SELECT pg_terminate_backend(pg_backend_pid())")
    assert await hot.value("SELECT pg_backend_pid()") != pid


async def test_a_statement_that_fails_keeps_its_connection(hot: HotPool) -> None:
    pid = await hot.value("SELECT pg_backend_pid()")
    with pytest.raises(asyncpg.PostgresError):
        await hot.value("SELECT 1 / 0")
    assert await hot.value("SELECT pg_backend_pid()") == pid
