"""The worker process: relays the outbox to arq, runs its jobs, and does the slices' regular work.

arq's worker ends when Redis restarts, and so might any loop; each is started again after a moment. Nothing is
lost by that: what is due stands in PostgreSQL.
"""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Any
from uuid import UUID

import uvloop
from arq import ArqRedis, create_pool
from arq.connections import RedisSettings
from arq.worker import Worker, func

from app.process.processes import BY_NAME
from app.registry import SLICES, all_cron, all_subscribers
from core import json, logs
from core.config import load_settings
from core.database.engine import check_bound
from core.events.cron import regularly, turns_of
from core.events.relay import deliver, relay
from core.logs import Log
from core.services import Services, open_services

log = Log("worker")

JOB_SECONDS = 20
_RESTART_SECONDS = 1.0


async def run(services: Services) -> None:
    """Work until cancelled."""
    turns = turns_of(services.settings)
    async with asyncio.TaskGroup() as group:
        group.create_task(_for_ever("jobs", partial(_jobs, services)))
        group.create_task(_for_ever("relay", partial(_relay, services)))
        for cron in all_cron():
            group.create_task(_for_ever(cron.name, partial(regularly, services, cron, turns)))
        for daemon in (daemon for part in SLICES for daemon in part.daemons):
            group.create_task(_for_ever(daemon.name, partial(daemon.run, services)))


async def _for_ever(name: str, start: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await start()
        except Exception as error:
            log.error("loop_failed", error, job=name)
        await asyncio.sleep(_RESTART_SECONDS)


def _redis_settings(services: Services) -> RedisSettings:
    return RedisSettings.from_dsn(services.settings.redis_url)


async def _relay(services: Services) -> None:
    pool = await _pool(services)
    try:

        async def enqueue(event_id: UUID) -> None:
            await pool.enqueue_job("deliver", str(event_id), _job_id=f"event:{event_id}")

        await relay(services, enqueue)
    finally:
        await pool.aclose()


async def _pool(services: Services) -> ArqRedis:
    return await create_pool(
        _redis_settings(services), job_serializer=json.encode, job_deserializer=json.decode
    )


async def _jobs(services: Services) -> None:
    """arq's worker, polling often because people wait for what it does; results are kept in PostgreSQL only."""
    subscribers = all_subscribers()

    async def deliver_event(context: dict[str, Any], event_id: str) -> None:
        await deliver(services, subscribers, UUID(event_id))

    worker = Worker(
        functions=[func(deliver_event, name="deliver", max_tries=1)],  # type: ignore[arg-type]  # a coroutine function
        redis_settings=_redis_settings(services),
        job_timeout=JOB_SECONDS,
        keep_result=0,
        max_jobs=20,
        poll_delay=0.05,
        handle_signals=False,
        health_check_interval=30,
        job_serializer=json.encode,
        job_deserializer=json.decode,
    )
    try:
        await worker.async_run()
    finally:
        with suppress(Exception):
            await worker.close()


async def _main() -> None:
    part = BY_NAME["worker"]
    settings = load_settings(part.environment(os.environ), part.needs)
    logs.setup(settings.log_level)
    async with open_services(settings) as services:
        await check_bound(services.engine)
        working = asyncio.create_task(run(services))
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, working.cancel)
        log.info("working")
        with suppress(asyncio.CancelledError):
            await working


def main() -> None:
    """``carethread worker``."""
    uvloop.run(_main())
