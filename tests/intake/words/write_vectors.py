"""Writes `vectors.json`: what the server finds in each line, for the web to find as well."""

import json
from pathlib import Path

from intake import catalog
from intake.words.mentions import mentioned

HERE = Path(__file__).parent
LEARNED_FROM = HERE.parents[2] / "tools" / "red_flags" / "lines"
SOME = 8
"""Of the lines that the learned layer learned from, each eighth is in the table."""
MORE: list[tuple[str, list[str]]] = [
    ("she has a fever", ["infant"]),
    ("new headache", ["over_50"]),
    ("no come nada", ["infant"]),
    ("I \uff43\uff41\uff4e\uff07\uff54 breathe!!!", []),
    ("no fever or cough, but my chest hurts", []),
    ("su1cide", []),
    ("9" * 60, []),
    ("胸が痛い 💊", []),
    ("W/o chest pain; bp 200 / 130", []),
    ("\u0130stanbul chest páin", []),
]


def write() -> None:
    """One line a text, so that a change shows what it changes."""
    texts: dict[str, list[str]] = {}
    for name in ("dev.txt", "held_out.txt"):
        for line in (HERE / name).read_text().splitlines():
            if line and not line.startswith("#"):
                texts[line.partition(": ")[2]] = []
    for line in (HERE / "tried.txt").read_text().splitlines():
        if line and line[0] not in "#[":
            texts[line] = []
    for path in sorted(LEARNED_FROM.glob("*.txt")):
        texts |= {line.partition(": ")[2]: [] for line in path.read_text().splitlines()[::SOME]}
    texts |= dict(MORE)
    rows = [
        {"text": text, "facts": facts, "asks": sorted(mentioned(catalog.lexicon(), [text], facts))}
        for text, facts in texts.items()
    ]
    lines = ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in rows)
    (HERE / "vectors.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    write()
