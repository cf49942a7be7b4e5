"""Reads one entry of a medicine list or an allergy list, and says what of it was not understood.

People write 'Tylenol #3', 'lisinopril-hctz 20/12.5 mg daily', 'PCN (hives, throat swelling)'. Every name in an entry
counts. Each word is a part of a name, or belongs to such an entry (doses, forms, directions,
reactions), or was not understood, which is for the clinician to read.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from chart.prescribing.knowledge import names
from chart.prescribing.knowledge.denial import (
    NAMED,
    about_no_medicine,
    denied,
    denies_the_last,
    says_cannot_take,
)
from chart.prescribing.knowledge.nothing import means_none
from chart.prescribing.knowledge.terms import NO_TERMS, Terms
from chart.prescribing.medicines.tables import read_table
from core.text.folding import without_accents

_MOST_WORDS = 120
_TOKEN = re.compile(r"[a-z0-9]+(?:[.,][0-9]+)?|[^a-z0-9\s]")
_JOINS = frozenset("-'\u2019.&")
"""Signs that may stand within a name: 'Z-Pak', 'St. John's wort'."""
_ENDS_CLAUSE = frozenset(";,()[]:\n|!?")
_DASHES = frozenset("-\u2013\u2014")
_BUT = frozenset("but except pero excepto salvo menos however although aunque besides apart other".split())
_AMOUNT = re.compile(
    r"\d+(?:[.,]\d+)?(?:mg|mcg|ug|g|gm|ml|iu|u|meq|x|tabs?|caps?|hr?|hrs|d|st|nd|rd|th|wks?|mo|yrs?|[ap]m)?|q\d+h?|[a-z]"
)
_FOR = frozenset({"for", "para"})
_NUMBER_WORDS = frozenset({"#", "no", "num", "number", "numero", "nro"})
_CODEINE_STRENGTHS = frozenset({"1", "2", "3", "4", "iii", "iv"})
_WITH_CODEINE = frozenset({"acetaminophen", "aspirin", "codeine"})


class Reaction(StrEnum):
    """What an entry says of the reaction. ``UNSAID`` counts as an allergy: nobody said that it was none."""

    UNSAID = "unsaid"
    ALLERGIC = "allergic"
    INTOLERANCE = "intolerance"


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read in an entry.

    ``unread`` are its words that were not understood, in their order. ``denied`` are names that the entry says are no
    allergy. ``nothing``: the entry says that there is none.
    """

    terms: Terms = NO_TERMS
    unread: tuple[str, ...] = ()
    denied: Terms = NO_TERMS
    reaction: Reaction = Reaction.UNSAID
    nothing: bool = False


@dataclass(slots=True)
class _Token:
    word: str
    name: names.Name | None = None
    length: int = 1
    unread: bool = False


@cache
def _kinds() -> dict[str, frozenset[str]]:
    return {row["kind"]: frozenset(row["words"].split()) for row in read_table("entry_words")}


def _of(*kinds: str) -> frozenset[str]:
    return frozenset[str]().union(*(_kinds()[kind] for kind in kinds))


@cache
def _beside(allergy: bool) -> frozenset[str]:
    """The words that say no medicine's name in such an entry."""
    common = _of("form", "unit", "direction", "salt")
    return common | _of("allergic", "intolerance", "allergy", "substance", "place") if allergy else common


def read_medicine(text: str) -> Reading:
    """An entry of a medicine list."""
    if means_none(text):
        return Reading(nothing=True)
    tokens = _named(text, allergy=False)
    terms = _all(tokens)
    return Reading(terms, _unread(tokens, text, bool(terms), allergy=False))


