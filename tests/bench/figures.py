"""One measured figure, as `build/bench.json` lists it."""

import msgspec


class Figure(msgspec.Struct, frozen=True):
    """`unit` is ms for latencies, us for processor time, s for durations, 1/s for rates, KB or % for memory.

    `ceiling` is what the bare stack reached in the same run (in `unit`), `ratio` is value over ceiling. `target` says
    in words what is promised, `met` whether it was kept.
    """

    name: str
    value: float
    unit: str
    ceiling: float
    ratio: float
    target: str
    met: bool


def rate(name: str, value: float, ceiling: float, least: float) -> Figure:
    """A rate that has to reach a part of its ceiling."""
    ratio = value / ceiling
    target = f"at least {least:g} of the bare stack"
    return Figure(name, round(value, 1), "1/s", round(ceiling, 1), round(ratio, 3), target, ratio >= least)


def latency(name: str, value_ms: float, most_ms: float, ceiling_ms: float) -> Figure:
    """A latency that has to stay under a number of milliseconds."""
    return _under(name, value_ms, most_ms, ceiling_ms, "ms")


def duration(name: str, value: float, most: float, ceiling: float) -> Figure:
    """A duration that has to stay under a number of seconds."""
    return _under(name, value, most, ceiling, "s")


def spent(name: str, value_us: float, most_us: float, ceiling_us: float) -> Figure:
    """Processor time that has to stay under a number of microseconds."""
    return _under(name, value_us, most_us, ceiling_us, "us")


def size(name: str, value_kb: float, most_kb: float, ceiling_kb: float) -> Figure:
    """Memory that has to stay under a number of kilobytes."""
    return _under(name, value_kb, most_kb, ceiling_kb, "KB")


def kept(name: str, value: float, most: float, ceiling: float) -> Figure:
    """What is held afterwards, in % of what was held before."""
    return _under(name, value, most, ceiling, "%")


def multiple(name: str, value_ms: float, ceiling_ms: float, most: float) -> Figure:
    """A latency that may be so many times its ceiling."""
    ratio = value_ms / ceiling_ms
    target = f"at most {most:g} times the bare stack"
    return Figure(
        name, round(value_ms, 1), "ms", round(ceiling_ms, 1), round(ratio, 3), target, ratio <= most
    )


def _under(name: str, value: float, most: float, ceiling: float, unit: str) -> Figure:
    ratio = round(value / ceiling, 3)
    return Figure(
        name, round(value, 2), unit, round(ceiling, 2), ratio, f"under {most:g} {unit}", value < most
    )


def p95(samples: list[float]) -> float:
    """The 95th percentile, nearest rank."""
    return _percentile(samples, 95)


def p99(samples: list[float]) -> float:
    """The 99th percentile, nearest rank."""
    return _percentile(samples, 99)


def _percentile(samples: list[float], percent: int) -> float:
    ordered = sorted(samples)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]
