"""MedicationStatement: a medicine that the patient takes, or took (https://hl7.org/fhir/R4/medicationstatement.html)."""

from datetime import datetime

from msgspec import UnsetType

from chart.domain import RXNORM, Resource, instant
from chart.record.building import Asserter, named
from chart.record.changes import MedicineChange
from chart.record.edits import ENDED, renamed, with_first, with_part, without
from chart.record.spec import ResourceSpec, codes, dates, few, reference, token


def _ends(resource: Resource) -> datetime | None:
    end = (resource.get("effectivePeriod") or {}).get("end")
    return instant(end) if isinstance(end, str) else None


SPEC = ResourceSpec(
    type="MedicationStatement",
    system=RXNORM,
    codes={"status": codes("active completed entered-in-error intended stopped on-hold unknown not-taken")},
    about="medicationCodeableConcept",
    ends=_ends,
    search=(
        dates("effective", "effectiveDateTime", "effectivePeriod"),
        dates("asserted", "dateAsserted"),
        token("code", "medicationCodeableConcept", hot=True),
        few("status"),
        few("category"),
        reference("medication", "medicationReference"),
        reference("context"),
        reference("source", "informationSource"),
    ),
)

# What says in other forms what the words of the directions say.
_DIRECTIONS = ("timing", "asNeededBoolean", "asNeededCodeableConcept", "doseAndRate", "patientInstruction")


def changed(stored: Resource, change: MedicineChange, now: datetime) -> Resource:
    """The stored statement with what was changed; from its end on the medicine is not taken any more."""
    resource = stored
    concept = stored.get("medicationCodeableConcept")
    if (named := renamed(concept, RXNORM, change, None)) != (concept or {}):
        resource = {**without(resource, "medicationReference"), "medicationCodeableConcept": named}
    dosages = stored.get("dosage") or []
    first: Resource = next(iter(dosages), {})
    if not isinstance(change.dosage, UnsetType) and (change.dosage or None) != first.get("text"):
        directions = with_part(without(first, *_DIRECTIONS), "text", change.dosage or None)
        resource = with_part(resource, "dosage", with_first(dosages, directions))
    if isinstance(change.status, str) and change.status != stored.get("status"):
        resource = _with_status(resource, change.status, now)
    return resource


def _with_status(stored: Resource, status: str, now: datetime) -> Resource:
    resource = {**stored, "status": status}
    if status not in ENDED:
        if stored.get("status") not in ENDED:
            return resource
        period = without(stored.get("effectivePeriod") or {}, "end", "_end")
        return with_part(resource, "effectivePeriod", period)
    period = {**(stored.get("effectivePeriod") or _since(stored)), "end": now.isoformat()}
    return {**without(resource, "effectiveDateTime", "_effectiveDateTime"), "effectivePeriod": period}


def _since(stored: Resource) -> Resource:
    """A time since when it is taken is the start of a period, once there is an end."""
    parts = {"start": stored.get("effectiveDateTime"), "_start": stored.get("_effectiveDateTime")}
    return {key: value for key, value in parts.items() if value is not None}


def build(
    display: str,
    by: Asserter,
    *,
    code: str | None = None,
    dosage: str | None = None,
    status: str = "active",
) -> Resource:
    """A medicine that the patient takes, or took."""
    built: Resource = {
        "resourceType": "MedicationStatement",
        "status": status,
        "medicationCodeableConcept": named(display, RXNORM, code),
        "dateAsserted": by.at.isoformat(),
        "informationSource": by.reference,
    }
    if dosage:
        built["dosage"] = [{"text": dosage}]
    if status in {"stopped", "completed"}:
        built["effectivePeriod"] = {"end": by.at.isoformat()}
    return built
