"""Regular work, each kind in one worker at a time and as often as it says, however many workers there are.

A run holds an advisory lock under the work's name, which PostgreSQL releases when the worker dies, and the table
``cron_run`` keeps when it last began and how it ended. The database's clock decides what is due, so that workers
whose clocks differ agree.

The lock is that of a transaction, because one of a session would stay with the connection behind a pooler, and bar
everybody. The transaction does nothing else, so it keeps no snapshot and holds up no vacuum.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import blake2b

from sqlalchemy import text

from core.config import Settings
from core.logs import Log
from core.open_transactions import ONLY_A_LOCK
from core.services import Services
from core.slices import Cron

log = Log("cron")

LOOK_AGAIN_SECONDS = 60.0
"""The longest pause before a worker checks whether another worker's run failed or died."""

# However long the work takes.
_LOCK = text("""
    SELECT set_config('idle_in_transaction_session_timeout', '0', true), pg_try_advisory_xact_lock(:lock) AS is_ours
""")
# A run that began and did not end died with its worker, and is due. So is one that failed, after a minute at most.
_WAIT = text("""
    SELECT CASE
        WHEN finished_at IS NULL OR finished_at < started_at THEN 0
        ELSE greatest(0, extract(epoch FROM started_at - clock_timestamp())::float8
            + CASE WHEN last_error IS NULL THEN cast(:seconds AS float8) ELSE cast(:after_failure AS float8) END)
        END
    FROM cron_run WHERE name = :name
""")
_BEGIN = text("""
    INSERT INTO cron_run (name, started_at) VALUES (:name, clock_timestamp())
    ON CONFLICT (name) DO UPDATE SET started_at = excluded.started_at
""")
_END = text("UPDATE cron_run SET finished_at = clock_timestamp(), last_error = :error WHERE name = :name")


def turns_of(settings: Settings) -> asyncio.Semaphore:
    """How much regular work of one worker may go on at a time.

    Each holds a connection for its lock and works with another of the same pool. Were the locks to take them all, as
    when everything is due at a start, no work would find its own, and all would fail together.
    """
    return asyncio.Semaphore(max(1, settings.pool_size // 2))


async def regularly(services: Services, cron: Cron, turns: asyncio.Semaphore) -> None:
    """Do the work whenever it is due, until cancelled."""
    while True:
        async with turns:
            wait = await run_when_due(services, cron)
        await asyncio.sleep(wait)


async def run_when_due(services: Services, cron: Cron) -> float:
    """Run the work if it is due and no other worker is at it; the seconds after which to look again.

    What the work raises is logged and kept in ``cron_run``.
    """
    async with _lock(services, cron.name) as is_ours:
        if not is_ours:
            return min(cron.seconds, LOOK_AGAIN_SECONDS)
        wait = await _seconds_until_due(services, cron)
        if wait <= 0:
            await _run(services, cron)
            wait = cron.seconds
    return min(wait, LOOK_AGAIN_SECONDS)


@asynccontextmanager
async def _lock(services: Services, name: str) -> AsyncIterator[bool]:
    """Whether we are the one worker that is at it, until the end of the block."""
    async with services.system.connect() as connection:
        await connection.execution_options(**{ONLY_A_LOCK: True})
        yield bool((await connection.execute(_LOCK, {"lock": lock_of(name)})).one().is_ours)


def lock_of(name: str) -> int:
    """The number of the advisory lock: 64 bits of a digest, so that it depends on the name alone."""
    digest = blake2b(f"carethread cron {name}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


async def _seconds_until_due(services: Services, cron: Cron) -> float:
    after_failure = min(cron.seconds, LOOK_AGAIN_SECONDS)
    values = {"name": cron.name, "seconds": cron.seconds, "after_failure": after_failure}
    async with services.system.connect() as connection:
        return float(await connection.scalar(_WAIT, values) or 0)


async def _run(services: Services, cron: Cron) -> None:
    """Run the work, with no transaction open but the lock's."""
    async with services.system.begin() as connection:
        await connection.execute(_BEGIN, {"name": cron.name})
    error: str | None = None
    try:
        await cron.run(services)
    except Exception as failure:
        error = type(failure).__name__
        log.error("cron_failed", failure, job=cron.name)
    async with services.system.begin() as connection:
        await connection.execute(_END, {"name": cron.name, "error": error})
