"""What a type's file says of its section: words, lines, and the form that adds one. Pure."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, NamedTuple

from chart.domain import Resource, Said, as_written
from chart.record.building import Asserter
from chart.record.edits import name_of
from chart.record.search.ranges import range_of
from chart.record.sections.parts import Part
from chart.record.storable import unstorable
from core.errors import Invalid

LONGEST = 300
_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")


_NAMELESS = Said("Without a name", "Sin nombre")


class Line(NamedTuple):
    """A resource in one line: its name, what else there is to say, and FHIR dates, whole or partial."""

    title: Said
    facts: tuple[Said, ...] = ()
    when: str | None = None
    due: str | None = None


def line_of(concept: Mapping[str, Any] | None, facts: Iterable[Said | None], when: str | None) -> Line:
    """The line of a resource that is called as a concept is, with those facts that there are."""
    return Line(
        as_written(name) if (name := name_of(concept)) else _NAMELESS,
        tuple(each for each in facts if each),
        when,
    )


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of the form, and the part of the resource that it is `at`.

    A date may be a year, a month or a day; `past` ones are not in the future. One that is not `asked` when a record is
    added is there to change it.
    """

    name: str
    label: Said
    at: Part
    kind: Literal["text", "date", "choice"] = "text"
    required: bool = False
    past: bool = False
    asked: bool = True
    choices: Mapping[str, Said] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Section:
    """A section of the chart. `none` is said when it is empty, `own` are the words of the patient's record."""

    title: Said
    none: Said
    add: Said
    own_title: Said
    own_none: Said
    fields: tuple[Field, ...]
    line: Callable[[Resource], Line]
    new: Callable[[Asserter], Resource]
    """A new resource before its fields are filled in."""


def built(section: Section, given: Mapping[str, str], by: Asserter) -> Resource:
    """A new resource with what was filled in. Raises Invalid for what a field does not take."""
    asked = {each.name: "" for each in section.fields if each.asked}
    return edited(section, section.new(by), _checked(section, {**asked, **given}, by.at.date()))


def changes(section: Section, stored: Resource, given: Mapping[str, str], today: date) -> dict[str, str]:
    """The values of the form that say another thing than the resource. Raises Invalid for what a field does not take.

    What the form is given as the resource says it is no change, and so not judged either.
    """
    shown = shown_in(section, stored)
    other = {name: each for name, each in given.items() if each != shown.get(name)}
    checked = _checked(section, other, today)
    return {name: each for name, each in checked.items() if each != shown[name]}


def edited(section: Section, resource: Resource, values: Mapping[str, str]) -> Resource:
    """The resource with other values in these fields; an empty one removes what was there."""
    for each in section.fields:
        if each.name in values and values[each.name] != each.at.read(resource):
            resource = each.at.write(resource, values[each.name])
    return resource


def shown_in(section: Section, resource: Resource) -> dict[str, str]:
    """What each field of the form shows of a resource; empty for nothing."""
    return {each.name: each.at.read(resource) for each in section.fields}


def _checked(section: Section, given: Mapping[str, str], today: date) -> dict[str, str]:
    fields = {each.name: each for each in section.fields}
    wrong = {name: "unknown_field" for name in given if name not in fields}
    values = {name: " ".join(value.split()) for name, value in given.items()}
    for name in values.keys() & fields.keys():
        if code := _wrong(fields[name], values[name], today):
            wrong[name] = code
    if wrong:
        raise Invalid(wrong)
    return values


def _wrong(field: Field, value: str, today: date) -> str | None:
    if not value:
        return "required" if field.required else None
    if len(value) > LONGEST:
        return "too_long"
    if unusable := unstorable(value):
        return unusable[1]
    if field.kind == "choice":
        return None if value in field.choices else "unknown_code"
    if field.kind == "text":
        return None
    when = range_of(value) if _DATE.fullmatch(value) else None
    if when is None:
        return "not_a_date"
    return "in_the_future" if field.past and when.low.date() > today else None
