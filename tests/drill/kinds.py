"""What the drill does to the clinic: each kind takes chance and says from when on recovery counts."""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable
from random import Random

from tests.drill.calls import Call
from tests.drill.cluster import Cluster
from tests.drill.kept import Kept

STOPPED_SECONDS = 3.0
CUT_SECONDS = 5.0

Kind = Callable[[Cluster, list[Call], Random], Awaitable[float]]


def _killed(name: str) -> Kind:
    async def kill(cluster: Cluster, calls: list[Call], chance: Random) -> float:
        chance.choice(cluster.kept[name]).signal(signal.SIGKILL)
        return time.monotonic()

    return kill


def _stopped(name: str) -> Kind:
    async def stop(cluster: Cluster, calls: list[Call], chance: Random) -> float:
        await _still(chance.choice(cluster.kept[name]))
        return time.monotonic()

    return stop


async def _still(kept: Kept) -> None:
    kept.signal(signal.SIGSTOP)
    try:
        await asyncio.sleep(STOPPED_SECONDS)
    finally:
        kept.signal(signal.SIGCONT)


async def _primary(cluster: Cluster, calls: list[Call], chance: Random) -> float:
    cluster.databases.primary.signal(signal.SIGKILL)
    return time.monotonic()


async def _promoted(cluster: Cluster, calls: list[Call], chance: Random) -> float:
    began = time.monotonic()
    await cluster.databases.promote()
    await cluster.repoint()
    return began


async def _cut(cluster: Cluster, calls: list[Call], chance: Random) -> float:
    link = chance.choice(chance.choice(calls).pages).link
    link.cut()
    await asyncio.sleep(CUT_SECONDS)
    link.mend()
    return time.monotonic()


PROMOTION = "PostgreSQL, for good"
CUT = "a link, for 5 s"
KINDS: dict[str, Kind] = {
    "an API node": _killed("api"),
    "a signaling node": _killed("signaling"),
    "a worker": _killed("worker"),
    "Valkey": _killed("valkey"),
    "PgBouncer": _killed("pgbouncer"),
    "HAProxy": _killed("haproxy"),
    "PostgreSQL": _primary,
    PROMOTION: _promoted,
    "an API node, still for 3 s": _stopped("api"),
    "a signaling node, still for 3 s": _stopped("signaling"),
    CUT: _cut,
}


def chosen(count: int, chance: Random) -> list[str]:
    """So many kinds, each at least once where there is room."""
    first = list(KINDS)
    chance.shuffle(first)
    return (first + chance.choices(list(KINDS), k=max(0, count - len(first))))[:count]
