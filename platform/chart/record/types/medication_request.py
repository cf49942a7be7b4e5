"""MedicationRequest: what was prescribed, here or elsewhere (https://hl7.org/fhir/R4/medicationrequest.html)."""

from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from chart.domain import RXNORM, UCUM, Resource, instant
from chart.record.building import named
from chart.record.edits import ENDED, with_part, without
from chart.record.spec import ResourceSpec, codes, dates, few, reference, token


def _ends(resource: Resource) -> datetime | None:
    """The end of the bounds of its directions, where all of them have one."""
    ends: list[datetime] = []
    for dosage in resource.get("dosageInstruction") or []:
        end = (((dosage.get("timing") or {}).get("repeat") or {}).get("boundsPeriod") or {}).get("end")
        found = instant(end) if isinstance(end, str) else None
        if found is None:
            return None
        ends.append(found)
    return max(ends, default=None)


SPEC = ResourceSpec(
    type="MedicationRequest",
    system=RXNORM,
    codes={
        "status": codes("active on-hold cancelled completed entered-in-error stopped draft unknown"),
        "intent": codes("proposal plan order original-order reflex-order filler-order instance-order option"),
        "priority": codes("routine urgent asap stat"),
    },
    about="medicationCodeableConcept",
    ends=_ends,
    search=(
        dates("authoredon", "authoredOn"),
        dates("date", "dosageInstruction.timing"),
        token("code", "medicationCodeableConcept", hot=True),
        few("status"),
        few("intent"),
        few("category"),
        few("priority"),
        reference("medication", "medicationReference"),
        reference("encounter"),
        reference("requester"),
    ),
)
_STATUSES = frozenset({"active", "on-hold", *ENDED})


def with_status(stored: Resource, status: str, now: datetime) -> Resource:
    """The stored request in another status; from its end on its directions are over, and taken up again they go on."""
    if status == stored.get("status"):
        return stored
    # 'Not taken' says nothing about a request.
    status = status if status in _STATUSES else "unknown"
    resource = {**stored, "status": status}
    dosages = stored.get("dosageInstruction") or []
    if status in ENDED:
        return {**resource, "dosageInstruction": [_ending(each, now) for each in dosages or [{}]]}
    if stored.get("status") in ENDED:
        return with_part(resource, "dosageInstruction", [each for each in map(_going_on, dosages) if each])
    return resource


def _ending(dosage: Resource, now: datetime) -> Resource:
    timing: dict[str, Any] = dosage.get("timing") or {}
    repeat: dict[str, Any] = timing.get("repeat") or {}
    bounds = {**(repeat.get("boundsPeriod") or {}), "end": now.isoformat()}
    # FHIR allows one of the three.
    repeat = {**without(repeat, "boundsDuration", "boundsRange"), "boundsPeriod": bounds}
    return {**dosage, "timing": {**timing, "repeat": repeat}}


def _going_on(dosage: Resource) -> Resource:
    timing: dict[str, Any] = dosage.get("timing") or {}
    repeat: dict[str, Any] = timing.get("repeat") or {}
    bounds = without(repeat.get("boundsPeriod") or {}, "end", "_end")
    repeat = with_part(repeat, "boundsPeriod", bounds)
    return with_part(dosage, "timing", with_part(timing, "repeat", repeat))


PARTS = frozenset(
    {
        "identifier",
        "status",
        "statusReason",
        "intent",
        "medicationCodeableConcept",
        "authoredOn",
        "requester",
        "dosageInstruction",
        "dispenseRequest",
        "substitution",
        "note",
    }
)
"""The elements that `build` decides; whatever else a stored request has stays."""


class Order(NamedTuple):
    """A medicine that is ordered. `ends` is when the last dose is due, `days_supply` how long one filling lasts."""

    id: UUID
    status: str
    status_reason: str | None
    medicine: str
    rxnorm: str | None
    authored: datetime | None
    requester: UUID
    directions: str
    directions_es: str
    quantity: Decimal
    unit: str
    refills: int
    days_supply: int | None
    pharmacy: str
    substitution: bool
    note: str
    ends: datetime | None


def build(order: Order) -> Resource:
    """The request of an order."""
    dosage: Resource = {"text": order.directions, "patientInstruction": order.directions_es}
    if order.ends and order.authored:
        bounds = {"start": order.authored.isoformat(), "end": order.ends.isoformat()}
        dosage["timing"] = {"repeat": {"boundsPeriod": bounds}}
    dispense: Resource = {
        "numberOfRepeatsAllowed": order.refills,
        "quantity": {"value": order.quantity, "unit": order.unit},
        "performer": {"display": order.pharmacy},
    }
    if order.days_supply:
        supply = {"value": order.days_supply, "unit": "days", "system": UCUM, "code": "d"}
        dispense["expectedSupplyDuration"] = supply
    built: Resource = {
        "resourceType": "MedicationRequest",
        "identifier": [{"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{order.id}"}],
        "status": order.status,
        "intent": "order",
        "medicationCodeableConcept": named(order.medicine, RXNORM, order.rxnorm),
        "authoredOn": order.authored.isoformat() if order.authored else None,
        "requester": {"reference": f"Practitioner/{order.requester}"},
        "dosageInstruction": [dosage],
        "dispenseRequest": dispense,
        "substitution": {"allowedBoolean": order.substitution},
    }
    if order.status_reason:
        built["statusReason"] = {"text": order.status_reason}
    if order.note:
        built["note"] = [{"text": order.note}]
    return built
