"""The drill itself: one thing after the other is killed, and what the people in calls and those who write notice."""

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random

from tests.drill import kinds
from tests.drill.cluster import Cluster
from tests.drill.kept import until
from tests.drill.report import Fall, Report
from tests.drill.world import World, make_world
from tests.drill.writing import LATER, TRY_AGAIN_SECONDS
from tests.patience import PATIENCE

Say = Callable[[str], None]


async def drill(folder: Path, seed: int, kills: int, visits: int, say: Say) -> Report:
    """Raises AssertionError for whatever does not come back, or is refused."""
    chance = Random(seed)  # noqa: S311 - a drill that can be had again
    async with AsyncExitStack() as stack:
        cluster = Cluster(folder)
        stack.push_async_callback(cluster.end)
        await cluster.start()
        world = await make_world(cluster, visits, stack)
        await asyncio.gather(*(call.begin() for call in world.calls))
        say(f"{visits} calls, {len(world.writers)} who write.")
        report = Report(seed)
        writing = [asyncio.create_task(writer.write_on()) for writer in world.writers]
        stack.push_async_callback(_cancelled, writing)
        for name in kinds.chosen(kills, chance):
            fall = await _one(cluster, world, writing, name, chance)
            report.falls.append(fall)
            say(f"{len(report.falls)}. {fall}")
        for writer in world.writers:
            writer.stop()
        await asyncio.gather(*writing)
        await _look(cluster, world, report)
    return report


async def _cancelled(tasks: list["asyncio.Task[None]"]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _one(
    cluster: Cluster, world: World, writing: list["asyncio.Task[None]"], name: str, chance: Random
) -> Fall:
    """One kill, until everything is as before."""
    for call in world.calls:
        call.listen_anew()
    since = await kinds.KINDS[name](cluster, world.calls, chance)
    recovered = asyncio.create_task(_served_again(world, since))
    done, _ = await asyncio.wait({recovered, *writing}, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        task.result()
    assert recovered in done, f"{name}: not everybody was served again"
    at = time.monotonic()
    # Behind a link that is cut nothing is heard until it is mended; everywhere else media should not notice.
    media = recovered.result() if name == kinds.CUT else max(call.silence() for call in world.calls)
    await _whole(cluster, name)
    return Fall(name, at - since, media)


async def _served_again(world: World, since: float) -> float:
    """Until everybody has written, heard and been heard since then; when media flowed again."""
    writers = asyncio.gather(*(writer.has_written_since(since) for writer in world.writers))
    media, _, _ = await asyncio.gather(_media(world, since), _calls(world), writers)
    return media


async def _media(world: World, since: float) -> float:
    """Until media flow in every call; how long that took."""
    await asyncio.gather(*(call.flows_since(since) for call in world.calls))
    return max(time.monotonic() - since, 0.0)


async def _calls(world: World) -> None:
    await asyncio.gather(*(call.answers() for call in world.calls))


async def _whole(cluster: Cluster, name: str) -> None:
    """Everything runs again, and the replica follows: the next kill finds the clinic as this one did."""
    if name == kinds.PROMOTION:
        await cluster.databases.add_replica()
    await asyncio.gather(
        cluster.databases.follows(),
        cluster.databases.primary.is_back(),
        *(each.is_back() for group in cluster.kept.values() for each in group),
    )


async def _look(cluster: Cluster, world: World, report: Report) -> None:
    """What is there in the end, as the API tells it."""
    for call in world.calls:
        for page in call.pages:
            page.check()
        answer = await world.staff.get(f"/api/visits/{call.visit_id}")
        while answer.status_code in LATER:
            await asyncio.sleep(TRY_AGAIN_SECONDS)
            answer = await world.staff.get(f"/api/visits/{call.visit_id}")
        report.visits[str(call.visit_id)] = answer.json()["status"]
    for writer in world.writers:
        found = await writer.found()
        report.acknowledged += len(writer.acknowledged)
        report.tries += writer.tries
        report.lost += writer.lost(found)
    await until(cluster.databases.is_delivered)
