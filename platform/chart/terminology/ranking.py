"""Which of the codes that fit comes first. Pure, so that the order is a table in the tests."""

import re
from collections.abc import Iterable, Sequence

import msgspec

from chart.terminology.words import fold, tokens

_CODE = re.compile(r"^[a-z]\d[0-9a-z]?(\.?[0-9a-z]{0,4})$")


class Candidate(msgspec.Struct, frozen=True):
    """A code that some part of the search found; `terms` are its lay terms, folded, if it has any."""

    code: str
    billable: bool
    description: str
    rank: int
    terms: Sequence[str] = ()


def code_prefix(query: str) -> str | None:
    """The query as the beginning of a code with its dot ("i219" gives "I21.9"), or None if it is none."""
    typed = query.strip().lower()
    if not _CODE.match(typed):
        return None
    bare = typed.replace(".", "").upper()
    return bare if len(bare) <= 3 else f"{bare[:3]}.{bare[3:]}"


def ordered(query: str, candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates, best first: the code typed, then what people call it, then how well the words fit."""
    prefix = code_prefix(query)
    folded = fold(query)
    return sorted(candidates, key=lambda one: (_tier(one, folded, prefix), *_within(one, folded)))


def _tier(one: Candidate, folded: str, prefix: str | None) -> int:
    if prefix is not None and one.code == prefix:
        return 0
    if prefix is not None and one.code.startswith(prefix):
        return 1 if one.billable else 2
    if folded in one.terms:
        return 3
    if any(term.startswith(folded) for term in one.terms):
        return 4
    if any(_fits(folded, term) for term in one.terms):
        return 5
    return 6 if one.billable else 7


def _within(one: Candidate, folded: str) -> tuple[int, int, int, str]:
    description = fold(one.description)
    starts = 0 if description.startswith(folded) else 1
    said = 0 if _fits(folded, description) else 1
    return said, starts, one.rank, one.code


def _fits(folded: str, text: str) -> bool:
    """Whether each word typed begins some word of the text."""
    words = text.split()
    return all(any(word.startswith(typed) for word in words) for typed in tokens(folded))
