"""A linear model learned from labelled lines, for what no pattern finds: is it dangerous, and which rule asks?

`tools/red_flags/train.py` writes the weights (`data/red_flag_weights.json`). They are whole numbers, so that sums are
the same on the server and in the browser. For danger each word, its pieces of four and five letters and every other
feature has a weight in a table by hash (a logistic regression). What is dangerous enough asks the rule that its word
stems and concepts speak for, by how often they stood in lines of each rule (a naive Bayes classifier).
"""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

import msgspec

LEVELS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
"""Letters that stand for numbers."""
ZERO = 32
"""The letter of the table that is a weight of nothing."""
PIECES = (4, 5)
"""Letters in a piece of a word; `^` and `$` are its ends."""
STEM = 5
"""Letters of a word that tell which it is, however it is bent."""
_REMEMBERED = 20_000


class Features(msgspec.Struct, frozen=True):
    """What one window of a text holds (`intake.words.features`), each once."""

    words: frozenset[str]
    others: frozenset[str]


class Weights(msgspec.Struct, frozen=True):
    """The file as it is stored.

    `danger` has a letter for each bucket, worth `step` each; above `-bias` is dangerous. `rules` has for each rule what
    every feature costs it, for a rule of many lines has seen many words. `speaks` has for each stem or concept pairs
    of letters: the number of a rule, and how much, in units of `unit`, the feature speaks for it.
    """

    danger: str
    step: float
    bias: float
    unit: int
    rules: dict[str, int]
    speaks: dict[str, str]


class Learned:
    """The weights ready to be added up."""

    def __init__(self, stored: Weights) -> None:
        number = {letter: place for place, letter in enumerate(LEVELS)}
        self._danger = [number[letter] - ZERO for letter in stored.danger]
        self._step, self._bias = stored.step, stored.bias
        self._costs = stored.rules
        rules = list(stored.rules)
        self._speaks = {
            name: [
                (rules[number[rule]], number[much] * stored.unit)
                for rule, much in zip(letters[::2], letters[1::2], strict=True)
            ]
            for name, letters in stored.speaks.items()
        }
        self._memory: dict[str, tuple[int, int]] = {}

    def rule(self, heard: Features) -> str | None:
        """The rule that what was heard calls for, if it is dangerous enough."""
        if self.danger(heard) <= 0:
            return None
        scores = dict.fromkeys(self._costs, 0)
        known = [speaks for name in telling(heard) if (speaks := self.speaks(name))]
        for speaks in known:
            for rule, much in speaks:
                scores[rule] += much
        return max(scores, key=lambda rule: scores[rule] - len(known) * self._costs[rule]) if known else None

    def danger(self, heard: Features) -> float:
        """How dangerous it is: above zero, it is asked about."""
        total = count = 0
        for word in heard.words:
            weight, features = self._of_word(word)
            total, count = total + weight, count + features
        for other in heard.others:
            total, count = total + self.weight(other), count + 1
        return total * self._step / sqrt(count) + self._bias if count else self._bias

    def speaks(self, name: str) -> list[tuple[str, int]]:
        """The rules that a stem or concept speaks for, and how much."""
        return self._speaks.get(name, [])

    def weight(self, feature: str) -> int:
        """How much a feature speaks for danger, or against it."""
        return self._danger[bucket(feature, len(self._danger))]

    def _of_word(self, word: str) -> tuple[int, int]:
        """The weights of a word and its pieces, added up, and how many they are."""
        found = self._memory.get(word)
        if found is None:
            if len(self._memory) > _REMEMBERED:
                self._memory.clear()
            features = [word, *pieces(word)]
            found = self._memory[word] = sum(map(self.weight, features)), len(features)
        return found


def features_of(heard: Features) -> list[str]:
    """All that the danger of a window is made of. What two of its words have in common counts twice."""
    return [*heard.words, *(piece for word in heard.words for piece in pieces(word)), *heard.others]


def telling(heard: Features) -> set[str]:
    """The features that tell rules apart: stems and concepts."""
    stems = {word[:STEM] for word in heard.words}
    return stems | {name for name in heard.others if name[0] == "@" and "+" not in name}


def pieces(word: str) -> Iterator[str]:
    """The pieces that words written or bent differently have in common: `^pai`, `pain$`."""
    whole = f"^{word}$"
    return (f"~{whole[at : at + size]}" for size in PIECES for at in range(len(whole) - size + 1))


def bucket(feature: str, buckets: int) -> int:
    """The place of a feature in a table: FNV-1a, whose higher bits are spread better."""
    found = 2166136261
    for letter in feature.encode():
        found = ((found ^ letter) * 16777619) & 0xFFFFFFFF
    return (found >> 8) % buckets
