"""Any FHIR R4 resource of a type that the record keeps, drawn from the fields that fhir.resources knows of it.

Elements are drawn to three levels, with extensions of any kind, `_field` siblings, contained resources, partial dates
and numbers of any length. Required elements, choices (`value[x]`) and required codes are as R4 has them.
"""

import types
from collections import defaultdict
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple, Union, get_args, get_origin

from fhir.resources.R4B import get_fhir_model_class
from hypothesis import strategies as st

from chart.domain import Resource
from chart.record.registry import SPECS

Draw = Callable[[st.SearchStrategy[Any]], Any]

_LETTERS = st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"])
_WORDS = st.text(_LETTERS, min_size=1, max_size=12) | st.sampled_from(
    ["two  words", "línea\nnueva", "血糖", "🩸", "1.10", '"', "\\u0041", "<b>", "null"]
)
_DATES = st.sampled_from(["2024", "2024-02", "2024-02-29", "1900-01-01"])
_TIMES = st.sampled_from(
    ["2024-02-29T23:59:59Z", "2024-02-29T01:02:03.123456+05:30", "1999-12-31T00:00:00-08:00"]
)
_NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=None).filter(
    lambda number: abs(number.adjusted()) < 300
) | st.sampled_from(
    [
        Decimal(each)
        for each in (
            "1.10",
            "-0.0",
            "1E+3",
            "12345678901234567.89",
            "0.000000000000000000010",
            f"0.{'1' * 99}",
        )
    ]
)
PRIMITIVES: Mapping[str, st.SearchStrategy[Any]] = {
    "String": _WORDS,
    "Markdown": _WORDS,
    "Code": st.sampled_from(["final", "en", "x-1"]),
    "Id": st.from_regex(r"[A-Za-z0-9\-.]{1,20}", fullmatch=True),
    "DateTime": _DATES | _TIMES,
    "Date": _DATES,
    "Instant": _TIMES,
    "Time": st.sampled_from(["00:00:00", "23:59:59"]),
    "Uri": st.sampled_from(["urn:oid:1.2.3", "http://example.org/a?b=ñ#c"]),
    "Canonical": st.just("http://example.org/q|1.0"),
    "Url": st.sampled_from(["http://example.org/a", "ftp://example.org/b"]),
    "Oid": st.just("urn:oid:1.2.3"),
    "UuidVersion": st.just("c757873d-ec9a-4326-a141-556f43239520"),
    "Decimal": _NUMBERS,
    "Integer": st.integers(-(2**31), 2**31 - 1),
    "PositiveInt": st.integers(1, 2**31 - 1),
    "UnsignedInt": st.integers(0, 2**31 - 1),
    "Base64Binary": st.sampled_from(["YQ==", "c29tZQ=="]),
    "bool": st.booleans(),
    "str": _WORDS,
}
NARRATIVE = {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">7 &lt; 8</div>'}
CONTAINED = {"resourceType": "Device", "id": "d", "udiCarrier": [{"deviceIdentifier": "0012"}]}
# What is ours to say, or is drawn elsewhere, or is no element of FHIR's JSON.
_SKIPPED = {"id", "fhir_comments", "contained", "resource_type"}
_LEVELS = 3


class Field(NamedTuple):
    """An element: its name, the primitive or complex type, whether it repeats, and whether it has to be there."""

    name: str
    of: str
    many: bool
    required: bool
    choice: str | None


@cache
def fields_of(kind: str) -> tuple[Field, ...]:
    found = []
    for name, each in get_fhir_model_class(kind).model_fields.items():
        of, many = _unwrapped(each.annotation)
        if name in _SKIPPED or name.endswith("__ext") or of == "Narrative":
            continue
        said: Any = each.json_schema_extra or {}
        required = each.is_required() or bool(said.get("element_required"))
        found.append(Field(each.alias or name, of, many, required, said.get("one_of_many")))
    return tuple(found)


@cache
def _required_choices(kind: str) -> frozenset[str]:
    said = (each.json_schema_extra for each in get_fhir_model_class(kind).model_fields.values())
    return frozenset(
        str(each["one_of_many"])
        for each in said
        if isinstance(each, dict) and each.get("one_of_many_required")
    )


def _unwrapped(annotation: Any) -> tuple[str, bool]:
    many = False
    while get_origin(annotation) in (Union, types.UnionType, list):
        many = many or get_origin(annotation) is list
        annotation = next(each for each in get_args(annotation) if each is not type(None))
    if hasattr(annotation, "__metadata__"):
        return type(annotation.__metadata__[-1]).__name__, many
    return annotation.__name__.removesuffix("Type") if annotation not in (
        bool,
        str,
    ) else annotation.__name__, many


@st.composite
def resources(draw: Draw) -> Resource:
    """A valid resource, as its JSON reads with the digits of its numbers."""
    kind = draw(st.sampled_from(sorted(SPECS)))
    resource = {"resourceType": kind, **_element(draw, kind, kind, 0)}
    if draw(st.booleans()):
        resource["contained"] = [CONTAINED]
    if draw(st.booleans()):
        resource["text"] = NARRATIVE
    return resource


def _element(draw: Draw, kind: str, path: str, level: int) -> Resource:
    """The parts of one element: what has to be there, and a few of what may."""
    chosen = {each.name: each for each in fields_of(kind) if each.required}
    choices: dict[str, list[Field]] = defaultdict(list)
    for each in fields_of(kind):
        if each.choice:
            choices[each.choice].append(each)
    for name in sorted(_required_choices(kind)):
        simple = [each for each in choices[name] if each.of in PRIMITIVES]
        one = draw(st.sampled_from(simple or choices[name]))
        chosen[one.name] = one
    optional = [each for each in fields_of(kind) if not each.required]
    if level >= _LEVELS:
        optional = []
    for each in draw(st.lists(st.sampled_from(optional), max_size=6 - level)) if optional else []:
        if each.choice is None or not any(other.choice == each.choice for other in chosen.values()):
            chosen[each.name] = each
    if kind == "Extension":
        chosen = _extension(chosen)
    found: Resource = {}
    for each in chosen.values():
        found |= _part(draw, each, path, level)
    return found or {"id": "empty"}


def _extension(chosen: dict[str, Field]) -> dict[str, Field]:
    """FHIR invariant ext-1: a value or extensions, not both."""
    if "extension" in chosen:
        return {name: each for name, each in chosen.items() if each.choice is None}
    if not any(each.choice for each in chosen.values()):
        chosen["valueDecimal"] = next(each for each in fields_of("Extension") if each.name == "valueDecimal")
    return chosen


def _part(draw: Draw, field: Field, path: str, level: int) -> Resource:
    """The element, and for a primitive now and then its sibling."""
    count = draw(st.integers(1, 2)) if field.many else 1
    values = [_value(draw, field, path, level) for _ in range(count)]
    found = {field.name: values if field.many else values[0]}
    if field.of in PRIMITIVES and field.name not in ("url", "implicitRules") and draw(st.integers(0, 3)) == 0:
        sibling = {"extension": [{"url": "urn:x:why", "valueString": draw(_WORDS)}]}
        found[f"_{field.name}"] = [*[None] * (count - 1), sibling] if field.many else sibling
    return found


def _value(draw: Draw, field: Field, path: str, level: int) -> Any:
    kind, _, element = f"{path}.{field.name}".partition(".")
    if codes := SPECS[kind].codes.get(element):
        return draw(st.sampled_from(sorted(codes)))
    if element in SPECS[kind].concepts:
        system, known = SPECS[kind].concepts[element]
        return {
            "coding": [{"system": system, "code": draw(st.sampled_from(sorted(known)))}],
            "text": draw(_WORDS),
        }
    if field.of in PRIMITIVES:
        return draw(PRIMITIVES[field.of])
    return _element(draw, field.of, f"{path}.{field.name}", level + 1)
