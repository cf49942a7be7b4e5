"""What a type's file says of its section: words, lines, and the form that adds one. Pure."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

from chart.domain import Resource
from chart.record.building import Asserter
from chart.record.edits import name_of
from chart.record.search.ranges import range_of
from chart.record.storable import unstorable
from core.errors import Invalid

LONGEST = 300
_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")


class Said(NamedTuple):
    """The same in both languages of the screens."""

    en: str
    es: str


def as_written(text: str) -> Said:
    """What somebody wrote is shown as it is, whatever the reader's language."""
    return Said(text, text)


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
    """One field of the form. A date may be a year, a month or a day; `past` ones are not in the future."""

    name: str
    label: Said
    kind: Literal["text", "date", "choice"] = "text"
    required: bool = False
    past: bool = False
    choices: Mapping[str, Said] | None = None


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
    build: Callable[[Mapping[str, str], Asserter], Resource]
    """From the checked values of the form, without those left empty."""


def checked(section: Section, given: Mapping[str, str], today: date) -> dict[str, str]:
    """The values of the form that are not empty. Raises Invalid for those that no field takes."""
    fields = {each.name: each for each in section.fields}
    wrong = {name: "unknown_field" for name in given if name not in fields}
    values = {name: " ".join(value.split()) for name, value in given.items() if value.strip()}
    for name, field in fields.items():
        if code := _wrong(field, values.get(name), today):
            wrong[name] = code
    if wrong:
        raise Invalid(wrong)
    return values


def _wrong(field: Field, value: str | None, today: date) -> str | None:
    if value is None:
        return "required" if field.required else None
    if len(value) > LONGEST:
        return "too_long"
    if unusable := unstorable(value):
        return unusable[1]
    if field.kind == "choice":
        return None if value in (field.choices or {}) else "unknown_code"
    if field.kind == "text":
        return None
    when = range_of(value) if _DATE.fullmatch(value) else None
    if when is None:
        return "not_a_date"
    return "in_the_future" if field.past and when.low.date() > today else None
