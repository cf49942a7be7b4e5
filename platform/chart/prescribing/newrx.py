"""The NewRx of a signed prescription. The same document and time always give the same bytes."""

from datetime import datetime

from chart.prescribing.domain import SignedPrescription
from chart.prescribing.script.messages import (
    Address,
    Header,
    Medication,
    NewRx,
    Party,
    Patient,
    Pharmacy,
    Prescriber,
)

# The longest that SCRIPT carries: names and cities 35, street lines 40, business names 70, drugs 105, notes 210.
_NAME, _LINE, _BUSINESS, _DRUG, _NOTE, _SIG = 35, 40, 70, 105, 210, 1000


def new_rx(document: SignedPrescription, message_id: str, signed_at: datetime) -> NewRx:
    """The message for the pharmacy that the document names."""
    patient, prescriber, pharmacy = document.patient, document.prescriber, document.pharmacy
    return NewRx(
        header=Header(
            to=Party("P", pharmacy.ncpdp_id),
            sender=Party("C", document.clinic_slug[:80]),
            message_id=message_id,
            sent_at=signed_at,
            order_number=document.prescription_id.hex,
        ),
        patient=Patient(
            family=patient.family[:_NAME],
            given=patient.given[:_NAME],
            gender=patient.gender,
            birth_date=patient.birth_date,
            address=_address(patient.address),
            phone=patient.phone,
        ),
        pharmacy=Pharmacy(
            ncpdp_id=pharmacy.ncpdp_id,
            npi=pharmacy.npi,
            name=pharmacy.name[:_BUSINESS],
            address=_address(pharmacy.address),
            phone=pharmacy.phone,
        ),
        prescriber=Prescriber(
            npi=prescriber.npi,
            family=prescriber.family[:_NAME],
            given=prescriber.given[:_NAME],
            address=_address(prescriber.address),
            phone=prescriber.phone,
        ),
        medication=Medication(
            description=document.drug.title[:_DRUG],
            strength=document.drug.strength,
            quantity=document.quantity,
            unit_code=document.unit_code,
            written=document.written,
            refills=document.refills,
            substitutions_allowed=document.substitutions_allowed,
            sig=document.sig_en[:_SIG],
            days_supply=document.days_supply,
            rxcui=document.drug.rxcui,
            ndc=document.drug.ndc,
            diagnosis=document.diagnosis,
            note=_note(document),
        ),
    )


def _note(document: SignedPrescription) -> str | None:
    """The clinician's words; and for who reads Spanish, that the label should be in it."""
    parts = [document.note] if document.note else []
    if document.patient.language == "es":
        parts.append("Patient reads Spanish: label in Spanish, please.")
    return " ".join(parts)[:_NOTE] or None


def _address(address: dict[str, str]) -> Address:
    return Address(
        line1=address["line"][:_LINE],
        line2=address.get("line2", "")[:_LINE] or None,
        city=address["city"][:_NAME],
        state=address["state"],
        postal_code=address["postalCode"],
    )
