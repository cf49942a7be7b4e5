"""What a resource must be before it is stored: its FHIR structure, and the codes that the library leaves unchecked.

fhir.resources checks structure only: `status: bogus` passes it. The codes stand in `chart.record.types`.
"""

from collections.abc import Iterator
from typing import Any

from fhir.resources.R4B import get_fhir_model_class
from fhir.resources.R4B.fhirprimitiveextension import FHIRPrimitiveExtension
from pydantic import ValidationError

from chart.domain import Resource
from chart.record.registry import SPECS
from chart.record.storable import unstorable


class InvalidResource(ValueError):
    """A resource that may not be stored; `path` is the element, `code` what is wrong with it."""

    def __init__(self, path: str, code: str) -> None:
        super().__init__(f"{path}: {code}")
        self.path = path
        self.code = code


def check(resource: Resource) -> None:
    """Raises `InvalidResource` for the first thing wrong; a valid resource is left exactly as it is."""
    kind = str(resource.get("resourceType"))
    spec = SPECS.get(kind)
    if spec is None:
        raise InvalidResource("resourceType", "unsupported")
    if found := unstorable(resource):
        raise InvalidResource(*found)
    _check_structure(kind, resource)
    if path := _text_for_a_number(resource):
        raise InvalidResource(path, "not_fhir")
    for element, allowed in spec.codes.items():
        for value in _values(resource, element.split(".")):
            if value not in allowed:
                raise InvalidResource(element, "unknown_code")
    if spec.status and spec.status in spec.codes and spec.status_required and spec.status not in resource:
        raise InvalidResource(spec.status, "required")
    for element, (system, allowed) in spec.concepts.items():
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
