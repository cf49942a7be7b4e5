"""Signaling's figures: what one relayed frame and one idle socket cost, and how fast a frame is with 2,500 calls.

The process is started as production starts it, with a Valkey that it finds over a socket file as in `carethread run`.
"""

import asyncio
import base64
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import psutil

from app.process.processes import BY_NAME
from tests.bench.figures import Figure, latency, p99, size, spent
from tests.bench.pages import Page
from tests.bench.servers import serving
from tests.ports import free_ports
from tests.signaling.conftest import Valkey
from tests.signaling.people import KEY, ORIGIN, Visit

# The figure of CPU: frames evenly apart, so that none shares a wakeup or a write with another.
CPU_VISITS: Final = 100
CPU_FRAMES_PER_SECOND: Final = 1000
CPU_ROUNDS: Final = 5
CPU_SECONDS: Final = 2.0
IDLE_SOCKETS: Final = 2000
VISITS: Final = 2500
# Calls of 20 minutes with some 40 frames each: 2,500 of them relay 80 frames a second. Here it is twice as many.
FRAMES_PER_SECOND: Final = 160
HEARTBEAT_SECONDS: Final = 5.0
STEADY_SECONDS: Final = 20.0
_AT_ONCE: Final = 20

Meet = Callable[[Page, Visit, bool], Awaitable[None]]
Pair = tuple[Page, Page]


@dataclass(frozen=True)
class Server:
    """A server under load: its process, and how a page comes in (`first` is the patient)."""

    process: psutil.Process
    meet: Meet

    def cpu_seconds(self) -> float:
        times = self.process.cpu_times()
        return float(times.user + times.system)

    def memory_kb(self) -> float:
        return float(self.process.memory_info().rss) / 1024


@asynccontextmanager
async def signaling_process() -> AsyncIterator[Server]:
    """`carethread signaling`, told what its part of the table says."""
    port = free_ports()
    with TemporaryDirectory(prefix="ct-") as folder:
        valkey = Valkey(Path(folder))
        valkey.start()
        try:
            await valkey.answers()
            told = {
                **os.environ,
                "REDIS_URL": valkey.url,
                "CARETHREAD_TICKET_KEY": base64.b64encode(KEY).decode(),
                "CARETHREAD_PUBLIC_URL": ORIGIN,
            }
            part = BY_NAME["signaling"]
            command = ("app.cli", *part.command[1:], "--port", str(port))
            async with serving(*command, port=port, environment=part.environment(told)) as pid:

                async def meet(page: Page, visit: Visit, first: bool) -> None:
                    await page.join(port, visit, "patient" if first else "clinician")

                yield Server(psutil.Process(pid), meet)
        finally:
            valkey.kill()


@asynccontextmanager
async def bare_relay() -> AsyncIterator[Server]:
    """The ceiling."""
    port = free_ports()
    async with serving("tests.bench.bare_relay", str(port), port=port, environment=os.environ) as pid:

        async def meet(page: Page, visit: Visit, first: bool) -> None:
            await page.meet(port, visit)

        yield Server(psutil.Process(pid), meet)


async def signaling_frame_cpu() -> Figure:
    """Processor time of the process for one relayed frame, with frames evenly apart."""
    async with signaling_process() as ours, bare_relay() as theirs:
        costs: dict[Server, list[float]] = {ours: [], theirs: []}
        pairs = {server: await _calls(server, CPU_VISITS) for server in costs}
        for turn in range(CPU_ROUNDS + 1):
            for server, found in costs.items():
                cost = await _cpu_of_a_frame(server, pairs[server])
                if turn:  # the first meets a process that is not warm
                    found.append(cost)
        await _leave(*pairs.values())
    return spent("signaling_frame_cpu", min(costs[ours]), 150, min(costs[theirs]))


async def signaling_socket_kb() -> Figure:
    """Memory of the process for one socket that sits in a call and says nothing."""
    kilobytes = []
    for start in (signaling_process, bare_relay):
        async with start() as server:
            warm = await _calls(server, IDLE_SOCKETS // 20)
            before = server.memory_kb()
            idle = await _calls(server, IDLE_SOCKETS // 2)
            kilobytes.append((server.memory_kb() - before) / IDLE_SOCKETS)
            await _leave(warm, idle)
    return size("signaling_socket_kb", kilobytes[0], 20, kilobytes[1])


async def signaling_p99_2500_visits() -> Figure:
    """How long a frame is under way, from page to page, while 5,000 sockets beat."""
    milliseconds = []
    for start in (signaling_process, bare_relay):
        async with start() as server:
            pairs = await _calls(server, VISITS, beating=True)
            await _talk(pairs, FRAMES_PER_SECOND, HEARTBEAT_SECONDS)
            milliseconds.append(
                p99([each * 1000 for each in await _talk(pairs, FRAMES_PER_SECOND, STEADY_SECONDS)])
            )
            await _leave(pairs)
    return latency("signaling_p99_2500_visits", milliseconds[0], 10, milliseconds[1])


async def _cpu_of_a_frame(server: Server, pairs: list[Pair]) -> float:
    """Microseconds."""
    before = server.cpu_seconds()
    took = await _talk(pairs, CPU_FRAMES_PER_SECOND, CPU_SECONDS)
    return (server.cpu_seconds() - before) / len(took) * 1e6


async def _calls(server: Server, visits: int, *, beating: bool = False) -> list[Pair]:
    """So many visits with two pages each, all in; with heartbeats as browsers send them, if they are to stay."""
    few = asyncio.Semaphore(_AT_ONCE)

    async def call() -> Pair:
        visit, pair = Visit(), (Page("patient"), Page("doctor"))
        pair[0].other, pair[1].other = pair[1], pair[0]
        async with few:
            for first, page in zip((True, False), pair, strict=True):
                await server.meet(page, visit, first)
                if beating:
                    page.beat(HEARTBEAT_SECONDS)
        return pair

    return list(await asyncio.gather(*(call() for _ in range(visits))))


async def _talk(pairs: list[Pair], per_second: int, seconds: float) -> list[float]:
    """One frame after the other, each in the next visit and each visit's by turns; the seconds each was under way."""
    began, count = time.perf_counter(), int(per_second * seconds)
    for page in _pages(pairs):
        page.took.clear()
    for number in range(count):
        pause = began + number / per_second - time.perf_counter()
        if pause > 0:
            await asyncio.sleep(pause)
        turn, place = divmod(number, len(pairs))
        pairs[place][turn % 2].say()
    async with asyncio.timeout(seconds):
        await asyncio.gather(*(page.heard_all() for page in _pages(pairs)))
    return [each for page in _pages(pairs) for each in page.took]


async def _leave(*groups: list[Pair]) -> None:
    for pairs in groups:
        for page in _pages(pairs):
            page.leave()
    await asyncio.sleep(0)


def _pages(pairs: list[Pair]) -> list[Page]:
    return [page for pair in pairs for page in pair]
