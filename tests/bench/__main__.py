"""`make bench`: measures, prints a table, writes build/bench.json. A name measures one figure alone."""

import asyncio
import sys
from pathlib import Path

import msgspec

from tests.bench import chart
from tests.bench.figures import Figure

FIGURES = {**chart.FIGURES}
OUTPUT = Path("build/bench.json")


def main(names: list[str]) -> int:
    """Measures what is named, or everything; 1 if a promise was not kept."""
    unknown = [name for name in names if name not in FIGURES]
    if unknown:
        print(f"No figure is called {unknown[0]}; there are {', '.join(FIGURES)}.", file=sys.stderr)
        return 2
    measured: list[Figure] = []
    for name in names or FIGURES:
        measured += asyncio.run(FIGURES[name]())
        print(_line(measured[-1]), flush=True)
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_bytes(msgspec.json.format(msgspec.json.encode(measured)))
    return 0 if all(figure.met for figure in measured) else 1


def _line(figure: Figure) -> str:
    ceiling = "" if figure.ceiling is None else f"of {figure.ceiling:g}"
    ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
    kept = "kept" if figure.met else "MISSED"
    return f"{figure.name:28} {figure.value:>10g} {figure.unit:4} {ceiling:12} {ratio:5} {figure.target:34} {kept}"


if __name__ == "__main__":
    sys.exit(main([name for name in sys.argv[1:] if name]))
