"""Regular work is done by one of any number of workers, and as often as it says. Two workers are two `Services`."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from uuid import uuid4

import msgspec
import pytest
from sqlalchemy import Row, text

from app.registry import all_cron
from core.config import Settings
from core.events.cron import lock_of, regularly, run_when_due, turns_of
from core.services import Services, open_services
from core.slices import Cron
from tests.patience import PATIENCE

HOUR = 3600.0
Work = Callable[[Services], Awaitable[None]]


@pytest.fixture
async def other(settings: Settings) -> AsyncIterator[Services]:
    """Another worker's connections."""
    async with open_services(settings) as services:
        yield services


def cron(run: Work, name: str = "") -> Cron:
    return Cron(name or f"test.{uuid4()}", HOUR, run)


def counting(runs: list[int]) -> Cron:
    async def run(services: Services) -> None:
        runs.append(1)

    return cron(run)


async def row_of(services: Services, name: str) -> Row[object]:
    async with services.system.connect() as connection:
        found = await connection.execute(text("SELECT * FROM cron_run WHERE name = :name"), {"name": name})
        return found.one()


async def runs_ended(services: Services, names: list[str]) -> int:
    count = text("SELECT count(*) FROM cron_run WHERE name = ANY (:names) AND finished_at IS NOT NULL")
    async with services.spare.connect() as connection:
        return int(await connection.scalar(count, {"names": names}) or 0)


async def make_older(services: Services, name: str, seconds: float) -> None:
    async with services.system.begin() as connection:
        await connection.execute(
            text(
                "UPDATE cron_run SET started_at = started_at - make_interval(secs => :seconds), "
                "finished_at = finished_at - make_interval(secs => :seconds) WHERE name = :name"
            ),
            {"name": name, "seconds": seconds},
        )


async def test_ten_looks_by_two_workers_are_one_run_an_interval(services: Services, other: Services) -> None:
    runs: list[int] = []
    work = counting(runs)
    await asyncio.gather(*(run_when_due(each, work) for each in [services, other] * 5))
    await run_when_due(other, work)
    assert len(runs) == 1
    await make_older(services, work.name, HOUR - 5)
    await run_when_due(other, work)
    assert len(runs) == 1, "not due yet"
    await make_older(services, work.name, 5)
    await asyncio.gather(*(run_when_due(each, work) for each in [services, other] * 5))
    assert len(runs) == 2


async def test_a_worker_of_another_release_with_another_list_of_work_keeps_nothing_from_running(
    services: Services, other: Services
) -> None:
    """In a rolling upgrade the lists differ: what has a new name runs, what runs already does not run twice."""
    begun, end = asyncio.Event(), asyncio.Event()
    runs: list[int] = []

    async def long(_: Services) -> None:
        begun.set()
        runs.append(1)
        await end.wait()

    added_runs: list[int] = []
    slow, added = cron(long), counting(added_runs)
    old = asyncio.create_task(run_when_due(services, slow))
    await asyncio.wait_for(begun.wait(), PATIENCE)
    for each in [added, slow]:
        await run_when_due(other, each)
    assert (runs, added_runs) == ([1], [1])
    end.set()
    await old
    await run_when_due(other, slow)
    assert runs == [1]


async def test_work_whose_worker_died_is_done_by_the_next(services: Services, other: Services) -> None:
    begun, runs = asyncio.Event(), []

    async def dies_first(_: Services) -> None:
        runs.append(1)
        begun.set()
        if len(runs) == 1:
            await asyncio.Event().wait()

    work = cron(dies_first)
    killed = asyncio.create_task(run_when_due(services, work))
    await asyncio.wait_for(begun.wait(), PATIENCE)
    killed.cancel()
    with suppress(asyncio.CancelledError):
        await killed
    assert (await row_of(other, work.name)).finished_at is None
    await run_when_due(other, work)
    assert len(runs) == 2
    assert (await row_of(other, work.name)).finished_at is not None


async def test_work_that_fails_is_kept_as_failed_and_tried_again_within_a_minute(
    services: Services, other: Services
) -> None:
    runs: list[int] = []

    async def fails_first(_: Services) -> None:
        runs.append(1)
        if len(runs) == 1:
            raise ConnectionError

    work = cron(fails_first)
    await run_when_due(services, work)
    assert (await row_of(services, work.name)).last_error == "ConnectionError"
    assert await run_when_due(other, work) <= 60
    assert len(runs) == 1, "not at once: it would fail over and over"
    await make_older(services, work.name, 60)
    await run_when_due(other, work)
    assert len(runs) == 2
    assert (await row_of(services, work.name)).last_error is None


async def test_a_worker_that_finds_all_its_work_due_does_all_of_it(settings: Settings) -> None:
    """At a first start, and after a night switched off. A run holds a connection of the pool and wants another: were
    all begun at once, each would have its first and wait for the second of another, until they gave up."""
    few = msgspec.structs.replace(settings, pool_size=2, pool_wait_seconds=1)

    async def looks(services: Services) -> None:
        async with services.system.connect() as connection:
            await connection.scalar(text("SELECT 1"))

    names = [f"test.{uuid4()}" for _ in range(6)]
    async with open_services(few) as worker:
        turns = turns_of(few)
        loops = [asyncio.create_task(regularly(worker, cron(looks, name), turns)) for name in names]
        try:
            async with asyncio.timeout(PATIENCE):
                while (await runs_ended(worker, names)) < len(names):
                    pass
            for name in names:
                assert (await row_of(worker, name)).last_error is None
        finally:
            for loop in loops:
                loop.cancel()
            await asyncio.gather(*loops, return_exceptions=True)


def test_each_work_of_the_product_has_a_name_and_a_lock_of_its_own() -> None:
    names = [each.name for each in all_cron()]
    assert {"audit.seal", "visits.presence"} <= set(names)
    assert len({lock_of(name) for name in names}) == len(names)
