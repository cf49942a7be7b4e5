"""A signed prescription as FHIR R4 MedicationRequest, as the record keeps it."""

from datetime import datetime, timedelta
from decimal import Decimal

from chart.domain import RXNORM, Resource
from chart.prescribing.domain import Failure, RxStatus, SignedPrescription
from chart.prescribing.models import Prescription

_STATUS = {
    RxStatus.SIGNED: "active",
    RxStatus.SENDING: "active",
    RxStatus.SENT: "active",
    RxStatus.ACCEPTED: "active",
    # Not being carried out for now: a person has to act.
    RxStatus.ERROR: "on-hold",
    RxStatus.CANCELLED: "cancelled",
}
_REASONS = {
    Failure.REJECTED: "The pharmacy refused the prescription",
    Failure.UNREACHABLE: "The pharmacy could not be reached",
}

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
"""The elements that a prescription decides; whatever else the stored resource has stays."""


def course_ends(prescription: Prescription, document: SignedPrescription) -> datetime | None:
    """When the last dose is due: directions for so many days, as often as they can be refilled. Others go on."""
    if document.sig.days is None or prescription.signed_at is None:
        return None
    return prescription.signed_at + timedelta(days=document.sig.days * (1 + document.refills))


def medication_request(prescription: Prescription, document: SignedPrescription) -> Resource:
    """The resource; ``records.put`` adds subject and version."""
    drug = document.drug
    concept: Resource = {"text": drug.title}
    if drug.rxcui:
        concept["coding"] = [{"system": RXNORM, "code": drug.rxcui, "display": drug.title}]
    built: Resource = {
        "resourceType": "MedicationRequest",
        "identifier": [{"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{prescription.id}"}],
        "status": _STATUS[prescription.status],
        "intent": "order",
        "medicationCodeableConcept": concept,
        "authoredOn": prescription.signed_at.isoformat() if prescription.signed_at else None,
        "requester": {"reference": f"Practitioner/{prescription.prescriber_id}"},
        "dosageInstruction": [{"text": document.sig_en, "patientInstruction": document.sig_es}],
        "dispenseRequest": {
            "numberOfRepeatsAllowed": document.refills,
            "quantity": {"value": Decimal(document.quantity), "unit": document.unit},
            "performer": {"display": document.pharmacy.name},
        },
        "substitution": {"allowedBoolean": document.substitutions_allowed},
    }
    if document.days_supply:
        built["dispenseRequest"]["expectedSupplyDuration"] = {
            "value": document.days_supply,
            "unit": "days",
            "system": "http://unitsofmeasure.org",
            "code": "d",
        }
    if prescription.failure:
        built["statusReason"] = {"text": _REASONS[Failure(prescription.failure)]}
    if (ends := course_ends(prescription, document)) and prescription.signed_at:
        bounds = {"start": prescription.signed_at.isoformat(), "end": ends.isoformat()}
        built["dosageInstruction"][0]["timing"] = {"repeat": {"boundsPeriod": bounds}}
    if document.note:
        built["note"] = [{"text": document.note}]
    return built
