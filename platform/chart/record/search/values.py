"""What a search finds a resource by, drawn from its JSON by what its type says is searched. Pure.

Codes, identifiers and references are kept as hashes of the text that a FHIR search writes (`system|code`, `code`,
`|code`, `system|`), so that every coding of a concept is found in each of those forms. A date is a half-open range:
`2024-03` is a month. Words are kept without accents and case.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from hashlib import blake2b
from typing import Any, NamedTuple

from chart.domain import Resource
from chart.record.registry import SPECS
from chart.record.search.ranges import Range, range_of
from chart.record.spec import Searched
from core.text.folding import without_accents

LONGEST = 500
"""So many characters of a text are searched."""


class Values(NamedTuple):
    """What the row of the search index holds; lists whose names begin alike go together, place by place."""

    low: datetime | None
    high: datetime | None
    tokens: list[int]
    hot: list[int]
    date_keys: list[int]
    date_lows: list[datetime]
    date_highs: list[datetime]
    quantity_keys: list[int]
    quantity_values: list[Decimal]
    strings: list[str]


def values(resource: Resource) -> Values:
    """The search values of a valid resource. It happened when the first of its type's dates that it has says."""
    kind = resource["resourceType"]
    drawn = _Drawn(kind)
    for each in SPECS[kind].searched:
        for found in elements(resource, each.paths):
            drawn.add(each, found)
    first = drawn.dates[0][1] if drawn.dates else None
    measured = sorted(drawn.quantities)
    return Values(
        low=first.low if first else None,
        high=first.high if first else None,
        tokens=sorted(drawn.tokens),
        hot=sorted(drawn.hot),
        date_keys=[key for key, _ in drawn.dates],
        date_lows=[when.low for _, when in drawn.dates],
        date_highs=[when.high for _, when in drawn.dates],
        quantity_keys=[key for key, _ in measured],
        quantity_values=[value for _, value in measured],
        strings=sorted(drawn.strings),
    )


class _Drawn:
    """The values drawn so far from a resource of one type."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.tokens: set[int] = set()
        self.hot: set[int] = set()
        self.dates: list[tuple[int, Range]] = []
        self.quantities: set[tuple[int, Decimal]] = set()
        self.strings: set[str] = set()

    def add(self, searched: Searched, found: Any) -> None:
        if searched.kind == "date":
            if when := range_of(found):
                self.dates.append((hashed(self.kind, searched.name), when))
        elif searched.kind == "quantity":
            self.quantities |= set(_quantities(self.kind, searched.name, found))
        else:
            forms = {"token": _codes, "reference": _references, "string": _no_code}[searched.kind](found)
            tokens = {hashed(self.kind, searched.name, form) for form in forms}
            self.tokens |= tokens
            self.hot |= tokens if searched.hot else set()
            if searched.kind != "reference":
                self.strings |= {f"{searched.name}={words}" for words in _words(found)}


def hashed(kind: str, name: str, form: str = "") -> int:
    """64 bits that stand for one form of a code under one parameter of a type."""
    text = "\x1f".join((kind, name, form)).encode()
    return int.from_bytes(blake2b(text, digest_size=8).digest(), signed=True)


def token_text(code: str | None, system: str | None = None) -> str:
    """A code as a FHIR search writes it: `system` None for any, "" for none; `code` None for every code of it."""
    code, escaped = _escaped(code or ""), _escaped(system or "")
    return code if system is None else f"{escaped}|{code}"


def normalized(text: str) -> str:
    """Text as searches compare it."""
    return " ".join(without_accents(text[:LONGEST]).split())


def elements(node: Any, paths: Iterable[str]) -> Iterator[Any]:
    """What stands at the paths, each through the lists on its way."""
    for path in paths:
        yield from _at(node, path.split("."))


def _at(node: Any, path: list[str]) -> Iterator[Any]:
    if isinstance(node, list):
        for each in node:
            yield from _at(each, path)
    elif not path:
        if node is not None:
            yield node
    elif isinstance(node, dict):
        yield from _at(node.get(path[0]), path[1:])


def _codes(value: Any) -> Iterator[str]:
    """The forms of a concept, a coding, an identifier, a code, a telecom or a truth value."""
    if isinstance(value, bool):
        yield "true" if value else "false"
    elif isinstance(value, str):
        yield _escaped(value)
    elif isinstance(value, dict) and "coding" in value:
        for coding in value["coding"] or []:
            yield from _codes(coding)
    elif isinstance(value, dict):
        code, system = value.get("code", value.get("value")), value.get("system")
        if isinstance(code, str):
            yield token_text(code)
            yield token_text(code, system or "")
        if isinstance(system, str):
            yield token_text(None, system)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|")


def _no_code(value: Any) -> Iterator[str]:
    yield from ()


def _references(value: Any) -> Iterator[str]:
    """The forms of a reference: `Type/id`, `id`, an address as it is; its identifier is `identifier:system|value`."""
    if isinstance(value, str):
        yield value
        return
    if not isinstance(value, dict):
        return
    target = value.get("reference")
    if isinstance(target, str) and not target.startswith("#"):
        plain = target.partition("/_history/")[0]
        yield plain
        if ":" not in plain:
            yield plain.rpartition("/")[2]
    for form in _codes(value.get("identifier")):
        yield f"identifier:{form}"


def _quantities(kind: str, name: str, value: Any) -> Iterator[tuple[int, Decimal]]:
    """The number under its unit in each form: none, the unit as it is written, the code, the system with it."""
    number = value.get("value") if isinstance(value, dict) else None
    if isinstance(number, bool) or not isinstance(number, int | Decimal):
        return
    system, code, unit = (value.get(each) for each in ("system", "code", "unit"))
    forms = {"", code or unit or "", unit or "", token_text(code, system or "") if code else ""}
    for form in forms:
        yield hashed(kind, name, form), Decimal(number)


def _words(value: Any) -> Iterator[str]:
    """The words of a text, a concept, a name or an address, as searches compare them."""
    if isinstance(value, str):
        yield normalized(value)
    elif isinstance(value, dict):
        parts = [
            value.get("text"),
            value.get("display"),
            value.get("family"),
            value.get("city"),
            value.get("state"),
        ]
        parts += [value.get("postalCode"), *(value.get("given") or []), *(value.get("line") or [])]
        yield from (normalized(each) for each in parts if isinstance(each, str))
        for coding in value.get("coding") or []:
            if isinstance(coding, dict) and isinstance(coding.get("display"), str):
                yield normalized(coding["display"])
