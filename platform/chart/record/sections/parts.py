"""Which part of a resource a field of a form reads and writes. Writing touches that part alone. Pure.

A part is named by its path: `period.start`, and `target.0.dueDate` for that of the first target. What is replaced takes
its codes, its translations and its references with it, because they say the old thing; its id and extensions stay.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from chart.domain import Resource, Said, concept_of
from chart.record.edits import name_of, with_first, with_part, without

DAY = len("2024-02-29")
_FIRST = "0"


class Part(NamedTuple):
    """`read` gives what the field shows, empty for nothing. `write` puts another value there, or removes it."""

    read: Callable[[Resource], str]
    write: Callable[[Resource, str], Resource]
    element: str
    """The path of the element that it is about, which a history calls by the field's label."""


def plain(path: str) -> Part:
    """A text or a code."""
    return _part(path, lambda found: str(found or ""), lambda _, value: value or None)


def concept(path: str) -> Part:
    """A CodeableConcept in words."""
    return _part(
        path,
        lambda found: name_of(found) or "",
        lambda found, value: {**without(found or {}, "coding"), "text": value} if value else None,
    )


def coded(path: str, system: str, choices: Mapping[str, Said]) -> Part:
    """A CodeableConcept that is one of a system's codes."""

    def read(found: Resource | None) -> str:
        codings = (found or {}).get("coding") or []
        return next((each["code"] for each in codings if each.get("code") in choices), name_of(found) or "")

    def written(found: Resource | None, value: str) -> Resource | None:
        kept = without(found or {}, "coding", "text")
        return {**kept, **concept_of(system, value, choices[value].en)} if value else None

    return _part(path, read, written)


def named(path: str) -> Part:
    """A reference, by what it is called."""
    return _part(
        path,
        lambda found: (found or {}).get("display") or "",
        lambda found, value: (
            {**without(found or {}, "reference", "type", "identifier"), "display": value} if value else None
        ),
    )


def dated(path: str, *instead_of: str, unknown: Mapping[str, str] | None = None) -> Part:
    """A FHIR date, by its day. FHIR's other forms of the element go with it; `unknown` is said where it has none."""
    day = _part(path, lambda found: str(found or "")[:DAY], lambda _, value: value or None)
    *parents, name = path.split(".")

    def write(resource: Resource, value: str) -> Resource:
        for each in instead_of if value else (*instead_of, f"_{name}"):
            resource = _with(resource, [*parents, each], None)
        written = day.write(resource, value)
        return written if value else {**written, **(unknown or {})}

    return Part(day.read, write, day.element)


def either(*parts: Part) -> Part:
    """The first of them that the resource has; the first of all where it has none."""

    def chosen(resource: Resource) -> Part:
        return next((each for each in parts if each.read(resource)), parts[0])

    return Part(
        lambda resource: chosen(resource).read(resource),
        lambda resource, value: chosen(resource).write(resource, value),
        parts[0].element,
    )


def _part(path: str, read: Callable[[Any], str], written: Callable[[Any, str], Any]) -> Part:
    keys = path.split(".")
    return Part(
        lambda resource: read(_found(resource, keys)),
        lambda resource, value: _with(resource, keys, written(_found(resource, keys), value)),
        ".".join(each for each in keys if each != _FIRST),
    )


def _found(node: Any, keys: list[str]) -> Any:
    for key in keys:
        node = next(iter(node or []), None) if key == _FIRST else (node or {}).get(key)
    return node


def _with(node: Resource, keys: list[str], value: Any) -> Resource:
    key, *inner = keys
    held = node.get(key)
    if not inner:
        return with_part(node, key, value)
    if inner[0] != _FIRST:
        return with_part(node, key, _with(held or {}, inner, value))
    first = _with(_found(held, [_FIRST]) or {}, inner[1:], value) if inner[1:] else value
    return with_part(node, key, with_first(held, first))
