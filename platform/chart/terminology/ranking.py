"""Which of the codes that fit comes first. Pure, so that the order is a table in the tests."""

import re
from collections.abc import Iterable, Sequence

import msgspec

from chart.terminology.typed import Slot, Typed, fits, says, understood
from chart.terminology.words import fold

_CODE = re.compile(r"^[a-z]\d[0-9a-z]?(\.?[0-9a-z]{0,4})$")
# What follows one of these in a description is not there, up to the next comma: "without aura, not intractable".
_DENIED = re.compile(r"\b(?:(?:without|not|no|except|excluding)\b[^,;\[\]()]*|non-?\w+)")


class Candidate(msgspec.Struct, frozen=True):
    """A code that some part of the search found; `terms` are its lay terms, folded, if it has any; `inclusion` its
    folded inclusion terms."""

    code: str
    billable: bool
    description: str
    rank: int
    terms: Sequence[str] = ()
    inclusion: str = ""


def code_prefix(query: str) -> str | None:
    """The query as the beginning of a code with its dot ("i219" gives "I21.9"), or None if it is none."""
    typed = query.strip().lower()
    if not _CODE.match(typed):
        return None
    bare = typed.replace(".", "").upper()
    return bare if len(bare) <= 3 else f"{bare[:3]}.{bare[3:]}"


def ordered(query: str, candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates, best first: the code typed, then what fits most of the words, then what people call it."""
    prefix = code_prefix(query)
    typed = understood(query)
    return sorted(candidates, key=lambda one: _key(one, typed, prefix))


def _key(one: Candidate, typed: Typed, prefix: str | None) -> tuple[int, int, int, int, int, str]:
    if prefix is not None and one.code.startswith(prefix):
        tier = 0 if one.code == prefix else 1 if one.billable else 2
        return tier, 0, 0, 0, one.rank, one.code
    lay = _lay_tier(one, typed)
    said = fold(_DENIED.sub(" ", one.description.lower())).split()
    denied = fold(" ".join(_DENIED.findall(one.description.lower()))).split()
    missing = 0 if lay < 2 else sum(not _is_met(one, slot, said, denied) for slot in typed.slots)
    unsaid = sum(not says(slot, said) for slot in typed.slots if not slot.negated)
    return 3, missing, lay if one.billable else lay + 1, unsaid, one.rank, one.code


def _lay_tier(one: Candidate, typed: Typed) -> int:
    """0: people call it just this; 1: they call it something that begins so; 2: a part of what was typed is what
    they call it; 3: neither."""
    if typed.folded in one.terms:
        return 0
    words = set(typed.folded.split())
    if any(term.startswith(typed.folded) or set(term.split()) == words for term in one.terms):
        return 1
    if any(" ".join(slot.words) in one.terms for slot in typed.slots):
        return 2
    return 2 if any(all(fits(slot, term.split()) for slot in typed.slots) for term in one.terms) else 3


def _is_met(one: Candidate, slot: Slot, said: Sequence[str], denied: Sequence[str]) -> bool:
    """Whether the code says what was typed, and does not say the contrary."""
    if slot.negated:
        return fits(slot, denied)
    if says(slot, denied) and not says(slot, said):
        return False
    return fits(slot, said) or fits(
        slot, [*one.inclusion.split(), *(word for term in one.terms for word in term.split())]
    )
