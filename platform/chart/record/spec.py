"""What the record has to know of a FHIR R4 resource type to keep it; each file in `types` says it of one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from chart.domain import Resource

ENTERED_IN_ERROR = "entered-in-error"
TERMS = "http://terminology.hl7.org/CodeSystem/"


def codes(listed: str) -> frozenset[str]:
    """The words of a text, for FHIR's required codes."""
    return frozenset(listed.split())


def _never(resource: Resource) -> datetime | None:
    return None


@dataclass(frozen=True, kw_only=True)
class ResourceSpec:
    """One resource type.

    `codes` are FHIR's *required* bindings (https://hl7.org/fhir/R4/terminologies-valuesets.html) of the elements that
    we write or import, by path: an element of many values is checked value by value. `concepts` are those of elements
    that are a CodeableConcept: the system, and its codes. `status` has to be there where it has codes, and says that a
    resource was entered in error; with `verification`, the system of its `verificationStatus`, that one says it.
    """

    type: str
    codes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    concepts: Mapping[str, tuple[str, frozenset[str]]] = field(default_factory=dict)
    patient: Literal["subject", "patient"] = "subject"
    """The element that names the patient."""
    about: str = "code"
    """The element that says what it is about, a CodeableConcept."""
    status: str = "status"
    verification: str | None = None
    ends: Callable[[Resource], datetime | None] = _never
    """When what it tells of ends, or ended, by the resource itself."""