def read_allergy(text: str, reaction: str = "") -> Reading:
    """An entry of an allergy list; ``reaction`` are the words written for the reaction alone."""
    if means_none(text):
        return Reading(nothing=True)
    tokens = _named(text, allergy=True)
    away = _denied(tokens)
    terms = _all([token for token in tokens if id(token) not in away])
    denial = _all([token for token in tokens if id(token) in away])
    substance = any(token.word in _kinds()["substance"] for token in tokens)
    understood = bool(terms or denial or substance)
    words = {token.word for token in tokens if token.name is None}
    kind = _reaction(words | set(_TOKEN.findall(without_accents(reaction))))
    return Reading(terms, _unread(tokens, text, understood, allergy=True), denial, kind)


def _reaction(words: set[str]) -> Reaction:
    if words & _kinds()["allergic"]:
        return Reaction.ALLERGIC
    return Reaction.INTOLERANCE if words & _kinds()["intolerance"] else Reaction.UNSAID


def _all(tokens: list[_Token]) -> Terms:
    terms = NO_TERMS
    for token in tokens:
        if token.name is not None:
            terms |= token.name.read()
    return terms


def _named(text: str, *, allergy: bool) -> list[_Token]:
    """The entry's words and signs, with its names in one piece each and everything else judged."""
    words = _TOKEN.findall(without_accents(text))[:_MOST_WORDS]
    found: list[_Token] = []
    at = 0
    while at < len(words):
        token = _next(words, at, found)
        token.unread = token.name is None and _is_unknown(words, at, found, _beside(allergy))
        if token.unread:
            token.name = names.near(token.word)
        found.append(token)
        at += token.length
    return found


def _next(words: list[str], at: int, before: list[_Token]) -> _Token:
    """The longest name that begins here, else the word alone."""
    numbered = _numbered(words, at, before)
    if numbered:
        return _Token(" ".join(words[at : at + numbered]), names.Name("codeine"), numbered)
    word = words[at]
    if word in _kinds()["salt"] and before and before[-1].name is not None:
        return _Token(word)
    if word == "pm" and at and words[at - 1][0].isdigit():
        return _Token(word)
    for end in range(min(len(words), at + 2 * names.longest()), at, -1):
        span = words[at:end]
        if not span[-1][0].isalnum() or not _may_be_one(span):
            continue
        phrase = " ".join(part for part in span if part not in _JOINS)
        plain = len(span) == 1 and (word in _beside(True) or len(word) < 3)
        name = names.by_spelling(phrase) if plain else names.find(phrase)
        if name is not None:
            return _Token(phrase, name, len(span))
    return _Token(word)


def _may_be_one(span: list[str]) -> bool:
    return span[0].isalnum() and all(part[0].isalnum() or part in _JOINS for part in span)


def _numbered(words: list[str], at: int, before: list[_Token]) -> int:
    """How many words say 'number three' of a pain medicine, which means that codeine is in it: '#3', 'no. 3', '3'."""
    last = next((token for token in reversed(before) if token.word not in _JOINS), None)
    if last is None or last.name is None or not last.name.read().ingredients & _WITH_CODEINE:
        return 0
    rest = [(place, word) for place, word in enumerate(words[at:], 1) if word not in _JOINS][:3]
    if len(rest) > 1 and rest[0][1] in _NUMBER_WORDS and rest[1][1] in _CODEINE_STRENGTHS:
        return rest[1][0]
    ends = len(rest) == 1 or rest[1][1] in _ENDS_CLAUSE
    return rest[0][0] if rest and rest[0][1] in _CODEINE_STRENGTHS and ends else 0


def _is_unknown(words: list[str], at: int, before: list[_Token], beside: frozenset[str]) -> bool:
    word = words[at]
    if word == "#":
        return not _is_quantity(words, at)
    if not word[0].isalnum() or word in beside or word in _BUT:
        return False
    if word == "d" and before and before[-1].word in _JOINS:
        return True  # 'loratadine-d': something was added
    if _AMOUNT.fullmatch(word):
        return False
    return not _says_what_for(words, at, beside)


def _is_quantity(words: list[str], at: int) -> bool:
    """'#30' is how many were handed out; '#3' is a kind."""
    return at + 1 < len(words) and words[at + 1].isdigit() and words[at + 1] not in _CODEINE_STRENGTHS


