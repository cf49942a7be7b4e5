"""Whoever waits for a connection to the database gets one in their turn."""

import asyncio

import msgspec
import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import TimeoutError as NoneFree
from sqlalchemy.ext.asyncio import AsyncEngine

from core.config import Settings
from core.database.engine import make_engine


def _one(settings: Settings, wait: float) -> AsyncEngine:
    return make_engine(
        settings.database_url, msgspec.structs.replace(settings, pool_size=1, pool_wait_seconds=wait)
    )


async def test_a_newcomer_does_not_overtake_those_who_wait(settings: Settings) -> None:
    """The newcomer asks in the moment in which the connection comes back, before the one who waits has woken."""
    engine, served, tasks = _one(settings, 5.0), [], []

    async def work(name: str) -> None:
        async with engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
            served.append(name)

    def start(name: str) -> None:
        tasks.append(asyncio.create_task(work(name)))

    event.listen(engine.sync_engine, "checkin", lambda *_: start("newcomer"), once=True)
    async with engine.connect():
        start("first")
        await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    assert served == ["first", "newcomer"]
    await engine.dispose()


async def test_who_gives_up_leaves_their_turn_to_the_next(settings: Settings) -> None:
    engine = _one(settings, 0.05)
    async with engine.connect():
        with pytest.raises(NoneFree):
            async with engine.connect():
                pass
        gone = asyncio.create_task(engine.connect().start())
        await asyncio.sleep(0)
        gone.cancel()
    for _ in range(3):
        async with engine.connect() as connection:
            assert await connection.scalar(text("SELECT 1")) == 1
    await engine.dispose()
