"""The NewRx of a signed prescription. The same document and time always give the same bytes."""

from datetime import UTC, datetime
from operator import attrgetter

from chart.prescribing.domain import SignedName, SignedPrescription
from chart.prescribing.script import street
from chart.prescribing.script.build import to_xml
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
from chart.prescribing.script.parse import from_xml
from chart.prescribing.script.schema import NotScript

# The longest that SCRIPT carries: names and cities 35, prefixes and suffixes 10, business names 70, drugs 105,
# notes 210. Directions are never cut: the longest that can be written fit SCRIPT's 1000.
_NAME, _AFFIX, _BUSINESS, _DRUG, _NOTE = 35, 10, 70, 105, 210
# SCRIPT asks for a first name. Whoever has a single name has this one in American pharmacies: first name unknown.
_NO_GIVEN_NAME = "FNU"
_BODY = attrgetter("patient", "pharmacy", "prescriber", "medication")


def can_be_sent(document: SignedPrescription) -> bool:
    """Whether its NewRx can be written, fits the schema, and says to its reader what the document says."""
    message = new_rx(document, document.prescription_id.hex, datetime.now(UTC))
    try:
        return bool(_BODY(from_xml(to_xml(message))) == _BODY(message))
    # lxml raises ValueError for signs that XML does not know.
    except (NotScript, ValueError):
        return False


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
            **_name(patient),
            gender=patient.gender,
            birth_date=patient.birth_date,
            address=_address(patient.address),
            phone=patient.phone,
            extension=patient.extension,
        ),
        pharmacy=Pharmacy(
            ncpdp_id=pharmacy.ncpdp_id,
            npi=pharmacy.npi,
            name=_cut(pharmacy.name, _BUSINESS),
            address=_address(pharmacy.address),
            phone=pharmacy.phone,
            extension=pharmacy.extension,
        ),
        prescriber=Prescriber(
            npi=prescriber.npi,
            **_name(prescriber),
            address=_address(prescriber.address),
            phone=prescriber.phone,
            extension=prescriber.extension,
        ),
        medication=Medication(
            description=_cut(document.drug.title, _DRUG),
            strength=document.drug.strength,
            quantity=document.quantity,
            unit_code=document.unit_code,
            written=document.written,
            refills=document.refills,
            substitutions_allowed=document.substitutions_allowed,
            sig=document.sig_en,
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
    return _cut(" ".join(parts), _NOTE) or None


def _name(name: SignedName) -> dict[str, str]:
    """A single name is the last name. A prefix or suffix that is too long is left out: cut, it would say another."""
    one = not (name.family and name.given)
    return {
        "family": _cut(name.family or name.given, _NAME),
        "given": _NO_GIVEN_NAME if one else _cut(name.given, _NAME),
        "second": _cut(name.second, _NAME),
        "suffix": name.suffix if len(name.suffix) <= _AFFIX else "",
        "prefix": name.prefix if len(name.prefix) <= _AFFIX else "",
    }


def _cut(text: str, most: int) -> str:
    return text[:most].strip()


def _address(address: dict[str, str]) -> Address:
    lines = [address["line"], *filter(None, [address.get("line2")])]
    # Only what was signed before longer streets were refused can fail to fit, and is cut, as it was then.
    line1, line2 = street.broken(lines) or (_cut(lines[0], street.LONGEST), _cut(lines[-1], street.LONGEST))
    return Address(
        line1=line1,
        line2=line2 or None,
        city=_cut(address["city"], _NAME),
        state=address["state"],
        postal_code=address["postalCode"],
    )
