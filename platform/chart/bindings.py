"""What a resource must be before it is stored: its FHIR structure, and the codes that the library leaves unchecked.

fhir.resources checks structure only: `status: bogus` passes it. The codes here are FHIR R4's *required* bindings of
the elements that we write or import (https://hl7.org/fhir/R4/terminologies-valuesets.html).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from fhir.resources.R4B import get_fhir_model_class
from fhir.resources.R4B.fhirprimitiveextension import FHIRPrimitiveExtension
from pydantic import ValidationError

from chart.domain import Resource
from chart.storable import unstorable


class InvalidResource(ValueError):
    """A resource that may not be stored; `path` is the element, `code` what is wrong with it."""

    def __init__(self, path: str, code: str) -> None:
        super().__init__(f"{path}: {code}")
        self.path = path
        self.code = code


def _codes(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_MEDICATION_STATEMENT = _codes("active completed entered-in-error intended stopped on-hold unknown not-taken")
_MEDICATION_REQUEST = _codes("active on-hold cancelled completed entered-in-error stopped draft unknown")
_OBSERVATION = _codes("registered preliminary final amended corrected cancelled entered-in-error unknown")
_EVENT = _codes("preparation in-progress not-done on-hold stopped completed entered-in-error unknown")
_REQUEST = _codes("draft active on-hold revoked completed entered-in-error unknown")
_ENCOUNTER = _codes("planned arrived triaged in-progress onleave finished cancelled entered-in-error unknown")

# Resource type -> element -> the codes that may stand there. An element of many values is checked value by value.
CODES: Mapping[str, Mapping[str, frozenset[str]]] = {
    "AllergyIntolerance": {
        "type": _codes("allergy intolerance"),
        "category": _codes("food medication environment biologic"),
        "criticality": _codes("low high unable-to-assess"),
        "reaction.severity": _codes("mild moderate severe"),
    },
    "MedicationStatement": {"status": _MEDICATION_STATEMENT},
    "MedicationRequest": {
        "status": _MEDICATION_REQUEST,
        "intent": _codes(
            "proposal plan order original-order reflex-order filler-order instance-order option"
        ),
        "priority": _codes("routine urgent asap stat"),
    },
    "Observation": {"status": _OBSERVATION},
    "DiagnosticReport": {
        "status": _OBSERVATION | _codes("partial appended"),
    },
    "Immunization": {"status": _codes("completed entered-in-error not-done")},
    "Procedure": {"status": _EVENT},
    "FamilyMemberHistory": {"status": _codes("partial completed entered-in-error health-unknown")},
    "DocumentReference": {
        "status": _codes("current superseded entered-in-error"),
        "docStatus": _codes("preliminary final amended entered-in-error"),
    },
    "ServiceRequest": {
        "status": _REQUEST,
        "intent": _codes(
            "proposal plan directive order original-order reflex-order filler-order instance-order option"
        ),
        "priority": _codes("routine urgent asap stat"),
    },
    "List": {
        "status": _codes("current retired entered-in-error"),
        "mode": _codes("working snapshot changes"),
    },
    "QuestionnaireResponse": {"status": _codes("in-progress completed amended entered-in-error stopped")},
    "Encounter": {"status": _ENCOUNTER},
    "Consent": {"status": _codes("draft proposed active rejected inactive entered-in-error")},
}

# The same for elements that are a CodeableConcept with a required binding: the code of each coding of that system.
_TERMS = "http://terminology.hl7.org/CodeSystem/"
CONCEPTS: Mapping[str, Mapping[str, tuple[str, frozenset[str]]]] = {
    "Condition": {
        "clinicalStatus": (
            f"{_TERMS}condition-clinical",
            _codes("active recurrence relapse inactive remission resolved"),
        ),
        "verificationStatus": (
            f"{_TERMS}condition-ver-status",
            _codes("unconfirmed provisional differential confirmed refuted entered-in-error"),
        ),
    },
    "List": {
        "emptyReason": (
            f"{_TERMS}list-empty-reason",
            _codes("nilknown notasked withheld unavailable notstarted closed"),
        ),
    },
    "AllergyIntolerance": {
        "clinicalStatus": (f"{_TERMS}allergyintolerance-clinical", _codes("active inactive resolved")),
        "verificationStatus": (
            f"{_TERMS}allergyintolerance-verification",
            _codes("unconfirmed confirmed refuted entered-in-error"),
        ),
    },
}

_REQUIRED_STATUS = "status"


def check(resource: Resource) -> None:
    """Raises `InvalidResource` for the first thing wrong; a valid resource is left exactly as it is."""
    kind = str(resource.get("resourceType"))
    if kind not in CODES and kind not in CONCEPTS:
        raise InvalidResource("resourceType", "unsupported")
    if found := unstorable(resource):
        raise InvalidResource(*found)
    _check_structure(kind, resource)
    if path := _text_for_a_number(resource):
        raise InvalidResource(path, "not_fhir")
    for element, allowed in CODES.get(kind, {}).items():
        for value in _values(resource, element.split(".")):
            if value not in allowed:
                raise InvalidResource(element, "unknown_code")
    if _REQUIRED_STATUS in CODES.get(kind, {}) and _REQUIRED_STATUS not in resource:
        raise InvalidResource(_REQUIRED_STATUS, "required")
    for element, (system, allowed) in CONCEPTS.get(kind, {}).items():
        _check_concept(resource.get(element), element, system, allowed)


def _check_structure(kind: str, resource: Resource) -> None:
    model = get_fhir_model_class(kind)
    try:
        try:
            model.model_validate(resource)
        except ValidationError:
            siblings: list[Any] = []
            known = _without_siblings(resource, siblings)
            if not siblings:
                raise
            # The library knows no siblings of an extension's value (`_valueString`); they are elements as others are.
            model.model_validate(known)
            for each in siblings:
                FHIRPrimitiveExtension.model_validate(each)
    except ValidationError as error:
        first = error.errors()[0]
        raise InvalidResource(".".join(str(part) for part in first["loc"]), "not_fhir") from None


def _without_siblings(node: Any, taken: list[Any], *, extension: bool = False) -> Any:
    """The same without what stands beside the values of extensions, which is added to `taken`."""
    if isinstance(node, list):
        return [_without_siblings(each, taken, extension=extension) for each in node]
    if not isinstance(node, dict):
        return node
    beside = [key for key in node if extension and key.startswith("_value")]
    taken += [node[key] for key in beside]
    return {
        key: _without_siblings(value, taken, extension=key in ("extension", "modifierExtension"))
        for key, value in node.items()
        if key not in beside
    }


def _text_for_a_number(node: Any, path: str = "") -> str | None:
    """Where a quantity holds text. In FHIR's JSON a decimal is a number; the library takes '82' for one."""
    if isinstance(node, list):
        return next(filter(None, (_text_for_a_number(each, path) for each in node)), None)
    if not isinstance(node, dict):
        return None
    if isinstance(node.get("value"), str) and path.lower().endswith("quantity"):
        return f"{path}.value"
    inner = ((key, f"{path}.{key}" if path else key) for key in node)
    return next(filter(None, (_text_for_a_number(node[key], below) for key, below in inner)), None)


def _check_concept(concept: Any, element: str, system: str, allowed: frozenset[str]) -> None:
    if concept is None:
        return
    codings = concept.get("coding") or []
    if not any(coding.get("system") == system and coding.get("code") in allowed for coding in codings):
        raise InvalidResource(element, "unknown_code")


def _values(node: Any, path: list[str]) -> Iterator[Any]:
    """Every value at the path, through lists on the way."""
    if isinstance(node, list):
        for item in node:
            yield from _values(item, path)
    elif not path:
        yield node
    elif isinstance(node, dict) and path[0] in node:
        yield from _values(node[path[0]], path[1:])
