"""What a person typed into the search, understood: words, what each of them may stand for, and what is negated.

Pure. A typed phrase such as "uti" or "ear infection" is a slot that its own words fill, or the words of the code
descriptions that `synonyms.tsv` gives for it.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import combinations

import msgspec

from chart.terminology.files import SYNONYMS_FILE, rows_of
from chart.terminology.words import tokens

MAX_WORDS = 8
_LONGEST_PHRASE = 4
_SHORT = 3
"""Letters. A word this short stands for itself alone ("flu" is no "fluid"), unless it is still being typed."""

# The words that carry no meaning in a search, in English and Spanish.
_FILLERS = frozenset(
    "a an the of in on at to for from by and or with is are be my your his her has have had having it this that "
    "due patient pt some de del la el los las en con y e un una por para mi su me le que tiene tengo es".split()
)
_NEGATIONS = frozenset({"without", "no", "not", "sin"})
# How it is, not what it is: dropped when nothing fits with them.
_QUALIFIERS = frozenset(
    "recurrent recurring chronic acute subacute severe mild moderate bad worse worsening new old onset persistent "
    "ongoing uncontrolled controlled stable possible suspected probable likely follow followup fu recheck evaluation "
    "eval workup concern concerns symptoms symptom sx problem problems issue issues adult adults child children kid "
    "baby infant male female man woman constant intermittent frequent again refractory unspecified type left right "
    "bilateral recurrente cronico cronica agudo aguda grave severo severa leve problema problemas".split()
)

Words = tuple[str, ...]


class Slot(msgspec.Struct, frozen=True):
    """One thing that was typed: `words` as typed, and every phrase that fills it, the typed words first."""

    words: Words
    phrases: tuple[Words, ...]
    open: bool = False
    """Whether its last word may still be being typed."""
    negated: bool = False

    @property
    def qualifies(self) -> bool:
        return all(word in _QUALIFIERS for word in self.words)


class Typed(msgspec.Struct, frozen=True):
    """The whole query: its folded text and its slots, without fillers."""

    folded: str
    slots: tuple[Slot, ...]


def understood(query: str) -> Typed:
    """The slots of a query, longest known phrase first; an empty query has none."""
    words = tokens(query)[:MAX_WORDS]
    known = _synonyms()
    slots: list[Slot] = []
    negated = False
    at = 0
    while at < len(words):
        if words[at] in _NEGATIONS and (words[at] not in ("no",) or at > 0):
            negated = True
            at += 1
            continue
        phrase = _phrase_at(words, at, known)
        at += len(phrase)
        if len(phrase) == 1 and phrase[0] in _FILLERS and phrase not in known:
            continue
        is_open = at == len(words) and phrase not in known
        slots.append(Slot(phrase, (phrase, *known.get(phrase, ())), is_open, negated))
        negated = False
    if not slots:
        slots = [Slot((word,), ((word,),), word == words[-1]) for word in words]
    return Typed(" ".join(words), tuple(slots))


def without_qualifiers(typed: Typed) -> Typed | None:
    """The query without words that only say how something is; None if that changes nothing or leaves nothing."""
    kept = tuple(slot for slot in typed.slots if not slot.qualifies)
    if not kept or len(kept) == len(typed.slots):
        return None
    return Typed(" ".join(word for slot in kept for word in slot.words), kept)


def tsquery(slots: Sequence[Slot], missing: int = 0) -> str:
    """A `to_tsquery` text that asks for every slot, or for every combination with `missing` slots left out.

    A combination asks for whole words: with fewer words, beginnings of words fit too much.
    """
    asked = [slot for slot in slots if not slot.negated] or list(slots)
    parts = [_either(slot, whole=missing > 0) for slot in asked]
    wanted = combinations(parts, max(1, len(parts) - missing))
    return " | ".join(f"({' & '.join(each)})" for each in wanted)


def like_patterns(slots: Iterable[Slot]) -> list[str]:
    """For lay terms between spaces: each typed word, whole if it is short and complete."""
    patterns = []
    for slot in slots:
        for word in _core(slot.words):
            is_open = slot.open and word == slot.words[-1]
            patterns.append(f"% {word}%" if is_open or len(word) > _SHORT else f"% {word} %")
    return patterns


def fits(slot: Slot, words: Sequence[str]) -> bool:
    """Whether some phrase of the slot stands in these words, in any order and any form of its words."""
    return any(
        all(
            _meets(word, words, slot.open and phrase == slot.words and word == phrase[-1])
            for word in _core(phrase)
        )
        for phrase in slot.phrases
    )


def says(slot: Slot, words: Sequence[str]) -> bool:
    """Whether some phrase of the slot stands in these words, each word as it is."""
    return any(all(word in words for word in _core(phrase)) for phrase in slot.phrases)


def _meets(word: str, words: Sequence[str], is_open: bool) -> bool:
    if is_open or len(word) > _SHORT:
        return any(other.startswith(word) or _same_stem(word, other) for other in words)
    return word in words


def _same_stem(one: str, other: str) -> bool:
    """Roughly: "infected" and "infection", "diabetes" and "diabetic", but not "hypertension" and "hypertrophy"."""
    shared = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        shared += 1
    return shared >= max(4, min(len(one), len(other)) - 3)


def _either(slot: Slot, whole: bool) -> str:
    return f"({' | '.join(_all_of(slot, phrase, whole) for phrase in slot.phrases)})"


def _all_of(slot: Slot, phrase: Words, whole: bool) -> str:
    last = phrase[-1] if slot.open and phrase == slot.words else ""
    asked = (
        f"{word}:*" if not whole and (word == last or len(word) > _SHORT) else word for word in _core(phrase)
    )
    return f"({' & '.join(asked)})"


def _core(phrase: Words) -> Words:
    """The phrase without fillers, unless it is nothing else."""
    return tuple(word for word in phrase if word not in _FILLERS) or phrase


def _phrase_at(words: Sequence[str], at: int, known: Mapping[Words, tuple[Words, ...]]) -> Words:
    for length in range(min(_LONGEST_PHRASE, len(words) - at), 1, -1):
        if (phrase := tuple(words[at : at + length])) in known:
            return phrase
    return (words[at],)


@cache
def _synonyms() -> Mapping[Words, tuple[Words, ...]]:
    found: dict[Words, tuple[Words, ...]] = {}
    for typed, meant in rows_of(SYNONYMS_FILE):
        phrases = tuple(tuple(phrase.split()) for phrase in meant.split(";"))
        for phrase in typed.split(";"):
            key = tuple(phrase.split())
            found[key] = (*found.get(key, ()), *(each for each in phrases if each != key))
    return found
