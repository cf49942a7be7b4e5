"""What a text is made of, for the learned layer: its words, words side by side, and the concepts they name.

A text is read in windows, so that a sentence is heard as well in a long answer as alone. What it denies is left out.
A feature is a string: `pain`, `my_chest` (side by side), `@chest` (a concept) and `@chest+@pain` (near each other); `#`
stands for any number.
"""

from __future__ import annotations

from collections.abc import Iterator

from intake.words.context import Context
from intake.words.learned import Features
from intake.words.lexicon import Lexicon, Span, Text

WINDOW = 40
"""Words that are heard together: a long answer is many windows, each half over the one before."""
NEAR = 6
"""Concepts that are this many words apart or fewer are near each other."""


def windows(lexicon: Lexicon, text: Text, context: Context) -> Iterator[Features]:
    """The features of each window of a text."""
    meant = [not context.denies(Span(at, at)) for at in range(len(text.tokens))]
    named = _named(lexicon, text, context)
    for start in range(0, max(1, len(meant) - WINDOW // 2), WINDOW // 2):
        yield _window(text, meant, named, range(start, min(start + WINDOW, len(meant))))


def _window(text: Text, meant: list[bool], named: list[list[str]], places: range) -> Features:
    words = ["#" if each.word[0].isdigit() else each.word for each in text.tokens[places.start : places.stop]]
    here = [at for at in places if meant[at]]
    others = {name for at in here for name in named[at]}
    for at in here:
        if at + 1 in places and meant[at + 1] and text.tokens[at].sentence == text.tokens[at + 1].sentence:
            others.add(f"{words[at - places.start]}_{words[at + 1 - places.start]}")
        for other in range(at + 1, min(at + NEAR + 1, places.stop)):
            others.update(_pairs(named[at], named[other]))
    return Features(frozenset(words[at - places.start] for at in here), frozenset(others))


def _pairs(ones: list[str], others: list[str]) -> Iterator[str]:
    for one in ones:
        for other in others:
            if one != other:
                yield f"{one}+{other}" if one < other else f"{other}+{one}"


def _named(lexicon: Lexicon, text: Text, context: Context) -> list[list[str]]:
    """For each place, the concepts of the phrases that begin there and are not denied."""
    found: list[set[str]] = [set() for _ in text.tokens]
    for phrase, spans in text.spans.items():
        for name in lexicon.concepts_of(phrase):
            for span in spans:
                if not context.denies(span):
                    found[span.start].add(name)
    return [sorted(names) for names in found]
