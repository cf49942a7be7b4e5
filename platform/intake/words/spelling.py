"""Which known words a typed word stands for, so that `chst`, `brething`, `kiero` and `killmyself` are understood.

A word that is known, or ordinary, stands for itself only: 'chess' is no 'chest'. Any other is compared with the known
words by how it sounds, and by optimal string alignment (Damerau-Levenshtein without a second edit of what was swapped;
Boytsov, ACM JEA 16, 2011), with fewer slips allowed in shorter words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

SHORTEST = 4
"""Shorter words must be right, for too many are near each other; in one of this length two letters may be swapped."""
LONG = 8
"""From this length on, two slips are one word's."""
_MOST = 2
"""Slips in one word."""
_LONGEST_PARTED = 100
"""Longer ones are not taken apart: nobody writes whole sentences without a space."""
_REMEMBERED = 20_000

_SOUNDS = (
    (re.compile("ph"), "f"),
    (re.compile("^ll"), "y"),
    (re.compile("qu(?=[ei])"), "k"),
    (re.compile("c(?=[eiy])"), "s"),
    (re.compile("c(?!h)|q"), "k"),
    (re.compile("z"), "s"),
    (re.compile("v"), "b"),
    (re.compile("g(?=[ei])"), "j"),
    (re.compile(r"(.)\1+"), r"\1"),
)


def sound(word: str) -> str:
    """A word by its sound, in which c/k/q, s/z, b/v, g/j, a first ll/y and doubled letters are one."""
    for pattern, put in _SOUNDS:
        word = pattern.sub(put, word)
    return word


def slips(left: str, right: str, most: int) -> int:
    """How many letters were added, left out, changed or swapped; `most + 1` when it is more than `most`."""
    if abs(len(left) - len(right)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        above, row = row, [i]
        for j, b in enumerate(right, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before = above
    return min(row[-1], most + 1)


class Speller:
    """Known words (`word`), known beginnings (`suicid*`) and ordinary words that stand for nothing else."""

    def __init__(self, known: Iterable[str], ordinary: Iterable[str]) -> None:
        self._words = {word for word in known if not word.endswith("*")}
        self._beginnings = sorted(word for word in known if word.endswith("*"))
        self._ordinary = set(ordinary)
        self._begun: dict[str, list[tuple[str, str]]] = {}
        for word in self._beginnings:
            heard = sound(word[:-1])
            self._begun.setdefault(heard[0], []).append((word, heard))
        self._by_begin: dict[tuple[str, int], list[tuple[str, str, int]]] = {}
        for word in sorted(self._words):
            if len(word) >= SHORTEST and not word.startswith("#"):
                heard = sound(word)
                begin = _unaspirated(heard)[0], len(heard)
                self._by_begin.setdefault(begin, []).append((word, heard, _letters(heard)))
        self._memory: dict[str, tuple[str, ...]] = {}

    def stands_for(self, word: str) -> tuple[str, ...]:
        """The known words and beginnings that a typed word may mean, one entry for each word it is made of.

        Two words written as one give "chest pain": the parts are separated by a space.
        """
        found = self._memory.get(word)
        if found is None:
            if len(self._memory) > _REMEMBERED:
                self._memory.clear()
            found = self._memory[word] = tuple(self._look_up(word))
        return found

    def _look_up(self, word: str) -> list[str]:
        begun = [each for each in self._beginnings if word.startswith(each[:-1])]
        if word in self._words:
            # Where both are known, more than one is also one: "cacahuates" is found where "cacahuate" is meant.
            singular = [word[:-1]] if word[-1] == "s" and word[:-1] in self._words else []
            return [word, *singular, *begun]
        if word in self._ordinary or len(word) < SHORTEST:
            return begun
        if begun:
            # "insuline" begins as `insulin*` and means "insulin"; "screaming" (`scream*`) is no "screening".
            stems = tuple(each[:-1] for each in begun)
            return [
                *begun,
                *(near for near in self._near(word) if near[-1] != "*" and near.startswith(stems)),
            ]
        return self._near(word) or (self._parted(word, set()) if len(word) <= _LONGEST_PARTED else [])

    def _near(self, word: str) -> list[str]:
        heard = sound(word)
        letters, length = _letters(heard), len(heard)
        near = [
            known
            for letter in sorted(set(_unaspirated(heard)[:2]))
            for its_length in range(length - _MOST, length + _MOST + 1)
            for known, its_sound, its_letters in self._by_begin.get((letter, its_length), ())
            # A slip changes two letters of the set at most: nearly every word is told apart without comparing it.
            if (letters ^ its_letters).bit_count() <= 2 * _MOST and _alike(heard, its_sound)
        ]
        begun = [each for each, its_sound in self._begun.get(heard[0], ()) if _begins_like(heard, its_sound)]
        return near + begun

    def _parted(self, word: str, hopeless: set[str]) -> list[str]:
        """Known words written as one. `hopeless` are the tails known to have no split: each is tried once, because
        the number of ways to split a long word grows exponentially with its length."""
        for at in range(2, len(word) - 1):
            head, tail = word[:at], word[at:]
            if head not in self._words:
                continue
            if tail in self._words and len(word) > 2 * SHORTEST - 2:
                return [f"{head} {tail}"]
            if len(tail) <= 2 * SHORTEST - 2 or tail in hopeless:
                continue
            if rest := self._parted(tail, hopeless):
                return [f"{head} {rest[0]}"]
        hopeless.add(word)
        return []


def _letters(word: str) -> int:
    """The set of a word's letters, a bit for each."""
    found = 0
    for letter in word:
        found |= 1 << (ord(letter) & 31)
    return found


def _unaspirated(heard: str) -> str:
    """A word without an h that is not heard in Spanish. Its first letter is the one that it is looked up by."""
    return heard[1:] if len(heard) > SHORTEST and heard[0] == "h" else heard


def _begin_alike(heard: str, known: str) -> bool:
    """Whether the first letters are the same, or the first two are swapped."""
    heard, known = _unaspirated(heard), _unaspirated(known)
    return heard[0] == known[0] or heard[:2] == known[1::-1]


def _alike(heard: str, known: str) -> bool:
    if heard == known:
        return True
    shorter = min(len(heard), len(known))
    if shorter < SHORTEST or not _begin_alike(heard, known):
        return False
    if shorter == SHORTEST and len(known) == SHORTEST:
        return sorted(heard) == sorted(known) and slips(heard, known, 1) == 1
    most = 1 if shorter < LONG else _MOST
    return slips(heard, known, most) <= most


def _begins_like(heard: str, beginning: str) -> bool:
    """Whether a word begins as another of the same first letter does, one slip allowed."""
    if heard.startswith(beginning):
        return True
    if len(beginning) < 6:
        return False
    return any(
        slips(heard[:length], beginning, 1) <= 1 for length in range(len(beginning) - 1, len(beginning) + 2)
    )
