"""Which rules a patient's words call for. They only ask: a word decides nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache

from intake.words.context import Context
from intake.words.features import windows
from intake.words.lexicon import ANYWHERE, Lexicon, Pattern, Span, Text

MAX_PLACES = 100
"""Places of one phrase that are looked at in a text: nobody says a thing as often, unless to keep us busy."""


def mentioned(lexicon: Lexicon, texts: Iterable[str], facts: Collection[str]) -> set[str]:
    """The ids of rules that any of the texts speaks of. `facts` are the names that are true of the patient."""
    named = frozenset(facts)
    return {rule for text in texts for rule in _mentioned(lexicon, text, named)}


# A form is judged at every save, and of its texts one has changed at most.
@lru_cache(maxsize=500)
def _mentioned(lexicon: Lexicon, text: str, facts: frozenset[str]) -> frozenset[str]:
    read = lexicon.read(text)
    context = Context(lexicon, read)
    return by_patterns(lexicon, read, context, facts) or by_learning(lexicon, read, context)


def by_patterns(lexicon: Lexicon, text: Text, context: Context, facts: frozenset[str]) -> frozenset[str]:
    """The rules of which a pattern is found in a text."""
    if not text.spans:
        return frozenset()
    return frozenset(
        rule
        for rule, patterns in lexicon.patterns.items()
        if any(_is_mentioned(rule, pattern, text, context, facts) for pattern in patterns)
    )


def by_learning(lexicon: Lexicon, text: Text, context: Context) -> frozenset[str]:
    """The rules that the learned layer hears in a text."""
    heard = (lexicon.learned.rule(window) for window in windows(lexicon, text, context))
    return frozenset(rule for rule in heard if rule is not None)


def _is_mentioned(rule: str, pattern: Pattern, text: Text, context: Context, facts: frozenset[str]) -> bool:
    if not pattern.facts <= facts:
        return False
    choices = [text.of(term) for term in pattern.terms]
    if not all(choices):
        return False
    excluded = text.of(pattern.excluded)
    choices, excluded = [places[:MAX_PLACES] for places in choices], excluded[:MAX_PLACES]
    for anchor in choices[0]:
        spans = _around(anchor, choices[1:], pattern.within, text)
        if spans is None or any(_is_near(anchor, span, pattern.within, text) for span in excluded):
            continue
        if context.is_meant(rule, spans):
            return True
    return False


def _around(anchor: Span, choices: list[list[Span]], within: int, text: Text) -> list[Span] | None:
    """For each further term the nearest place to the anchor that is not taken yet."""
    taken = [anchor]
    for places in choices:
        free = [
            place
            for place in places
            if _is_near(anchor, place, within, text) and not any(_overlap(place, each) for each in taken)
        ]
        if not free:
            return None
        taken.append(min(free, key=lambda place: (text.between(anchor, place), place)))
    return taken


def _is_near(anchor: Span, place: Span, within: int, text: Text) -> bool:
    if within == ANYWHERE:
        return True
    tokens = text.tokens
    return (
        tokens[anchor.start].sentence == tokens[place.start].sentence
        and text.between(anchor, place) <= within
    )


def _overlap(one: Span, other: Span) -> bool:
    return one.start <= other.end and other.start <= one.end