def _says_what_for(words: list[str], at: int, beside: frozenset[str]) -> bool:
    """'for blood pressure': what follows 'for' is a reason, up to the next sign or 'and'."""
    if "allergy" in beside:
        return False
    for word in reversed(words[:at]):
        if word in _FOR:
            return True
        if word in {"and", "y", "+", "with", "con"} or not word[0].isalnum():
            return False
    return False


def _clauses(tokens: list[_Token]) -> list[list[_Token]]:
    clauses: list[list[_Token]] = [[]]
    for place, token in enumerate(tokens):
        full_stop = token.word == "." and place + 1 < len(tokens)
        if (
            token.word in _ENDS_CLAUSE
            or _parts(tokens, place)
            or (token.word in _BUT and token.name is None)
            or full_stop
        ):
            clauses.append([])
        else:
            clauses[-1].append(token)
    return [clause for clause in clauses if clause]


def _parts(tokens: list[_Token], place: int) -> bool:
    """Whether it is a dash between two things said: 'PCN - no reaction', and none within 'lisinopril-hctz'."""
    if tokens[place].word not in _DASHES:
        return False
    return not all(token.name for token in tokens[max(place - 1, 0) : place + 2 : 2])


def _denied(tokens: list[_Token]) -> set[int]:
    """The tokens of names that the entry says are no allergy; marks the words of the denial as understood."""
    away: set[int] = set()
    last: list[_Token] = []
    for clause in _clauses(tokens):
        own = [token for token in clause if token.name is not None]
        words = [token for token in clause if token.name is not None or token.word[0].isalnum()]
        # A guessed name is left as it is written: 'until' is near a name, and takes a denial away.
        masked = " ".join(NAMED if token.name and not token.unread else token.word for token in words)
        reacted = any(token.word in _kinds()["allergic"] for token in clause)
        about = _about(words, masked, reacted) if own else last if denies_the_last(masked) else []
        away |= {id(token) for token in about}
        if about or says_cannot_take(masked) or (not own and about_no_medicine(masked)):
            for token in clause:
                token.unread = False
        elif any(token.word in _NEGATIONS for token in clause if token.name is None) and own:
            _leave_open(clause)
        said = {token.word for token in clause if token.name is None}
        if not own and not about and said & (_kinds()["allergic"] | _OPEN):
            # 'No allergy to it? Got a rash once': the reaction may be to what was denied.
            away -= {id(token) for token in last}
        if own or said & (_kinds()["allergic"] | _kinds()["substance"]):
            last = own
    return away


def _about(words: list[_Token], masked: str, reacted: bool) -> list[_Token]:
    """The names that a clause denies; none where a reaction, or a word not understood, stands beside them."""
    said = denied(masked)
    beside = (token for place, token in enumerate(words) if place not in said)
    if reacted or any(token.unread and token.name is None for token in beside):
        return []
    return [words[place] for place in said if words[place].name is not None]


_OPEN = frozenset("allergic alergico alergica unsure maybe".split())
"""What leaves a denial before it open, as a reaction does: 'no documented reaction, but told allergic'."""
_NEGATIONS = frozenset("not no never nunca sin denies niega isn".split())


def _leave_open(clause: list[_Token]) -> None:
    """A 'not' whose reach is not understood takes nothing away, and is shown."""
    for token in clause:
        if token.word in _NEGATIONS and token.name is None:
            token.unread = True


def _unread(tokens: list[_Token], text: str, understood: bool, *, allergy: bool) -> tuple[str, ...]:
    """The words not understood; the whole entry where nothing in it was."""
    vague = [token.word for token in tokens if token.name is not None and token.name.vague]
    words = [*vague, *(token.word for token in tokens if token.unread and token.name is None)]
    if not understood and not words:
        return (" ".join(text.split())[:200],)
    return tuple(dict.fromkeys(words))
