"""`make bench`: measures, prints a table, writes build/bench.json. A name measures one figure alone."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack
from pathlib import Path

import msgspec

from tests.bench import call, chart, cycles, large, signaling, start, waiting
from tests.bench.figures import Figure
from tests.bench.world import World

ALONE = {
    "join_first_frame": call.join_first_frame,
    "call_cycles_memory": cycles.call_cycles_memory,
    "chart_summary_rps": chart.chart_summary_rps,
    "queue_event_to_screen_p95": waiting.queue_event_to_screen_p95,
    "note_save_p95": chart.note_save_p95,
    "warm_start": start.warm_start,
    "signaling_frame_cpu": signaling.signaling_frame_cpu,
    "signaling_socket_kb": signaling.signaling_socket_kb,
    "signaling_p99_2500_visits": signaling.signaling_p99_2500_visits,
}
FIGURES = (*ALONE, *large.FIGURES)
OUTPUT = Path("build/bench.json")
ROW = "{:26} {:>9} {:4} {:>9} {:>7}  {:28} {}"


def main(names: list[str]) -> int:
    """Measures what is named, or everything; 1 if a promise was not kept, 2 if there is no such figure."""
    unknown = [name for name in names if name not in FIGURES]
    if unknown:
        print(f"No figure is called {unknown[0]}; there are {', '.join(FIGURES)}.", file=sys.stderr)
        return 2
    print(ROW.format("figure", "value", "unit", "ceiling", "ratio", "promised", ""))
    OUTPUT.parent.mkdir(exist_ok=True)
    measured = asyncio.run(_measured(names or FIGURES))
    return 0 if all(figure.met for figure in measured) else 1


async def _measured(names: Iterable[str]) -> list[Figure]:
    measured: list[Figure] = []
    async for figure in _figures(names):
        measured.append(figure)
        print(_row(figure), flush=True)
        _keep(measured)
    return measured


def _keep(measured: list[Figure]) -> None:
    """Each time anew: what was measured stays when a later one breaks."""
    OUTPUT.write_bytes(msgspec.json.format(msgspec.json.encode(measured)))


async def _figures(names: Iterable[str]) -> AsyncIterator[Figure]:
    async with AsyncExitStack() as stack:
        clinic: World | None = None
        for name in names:
            if name in ALONE:
                yield await ALONE[name]()
                continue
            if clinic is None:
                clinic = await stack.enter_async_context(large.large_clinic())
            yield await large.FIGURES[name](clinic)


def _row(figure: Figure) -> str:
    kept = "kept" if figure.met else "MISSED"
    value, ceiling, ratio = f"{figure.value:g}", f"{figure.ceiling:g}", f"{figure.ratio:.2f}"
    return ROW.format(figure.name, value, figure.unit, ceiling, ratio, figure.target, kept)


if __name__ == "__main__":
    sys.exit(main([name for name in sys.argv[1:] if name]))
