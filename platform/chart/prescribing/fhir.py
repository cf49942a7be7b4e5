"""A signed prescription in the words of FHIR R4; the resource is built by `chart.record.types.medication_request`."""

from datetime import datetime, timedelta
from decimal import Decimal

from chart.prescribing.domain import Failure, RxStatus, SignedPrescription
from chart.prescribing.models import Prescription
from chart.record.types.medication_request import Order

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


def course_ends(prescription: Prescription, document: SignedPrescription) -> datetime | None:
    """When the last dose is due: directions for so many days, as often as they can be refilled. Others go on."""
    if document.sig.days is None or prescription.signed_at is None:
        return None
    return prescription.signed_at + timedelta(days=document.sig.days * (1 + document.refills))


def order_of(prescription: Prescription, document: SignedPrescription) -> Order:
    """What the record is told of the prescription as it stands."""
    return Order(
        id=prescription.id,
        status=_STATUS[prescription.status],
        status_reason=_REASONS[Failure(prescription.failure)] if prescription.failure else None,
        medicine=document.drug.title,
        rxnorm=document.drug.rxcui or None,
        authored=prescription.signed_at,
        requester=prescription.prescriber_id,
        directions=document.sig_en,
        directions_es=document.sig_es,
        quantity=Decimal(document.quantity),
        unit=document.unit,
        refills=document.refills,
        days_supply=document.days_supply,
        pharmacy=document.pharmacy.name,
        substitution=document.substitutions_allowed,
        note=document.note,
        ends=course_ends(prescription, document),
    )
