"""Learn from labelled lines which words are dangerous, and which rule they call for (see README.md).

Writes `platform/intake/data/red_flag_weights.json`. With `--check` it only says how many lines of each writer are asked
about by a model that has not learned from that writer.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import log, sqrt
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from intake import catalog
from intake.words.context import Context
from intake.words.features import windows
from intake.words.learned import LEVELS, ZERO, Features, bucket, features_of, telling
from intake.words.mentions import by_patterns

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TARGET = ROOT / "platform" / "intake" / "data" / "red_flag_weights.json"
WORDS = ROOT / "tests" / "intake" / "words"
HARMLESS = "-"

BUCKETS = 2**15
STRENGTH = 20.0
"""How closely the regression follows its lines (the inverse of its regularization)."""
FALSE_ASKS = 0.01
"""Of harmless lines that no pattern asks about, how many may be asked about."""
UNIT = 25
"""Hundredths of a natural logarithm that one step of a count is worth."""
SEEN = 0.1
"""What is added to each count, so that a word that was never seen with a rule does not exclude it."""
IN_ALL = 40
"""A word of lines of more rules than these tells none apart."""


class Line(NamedTuple):
    """One line: who wrote it, the rules it calls for (none: harmless), and what the patterns find in it."""

    writer: str
    rules: frozenset[str]
    asked: frozenset[str]
    heard: Features


def read() -> list[Line]:
    """All lines to learn from. Those of `tried.txt` have no rule but the ones that the patterns find."""
    found = []
    for path in sorted((HERE / "lines").glob("*.txt")):
        found += [_line(path.name.split(".")[0], rule, text) for rule, text in _labelled(path)]
    found += [_line("dev", rule, text) for rule, text in _labelled(WORDS / "dev.txt")]
    writer = kind = ""
    for text in (WORDS / "tried.txt").read_text().splitlines():
        if text.startswith("# Set "):
            writer = f"tried {'abc'[ord(text[6]) % 3]}"
        elif text.startswith("["):
            kind = text.strip("[]").split()[1]
        elif text and text[0] != "#":
            found.append(_line(writer, HARMLESS if kind == "benign" else "", text))
    return found


def _labelled(path: Path) -> list[tuple[str, str]]:
    pairs = (line.partition(": ") for line in path.read_text().splitlines() if line and line[0] != "#")
    return [(rule, text) for rule, _, text in pairs]


def _line(writer: str, rule: str, text: str) -> Line:
    lexicon = catalog.lexicon()
    read = lexicon.read(text)
    context = Context(lexicon, read)
    asked = by_patterns(lexicon, read, context, frozenset())
    rules = frozenset() if rule == HARMLESS else frozenset({rule}) if rule else asked or frozenset({""})
    return Line(writer, rules, asked, next(windows(lexicon, read, context)))


def matrix(lines: Sequence[Line]) -> csr_matrix:
    """A row a line, a column a bucket."""
    columns: list[int] = []
    ends, values = [0], []
    for line in lines:
        found = sorted(features_of(line.heard))
        columns += [bucket(each, BUCKETS) for each in found]
        values += [1 / sqrt(len(found))] * len(found)
        ends.append(len(columns))
    rows = csr_matrix((values, columns, ends), shape=(len(lines), BUCKETS))
    rows.sum_duplicates()
    return rows


class Danger(NamedTuple):
    """Whole weights, what one is worth, and what is added."""

    weights: np.ndarray
    step: float
    bias: float

    def of(self, rows: csr_matrix) -> np.ndarray:
        return rows @ self.weights * self.step + self.bias


def learn_danger(rows: csr_matrix, dangerous: np.ndarray) -> Danger:
    model = LogisticRegression(C=STRENGTH, solver="liblinear", max_iter=300, random_state=0)
    model.fit(rows, dangerous)
    step = float(np.abs(model.coef_[0]).max()) / (ZERO - 1)
    return Danger(np.rint(model.coef_[0] / step).astype(int), step, float(model.intercept_[0]))


def left_out(lines: Sequence[Line], rows: csr_matrix) -> np.ndarray:
    """The danger of each line by a model that has not learned from its writer."""
    dangerous = np.array([bool(line.rules) for line in lines])
    scores = np.full(len(lines), -np.inf)
    for writer in sorted({line.writer for line in lines} - {"dev"}):
        theirs = np.array([line.writer == writer for line in lines])
        scores[theirs] = learn_danger(rows[~theirs], dangerous[~theirs]).of(rows[theirs])
    return scores


def threshold(lines: Sequence[Line], scores: np.ndarray) -> float:
    harmless = [
        score
        for line, score in zip(lines, scores, strict=True)
        if not line.rules and not line.asked and line.writer != "dev"
    ]
    return float(np.quantile(harmless, 1 - FALSE_ASKS))


def learn_rules(lines: Iterable[Line]) -> tuple[dict[str, int], dict[str, str]]:
    """What a feature costs each rule, and which rules each stem or concept speaks for."""
    rules = [rule.id for rule in catalog.rules()]
    counts: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for line in lines:
        for name in telling(line.heard):
            for rule in line.rules - {""}:
                counts[name][rule] += 1 / len(line.rules)
    kept = {
        name: of_rule
        for name, of_rule in sorted(counts.items())
        if sum(of_rule.values()) > 1.9 and len(of_rule) <= IN_ALL
    }
    costs = {}
    for rule in rules:
        total = sum(of_rule.get(rule, 0) for of_rule in kept.values())
        costs[rule] = round(100 * log(total + SEEN * len(kept)))
    speaks = {
        name: "".join(
            LEVELS[rules.index(rule)] + LEVELS[round(100 * log(1 + of_rule[rule] / SEEN) / UNIT)]
            for rule in sorted(of_rule, key=rules.index)
        )
        for name, of_rule in kept.items()
    }
    return costs, speaks


def write(lines: Sequence[Line]) -> None:
    rows = matrix(lines)
    limit = threshold(lines, left_out(lines, rows))
    danger = learn_danger(rows, np.array([bool(line.rules) for line in lines]))
    costs, speaks = learn_rules(lines)
    stored = {
        "danger": "".join(LEVELS[weight + ZERO] for weight in danger.weights),
        "step": round(danger.step, 6),
        "bias": round(danger.bias - limit, 4),
        "unit": UNIT,
        "rules": costs,
        "speaks": speaks,
    }
    parts = (
        f" {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in stored.items()
    )
    TARGET.write_text("{\n" + ",\n".join(parts) + "\n}\n")


def check(lines: Sequence[Line]) -> None:
    scores = left_out(lines, matrix(lines))
    limit = threshold(lines, scores)
    names = ("dangerous", "patterns", "both", "harmless", "patterns", "both")
    print("writer    ", *(name.rjust(9) for name in names))
    for writer in sorted({line.writer for line in lines} - {"dev"}):
        row = [writer.ljust(10)]
        for dangerous in (True, False):
            theirs = [
                (bool(line.asked), bool(line.asked) or score > limit)
                for line, score in zip(lines, scores, strict=True)
                if line.writer == writer and bool(line.rules) == dangerous
            ]
            counts = (len(theirs), sum(asked for asked, _ in theirs), sum(either for _, either in theirs))
            row += [f"{count:9}" for count in counts]
        print(*row)


if __name__ == "__main__":
    (check if "--check" in sys.argv else write)(read())
