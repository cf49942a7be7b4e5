"""How a stored resource is changed: only where it is changed. What we do not know stays. Pure.

What a request leaves out, or says as the resource says it already, is no change. A code or a status that is replaced
takes its translations and its text with it, because they say the old thing; its id and extensions stay.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from chart.domain import Resource
from chart.record.changes import AllergyChange, MedicineChange, ProblemChange

ENDED = frozenset({"stopped", "completed"})


def with_part(whole: Mapping[str, Any], name: str, value: Any) -> Resource:
    """The same with another part, or without it where the value is empty."""
    kept = {key: each for key, each in whole.items() if key != name}
    return {**whole, name: value} if value not in (None, [], {}) else kept


def with_first(many: list[Any] | None, first: Any) -> list[Any]:
    """The list with another first element, or without the first where there is none in its place."""
    rest = (many or [])[1:]
    return [first, *rest] if first not in (None, {}) else rest


def code_in(concept: Mapping[str, Any] | None, system: str) -> str | None:
    """The concept's code in this system."""
    codings = (concept or {}).get("coding") or []
    return next((each.get("code") for each in codings if each.get("system") == system), None)


def has_code(concept: Mapping[str, Any] | None, code: str | None) -> bool:
    """Whether the concept has this code, in any system; None for none at all."""
    codes = {each.get("code") for each in (concept or {}).get("coding") or []}
    return code in codes if code is not None else not codes


def renamed(
    concept: Mapping[str, Any] | None,
    system: str,
    change: ProblemChange | AllergyChange | MedicineChange,
    official: str | None,
) -> Resource:
    """The concept with the code and the name of a change; `official` is the name of a new code without one.

    A code of a system that the concept had none of is one more translation of the same thing.
    """
    known = dict(concept or {})
    code = change.code
    display = change.display if isinstance(change.display, str) else None
    if isinstance(code, msgspec.UnsetType) or has_code(known, code):
        return known if display in (None, name_of(known)) else {**known, "text": display}
    name = display or official or name_of(known)
    if code is None:
        return {**without(known, "coding"), "text": name}
    coding = {"system": system, "code": code, "display": official or name}
    others = [] if code_in(known, system) else known.get("coding") or []
    return {**known, "coding": [coding, *others], "text": name}


def name_of(concept: Mapping[str, Any] | None) -> str | None:
    """What the concept is called on our screens (see `chart.record.index`)."""
    known = concept or {}
    first: Resource = next(iter(known.get("coding") or []), {})
    return known.get("text") or first.get("display")


def without(whole: Mapping[str, Any], *names: str) -> Resource:
    return {key: value for key, value in whole.items() if key not in names}
