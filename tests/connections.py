"""Which connections to the database a process uses right now."""

import asyncio

from core.services import Services


def in_use(services: Services) -> int:
    engines = (services.engine, services.spare, services.system)
    return sum(engine.pool.checkedout() for engine in engines if hasattr(engine.pool, "checkedout"))


async def none_in_use(services: Services) -> None:
    """Until none is."""
    while True:
        if not in_use(services):
            return
        await asyncio.sleep(0.01)
