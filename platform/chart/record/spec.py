"""What the record has to know of a FHIR R4 resource type to keep it; each file in `types` says it of one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from chart.domain import Resource
from chart.record.sections.domain import Section

ENTERED_IN_ERROR = "entered-in-error"
TERMS = "http://terminology.hl7.org/CodeSystem/"


def codes(listed: str) -> frozenset[str]:
    """The words of a text, for FHIR's required codes."""
    return frozenset(listed.split())


@dataclass(frozen=True)
class Searched:
    """One search parameter of a type: its FHIR name, its kind, and the elements that hold its values.

    A path goes through lists on its way. A `hot` one is asked often, so it has rows of its own. One of `few` values
    says little of a record, so no search begins with it.
    """

    name: str
    kind: Literal["token", "date", "reference", "quantity", "string"]
    paths: tuple[str, ...]
    hot: bool = False
    few: bool = False


def token(name: str, *paths: str, hot: bool = False) -> Searched:
    """Codes: every coding of a concept, every identifier; its words are kept too."""
    return Searched(name, "token", paths or (name,), hot)


def few(name: str, *paths: str) -> Searched:
    """Codes of which there are few, as a status or a category: many records have the same."""
    return Searched(name, "token", paths or (name,), few=True)


def dates(name: str, *paths: str) -> Searched:
    return Searched(name, "date", paths or (name,))


def reference(name: str, *paths: str) -> Searched:
    return Searched(name, "reference", paths or (name,))


def quantity(name: str, *paths: str) -> Searched:
    return Searched(name, "quantity", paths or (name,))


def string(name: str, *paths: str) -> Searched:
    return Searched(name, "string", paths or (name,))


def _never(resource: Resource) -> datetime | None:
    return None


def _nothing(resource: Resource) -> str | None:
    return None


@dataclass(frozen=True, kw_only=True)
class ResourceSpec:
    """One resource type.

    `codes` are FHIR's *required* bindings (https://hl7.org/fhir/R4/terminologies-valuesets.html) of the elements that
    we write or import, by path: an element of many values is checked value by value. `concepts` are those of elements
    that are a CodeableConcept: the system, and its codes. `status` has to be there unless `status_required` says no,
    and says that a resource was entered in error; with `verification`, the system of its `verificationStatus`, that
    one says it.
    """

    type: str
    codes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    concepts: Mapping[str, tuple[str, frozenset[str]]] = field(default_factory=dict)
    search: tuple[Searched, ...] = ()
    """What a search may ask for, beside `identifier`. The first date that a resource has is when it happened."""
    patient: Literal["subject", "patient", "beneficiary"] | None = "subject"
    """The element that names the patient; None where FHIR has none, and only the record says whose it is."""
    about: str = "code"
    """The element that says what it is about, a CodeableConcept."""
    system: str | None = None
    """Whose code counts of several: screens, plain names and safety checks go by it. Else the first does."""
    named: Callable[[Resource], str | None] = _nothing
    """What it is called where no concept says so."""
    status: str | None = "status"
    """The element with its status; None where FHIR has none, and a tag says that it was entered in error."""
    status_required: bool = True
    verification: str | None = None
    ends: Callable[[Resource], datetime | None] = _never
    """When what it tells of ends, or ended, by the resource itself."""

    section: Section | None = None
    """How screens show it and what they ask to add one; None for a type that has screens of its own, or none."""

    @property
    def searched(self) -> tuple[Searched, ...]:
        return (token("identifier"), *self.search)
