"""One measured figure, as `build/bench.json` lists it."""

import msgspec


class Figure(msgspec.Struct, frozen=True):
    """`unit` is ms for latencies, s for durations, 1/s for rates, KB or % for memory.

    `ceiling` is what the bare stack reached in the same run (in `unit`), `ratio` is value over ceiling; either may be
    missing. `target` says in words what is promised, `met` whether it was kept.
    """

    name: str
    value: float
    unit: str
    ceiling: float | None
    ratio: float | None
    target: str
    met: bool


def rate(name: str, value: float, ceiling: float, least: float) -> Figure:
    """A rate that has to reach a part of its ceiling."""
    ratio = value / ceiling
    target = f"at least {least:g} of the bare stack"
    return Figure(name, round(value, 1), "1/s", round(ceiling, 1), round(ratio, 3), target, ratio >= least)


def latency(name: str, value_ms: float, most_ms: float, ceiling_ms: float | None = None) -> Figure:
    """A latency that has to stay under a number of milliseconds."""
    ratio = round(value_ms / ceiling_ms, 3) if ceiling_ms else None
    ceiling = round(ceiling_ms, 2) if ceiling_ms else None
    target = f"under {most_ms:g} ms"
    return Figure(name, round(value_ms, 2), "ms", ceiling, ratio, target, value_ms < most_ms)


def p95(samples: list[float]) -> float:
    """The 95th percentile, nearest rank."""
    ordered = sorted(samples)
    return ordered[max(0, -(-len(ordered) * 95 // 100) - 1)]
