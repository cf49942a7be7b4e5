"""Say which words of a text speak for danger, and for which rule (see README.md)."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from intake import catalog
from intake.words.context import Context
from intake.words.features import windows
from intake.words.learned import features_of, telling
from intake.words.mentions import by_patterns

MAX_NAMES = 12


def explain(text: str) -> None:
    lexicon = catalog.lexicon()
    learned, read = lexicon.learned, lexicon.read(text)
    context = Context(lexicon, read)
    print("patterns:", ", ".join(sorted(by_patterns(lexicon, read, context, frozenset()))) or "none")
    for heard in windows(lexicon, read, context):
        rule = learned.rule(heard)
        print(f"danger {learned.danger(heard):+.2f} (asks above 0):", rule or "nothing is asked")
        by_weight = sorted(features_of(heard), key=learned.weight)
        print(
            "  for danger:",
            _listed((name, learned.weight(name)) for name in reversed(by_weight[-MAX_NAMES:])),
        )
        print("  against it:", _listed((name, learned.weight(name)) for name in by_weight[:MAX_NAMES]))
        if rule:
            speaking = {name: dict(learned.speaks(name)).get(rule, 0) for name in telling(heard)}
            ordered = sorted(speaking.items(), key=lambda each: -each[1])
            print(f"  for {rule}:", _listed(ordered[:MAX_NAMES]))


def _listed(weights: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{name} {weight:+}" for name, weight in weights if weight)


if __name__ == "__main__":
    explain(" ".join(sys.argv[1:]))
