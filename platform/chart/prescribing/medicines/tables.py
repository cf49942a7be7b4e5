"""Reads the reviewed tables that ship beside this module: tab-separated, lines that begin with '#' are notes."""

import csv
from importlib import resources


def read_table(name: str) -> list[dict[str, str]]:
    """The rows of ``data/<name>.tsv`` by column. Raises ValueError for a row with too few or too many cells."""
    text = resources.files("chart.prescribing").joinpath("data", f"{name}.tsv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    for row in rows:
        if None in row or None in row.values():
            raise ValueError(f"{name}.tsv: a row has the wrong number of cells: {row}")
    return rows
