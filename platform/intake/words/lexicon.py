"""The words and patterns of `data/red_flag_words.json`, and where they stand in a text.

The file has `concepts` (a name and its words or phrases, `_` between the words of a phrase, `*` after a beginning),
`patterns` (a rule's id and its patterns), `short` forms with what they stand for, `fillers` that may stand inside a
phrase, `numbers` (a name and its smallest and largest value), `numerals`, `units`, and `ordinary` words that are near a
known one and mean nothing here.

A pattern is made of terms that all must be there, in any order and near each other:

- `word`, `two_words`, `@concept`, or several of them with `|` between;
- `!term`: it must not be near; `$fact`: it must be true of the patient;
- `~n`: at most n words (fillers not counted) between the first term and each other one, 4 if nothing is said;
  `~*`: anywhere in the text.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

import msgspec

from intake.words.learned import Learned, Weights
from intake.words.spelling import Speller
from intake.words.tokens import Token, tokens

NEAR = 4
COUNT = "any"
"""The number that may count a unit: "2 years ago"."""
ANYWHERE = 10_000
"""More words than a text can have."""

Phrase = tuple[str, ...]


class Words(msgspec.Struct, frozen=True):
    """The file as it is stored; words stand in one string with spaces between them."""

    concepts: dict[str, str]
    patterns: dict[str, list[str]]
    short: dict[str, str]
    fillers: str
    numbers: dict[str, tuple[float, float]]
    numerals: dict[str, float]
    units: str
    ordinary: str
    learned: Weights


class Span(msgspec.Struct, frozen=True, order=True):
    """From the first to the last word of a phrase in a text, both included."""

    start: int
    end: int


class Pattern(msgspec.Struct, frozen=True):
    """One pattern: each term is a choice of phrases."""

    terms: tuple[frozenset[Phrase], ...]
    excluded: frozenset[Phrase]
    facts: frozenset[str]
    within: int


class Text(msgspec.Struct, frozen=True):
    """A text with what was found in it. `weight[i]` counts the words before the i-th, fillers left out."""

    tokens: list[Token]
    meanings: list[frozenset[str]]
    weight: list[int]
    spans: dict[Phrase, list[Span]]
    found: dict[frozenset[Phrase], list[Span]] = msgspec.field(default_factory=dict)

    def of(self, phrases: frozenset[Phrase]) -> list[Span]:
        """Where any of the phrases stands, in order; looked for once."""
        places = self.found.get(phrases)
        if places is None:
            few = phrases if len(phrases) < len(self.spans) else phrases & self.spans.keys()
            places = sorted({span for phrase in few for span in self.spans.get(phrase, ())})
            self.found[phrases] = places
        return places

    def between(self, one: Span, other: Span) -> int:
        """How many words, fillers left out, are between two phrases."""
        first, last = sorted((one, other))
        return max(0, self.weight[last.start] - self.weight[first.end + 1])


class Lexicon:
    """The words ready to be looked for."""

    def __init__(self, words: Words) -> None:
        self._short = words.short
        self.learned = Learned(words.learned)
        self._fillers = frozenset(words.fillers.split())
        self._numbers, self._numerals = words.numbers, words.numerals
        self._units = frozenset(words.units.split())
        self._concepts = {
            name: frozenset(map(_phrase, text.split())) for name, text in words.concepts.items()
        }
        self._names: dict[Phrase, tuple[str, ...]] = {}
        for name, own in self._concepts.items():
            for phrase in own:
                self._names[phrase] = (*self._names.get(phrase, ()), f"@{name}")
        self.patterns = {
            rule: tuple(self._pattern(source) for source in sources)
            for rule, sources in words.patterns.items()
        }
        self._by_first: dict[str, list[Phrase]] = {}
        phrases = {phrase for phrases in self._all_phrases() for phrase in phrases}
        for phrase in sorted(phrases):
            self._by_first.setdefault(phrase[0], []).append(phrase)
        known = (
            {word for phrase in phrases for word in phrase}
            | self._fillers
            | set(words.numerals)
            | self._units
        )
        self._speller = Speller(known, words.ordinary.split())

    def concept(self, name: str) -> frozenset[Phrase]:
        """The phrases of a concept."""
        return self._concepts[name]

    def concepts_of(self, phrase: Phrase) -> tuple[str, ...]:
        """The names of the concepts that a phrase belongs to, as patterns write them (`@chest`)."""
        return self._names.get(phrase, ())

    def read(self, text: str) -> Text:
        """A text with every known phrase in it; idioms (the concept `idiom`) hide what they are made of:
        "chest cold" is no chest, and "blood pressure" no blood."""
        cut = self._split(tokens(text, self._short))
        meanings = [self._meaning(cut, at) for at in range(len(cut))]
        weight = [0]
        for token in cut:
            weight.append(weight[-1] + (token.word not in self._fillers))
        return Text(cut, meanings, weight, self._without_idioms(self._find(cut, meanings)))

    def _without_idioms(self, spans: dict[Phrase, list[Span]]) -> dict[Phrase, list[Span]]:
        idioms = [span for phrase in self.concept("idiom") for span in spans.get(phrase, ())]
        if not idioms:
            return spans
        ends = [-1] * (max(span.start for places in spans.values() for span in places) + 1)
        for idiom in idioms:
            ends[idiom.start] = max(ends[idiom.start], idiom.end)
        # How far the idioms reach that begin here or before, and those that begin before.
        here = list(accumulate(ends, max))
        before = [-1, *here]

        def is_part(place: Span) -> bool:
            return before[place.start] >= place.end or here[place.start] > place.end

        return {phrase: [place for place in places if not is_part(place)] for phrase, places in spans.items()}

    def _split(self, found: Sequence[Token]) -> list[Token]:
        """Words that were written as one, taken apart."""
        return [
            Token(part, token.sentence, token.clause) for token in found for part in self._parts(token.word)
        ]

    def _parts(self, word: str) -> list[str]:
        stands_for = self._speller.stands_for(word)
        return stands_for[0].split() if len(stands_for) == 1 and " " in stands_for[0] else [word]

    def _meaning(self, cut: Sequence[Token], at: int) -> frozenset[str]:
        word = cut[at].word
        found = set(self._speller.stands_for(word)) if not word[0].isdigit() else {word}
        value = _number(word) if word[0].isdigit() else self._numerals.get(word)
        following = cut[at + 1].word if at + 1 < len(cut) else ""
        if value is not None:
            found |= {
                f"#{name}"
                for name, (low, high) in self._numbers.items()
                if low <= value <= high and (name == COUNT or following not in self._units)
            }
        return frozenset(found)

    def _find(self, cut: Sequence[Token], meanings: Sequence[frozenset[str]]) -> dict[Phrase, list[Span]]:
        spans: dict[Phrase, list[Span]] = {}
        places: dict[str, list[int]] = {}
        for at, meaning in enumerate(meanings):
            for word in meaning:
                places.setdefault(word, []).append(at)
        stops = self._stops(cut)
        for start, meaning in enumerate(meanings):
            for word in meaning:
                for phrase in self._by_first.get(word, ()):
                    end = _end(phrase, start, cut, places, stops)
                    if end is not None:
                        spans.setdefault(phrase, []).append(Span(start, end))
        return spans

    def _stops(self, cut: Sequence[Token]) -> list[int]:
        """For each place, the first one from there on that is no filler."""
        stops = [len(cut)] * (len(cut) + 1)
        for at in range(len(cut) - 1, -1, -1):
            stops[at] = stops[at + 1] if cut[at].word in self._fillers else at
        return stops

    def _pattern(self, source: str) -> Pattern:
        parts = source.split()
        within = next((part[1:] for part in parts if part[0] == "~"), str(NEAR))
        return Pattern(
            terms=tuple(self._choice(part) for part in parts if part[0] not in "!$~"),
            excluded=frozenset().union(*(self._choice(part[1:]) for part in parts if part[0] == "!")),
            facts=frozenset(part[1:] for part in parts if part[0] == "$"),
            within=ANYWHERE if within == "*" else int(within),
        )

    def _choice(self, source: str) -> frozenset[Phrase]:
        """The phrases of `word|two_words|@concept`."""
        return frozenset(
            phrase
            for part in source.split("|")
            for phrase in (self._concepts[part[1:]] if part[0] == "@" else (_phrase(part),))
        )

    def _all_phrases(self) -> Iterator[Iterable[Phrase]]:
        yield from self._concepts.values()
        for patterns in self.patterns.values():
            for pattern in patterns:
                yield from pattern.terms
                yield pattern.excluded


def _end(
    phrase: Phrase, start: int, cut: Sequence[Token], places: dict[str, list[int]], stops: Sequence[int]
) -> int | None:
    """Where a phrase that begins here ends; fillers between its words do not matter, however many there are."""
    at = start
    for word in phrase[1:]:
        stand = places.get(word, ())
        next_one = bisect_left(stand, at + 1)
        if next_one == len(stand) or stand[next_one] > stops[at + 1]:
            return None
        at = stand[next_one]
        if cut[at].sentence != cut[start].sentence:
            return None
    return at


def _phrase(source: str) -> Phrase:
    return tuple(source.split("_"))


def _number(word: str) -> float:
    return float(word.replace(",", "."))
