"""What the typed columns of a record hold, drawn from its resource; and its mark of an error. Pure."""

from datetime import datetime

import msgspec

from chart.domain import Resource, instant, recoded
from chart.record.edits import name_of
from chart.record.registry import SPECS
from chart.record.spec import ENTERED_IN_ERROR, TERMS, ResourceSpec

IN_ERROR_TAG = {"system": "urn:carethread:status", "code": ENTERED_IN_ERROR, "display": "Entered in Error"}
"""The mark of an error on a type whose FHIR has no status."""


class Index(msgspec.Struct, frozen=True):
    """What the typed columns of a record hold, drawn from its resource."""

    status: str | None
    code: str | None
    code_system: str | None
    display: str | None
    category: str | None
    effective_at: datetime | None
    ends_at: datetime | None
    in_error: bool


def index(resource: Resource) -> Index:
    """The typed columns of a valid resource. Dates without a time count as the start of that day, UTC."""
    spec = SPECS[resource["resourceType"]]
    concept = _concept(spec, resource)
    coding = _coding(spec, concept)
    return Index(
        status=_status(spec, resource),
        code=coding.get("code"),
        code_system=coding.get("system"),
        display=name_of(concept) or spec.named(resource),
        category=_category(resource),
        effective_at=_effective(resource),
        ends_at=spec.ends(resource),
        in_error=_in_error(spec, resource),
    )


def marked_in_error(resource: Resource) -> Resource:
    """A copy that says it was entered in error, as FHIR wants it for its type."""
    spec = SPECS[resource["resourceType"]]
    if spec.verification is None and spec.status is not None:
        return {**resource, spec.status: ENTERED_IN_ERROR}
    if spec.verification is None:
        meta = resource.get("meta") or {}
        return {**resource, "meta": {**meta, "tag": [*(meta.get("tag") or []), IN_ERROR_TAG]}}
    # FHIR invariants con-5 and ait-2: nothing entered in error has a clinical status.
    marked = {key: value for key, value in resource.items() if key != "clinicalStatus"}
    return {**marked, "verificationStatus": verified_as(resource, ENTERED_IN_ERROR, "Entered in Error")}


def unmarked(resource: Resource, right: Resource) -> Resource:
    """A copy without the mark: what says the mark is as it was in `right`, the last version without it."""
    spec = SPECS[resource["resourceType"]]
    if spec.verification is None and spec.status is None:
        meta = resource["meta"]
        tags = [each for each in meta["tag"] if each != IN_ERROR_TAG]
        kept = {key: value for key, value in meta.items() if key != "tag"}
        return {**resource, "meta": {**kept, "tag": tags} if tags else kept}
    said = ("clinicalStatus", "verificationStatus") if spec.verification else (spec.status,)
    plain = {key: value for key, value in resource.items() if key not in said}
    return {**plain, **{key: right[key] for key in said if key in right}}


def verified_as(resource: Resource, code: str, display: str) -> Resource:
    """The verification status of a resource in another state. Raises ValueError for a type that has none."""
    spec = SPECS[resource["resourceType"]]
    if spec.verification is None:
        raise ValueError(f"{spec.type} has no verification status")
    return recoded(resource.get("verificationStatus"), spec.verification, code, display)


def _concept(spec: ResourceSpec, resource: Resource) -> Resource:
    found = resource.get(spec.about)
    return found if isinstance(found, dict) else {}


def _coding(spec: ResourceSpec, concept: Resource) -> Resource:
    """The coding that counts: the first of the type's own system that has a code, else the first of all."""
    codings: list[Resource] = concept.get("coding") or []
    own = [each for each in codings if spec.system and each.get("system") == spec.system and each.get("code")]
    return next(iter([*own, *codings]), {})


def _status(spec: ResourceSpec, resource: Resource) -> str | None:
    if spec.verification is None:
        return resource.get(spec.status) if spec.status else None
    codings = (resource.get("clinicalStatus") or {}).get("coding") or []
    # One of FHIR's own is required; a local one may stand before it.
    ours = [each for each in codings if str(each.get("system")).startswith(TERMS)]
    first: Resource = next(iter(ours or codings), {})
    return ENTERED_IN_ERROR if _in_error(spec, resource) else first.get("code")


def _in_error(spec: ResourceSpec, resource: Resource) -> bool:
    if spec.status is None:
        return IN_ERROR_TAG in ((resource.get("meta") or {}).get("tag") or [])
    if spec.verification is None:
        return bool(resource.get(spec.status) == ENTERED_IN_ERROR)
    codings = resource.get("verificationStatus", {}).get("coding", [])
    return any(coding.get("code") == ENTERED_IN_ERROR for coding in codings)


def _category(resource: Resource) -> str | None:
    """The first category's code: a list of concepts, or for an allergy a list of plain codes."""
    first = next(iter(resource.get("category") or []), None)
    if isinstance(first, str):
        return first
    codings = first.get("coding", []) if isinstance(first, dict) else []
    return codings[0].get("code") if codings else None


# The element that says when a fact was true, by FHIR R4's definitions of these resources, first found first taken.
_WHEN = (
    "effectiveDateTime",
    "onsetDateTime",
    "recordedDate",
    "dateAsserted",
    "authoredOn",
    "authored",
    "occurrenceDateTime",
    "performedDateTime",
    "dateTime",
    "date",
    "issued",
    "startDate",
    "created",
    "whenHandedOver",
    "recorded",
    "receivedTime",
)


def _effective(resource: Resource) -> datetime | None:
    for element in _WHEN:
        if isinstance(found := resource.get(element), str):
            return instant(found)
    for element in ("period", "effectivePeriod", "performedPeriod"):
        period = resource.get(element)
        if isinstance(period, dict) and isinstance(period.get("start"), str):
            return instant(period["start"])
    return None
