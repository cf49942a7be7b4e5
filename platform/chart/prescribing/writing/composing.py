"""From a draft and who is concerned to the document that is signed; and what is missing for that."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import msgspec
from sqlalchemy import select

from chart.prescribing import repository
from chart.prescribing.directory import is_ncpdp_id
from chart.prescribing.domain import (
    FORMAT,
    GENDERS,
    MAX_QUANTITY,
    MAX_REFILLS,
    SignedAcknowledgement,
    SignedDrug,
    SignedName,
    SignedPatient,
    SignedPharmacy,
    SignedPrescriber,
    SignedPrescription,
)
from chart.prescribing.medicines.forms import DISPENSED, FORMS, Form
from chart.prescribing.medicines.sig import MAX_DAYS, Quantity, Sig, number, problems, suggest, text
from chart.prescribing.models import Drug, Pharmacy, Prescription
from chart.prescribing.script import street
from core.database.session import ReadSession
from directory.contact_points import repository as contact_points
from directory.locations import repository as locations
from directory.locations.domain import ClinicLocation
from identity.clinic.states import US_STATES
from identity.models import Account, Patient, Staff
from identity.patients import service as patients
from identity.person.address import HOME, Address, address_in
from identity.person.check_digits import is_npi
from identity.person.name import Name
from visits.models import Visit

Printed = dict[str, str]
"""A US address as a pharmacy is told it: `line`, perhaps `line2`, `city`, `state`, `postalCode`; '' is missing.
A street that no message can carry stands in `line` whole."""

_PARTS = ("line", "city", "state", "postalCode")
_EXTENSION = ";ext="


@dataclass(frozen=True, slots=True)
class Parties:
    """Everyone and everything that a prescription names."""

    patient: Patient
    visit: Visit
    prescriber: Account
    staff: Staff | None
    place: ClinicLocation
    pharmacy: Pharmacy | None
    drug: Drug
    other_phone: str | None = None


async def load_parties(read: ReadSession, prescription: Prescription, drug: Drug) -> Parties:
    """Load them. The foreign keys say that they are there."""
    visit = (await read.scalars(select(Visit).where(Visit.id == prescription.visit_id))).one()
    patient = await patients.get(read, prescription.patient_id)
    who = prescription.prescriber_id
    return Parties(
        patient=patient,
        other_phone=await _other_phone(read, patient, visit),
        visit=visit,
        prescriber=(await read.scalars(select(Account).where(Account.id == who))).one(),
        staff=await read.one_or_none(select(Staff).where(Staff.account_id == who)),
        place=await locations.place(read, visit.location_id),
        pharmacy=await repository.pharmacy(read, prescription.pharmacy_id),
        drug=drug,
    )


async def _other_phone(read: ReadSession, patient: Patient, visit: Visit) -> str | None:
    """A telephone that the patient gave beside those of which one is good already."""
    if ten_digits(patient.phone) or ten_digits(visit.callback_phone):
        return None
    return await contact_points.phone_of(read, patient)


def patient_phone(of: Parties) -> str | None:
    """Where a pharmacy reaches the patient, as it is dialed: the telephone on file, the one that they confirmed for
    this visit, or another that they gave; the first that SCRIPT can carry."""
    known = (of.patient.phone, of.visit.callback_phone, of.other_phone)
    return next((each for each in known if ten_digits(each)), None)


def missing(of: Parties, today: date) -> list[str]:
    """What a pharmacy would need and nobody has said in a form that it takes, by name ('patient.phone')."""
    found: list[str] = []
    if not _is_printable(of.patient.name):
        found.append("patient.name")
    found += _lacking("patient", home_address(of))
    if patient_phone(of) is None:
        found.append("patient.phone")
    if of.patient.clinical_sex not in GENDERS:
        found.append("patient.sex")
    if of.patient.birth_date is None or of.patient.birth_date > today:
        found.append("patient.birth_date")
    if of.staff is None or not _is_printable(of.staff.name):
        found.append("prescriber.name")
    if of.staff is None or not of.staff.npi or not is_npi(of.staff.npi):
        found.append("prescriber.npi")
    found += _lacking("clinic", _postal(of.place.address))
    if not ten_digits(of.place.phone):
        found.append("clinic.phone")
    if of.pharmacy is None:
        found.append("pharmacy")
        return found
    if not is_ncpdp_id(of.pharmacy.ncpdp_id):
        found.append("pharmacy.ncpdp_id")
    if not _printed(of.pharmacy.name):
        found.append("pharmacy.name")
    found += _lacking("pharmacy", _pharmacy_address(of.pharmacy))
    if not ten_digits(of.pharmacy.phone):
        found.append("pharmacy.phone")
    return found


def _is_printable(name: Name) -> bool:
    """Whether there is a name, and each part of it that a pharmacy is told can be printed."""
    legal = [getattr(name, part) for part in SignedName.__struct_fields__]
    return bool(name.given or name.family) and all(map(_printed, filter(None, legal)))


def _signed_name(name: Name) -> dict[str, str]:
    return {part: _printed(getattr(name, part)) for part in SignedName.__struct_fields__}


def _lacking(whose: str, address: Printed) -> list[str]:
    found = [f"{whose}.address.{part}" for part in _PARTS if not address[part]]
    return [*found, f"{whose}.address.line_too_long"] if len(address["line"]) > street.LONGEST else found


def _pharmacy_address(pharmacy: Pharmacy) -> Printed:
    return _in_us([pharmacy.line], pharmacy.city, pharmacy.state, pharmacy.zip)


def home_address(of: Parties) -> Printed:
    """The patient's address on file or, where that is not complete, the place that they confirmed for this visit."""
    stored = address_in(of.patient.address)
    on_file = _postal(stored)
    here = of.visit.location or {}
    place = _in_us([here.get("line")], here.get("city"), here.get("state"), here.get("zip"))
    complete = next((each for each in (on_file, place) if all(each[part] for part in _PARTS)), None)
    return complete or (on_file if stored else place)


def _postal(address: Address | None) -> Printed:
    """An address abroad has no state and no ZIP code that SCRIPT could carry."""
    if address is None or address.country != HOME:
        return _in_us([], "", "", "")
    return _in_us(address.line, address.city, address.state, address.postalCode)


def _in_us(lines: Sequence[object], city: object, state: object, postal: object) -> Printed:
    printed = [text for each in lines if (text := _printed(each))] or [""]
    line, line2 = street.broken(printed) or (", ".join(printed), "")
    address = {"line": line, "city": _printed(city), "state": _state(state), "postalCode": _zip(postal)}
    return address | ({"line2": line2} if line2 else {})


def _printed(text: object) -> str:
    """A person's words on one line. What cannot be printed has no place in SCRIPT, and would hold the message back."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in str(text or "")).split())


def _state(text: object) -> str:
    """A USPS code, '' for anything else: pharmacies know no other."""
    return str(text) if text in US_STATES else ""


def _zip(text: object) -> str:
    """Five or nine digits, '' for anything else."""
    digits = str(text or "").replace("-", "").strip()
    return digits if re.fullmatch(r"\d{5}(\d{4})?", digits, re.ASCII) else ""


def ten_digits(phone: str | None) -> str:
    """A number of the North American plan (as identity.person.contacts has it) as SCRIPT wants it, '' for another."""
    number = (phone or "").partition(_EXTENSION)[0]
    return number[2:] if re.fullmatch(r"\+1\d{10}", number, re.ASCII) else ""


def extension_of(phone: str | None) -> str:
    """The digits to dial once the number (as identity.person.contacts has it) answers, '' for none."""
    return (phone or "").partition(_EXTENSION)[2]


def effective_quantity(prescription: Prescription, drug: Drug) -> Quantity:
    """What is dispensed: what the clinician wrote, or what follows from the directions."""
    sig = msgspec.convert(prescription.sig, Sig)
    suggested = suggest(sig, drug.form, float(drug.pack) if drug.pack else None)
    value = float(prescription.quantity) if prescription.quantity is not None else suggested.value
    return Quantity(value, suggested.unit, prescription.days_supply or suggested.days)


def problems_of(prescription: Prescription, drug: Drug) -> dict[str, str]:
    """What of a stored draft could not be signed, by field: it holds no number yet, or is older than a rule."""
    if prescription.unread:
        return dict.fromkeys(prescription.unread, "number_unreadable")
    sig = msgspec.convert(prescription.sig, Sig)
    if wrong := problems(sig, drug.form, drug.route):
        return {f"sig.{field}": code for field, code in wrong.items()}
    return supply_problems(sig, drug, prescription.quantity, prescription.days_supply, prescription.refills)


def document(
    prescription: Prescription,
    of: Parties,
    today: date,
    acknowledged: SignedAcknowledgement | None = None,
) -> SignedPrescription:
    """The whole prescription. Nothing is missing()."""
    assert of.staff is not None and of.staff.npi and of.pharmacy is not None  # noqa: S101  missing() has seen to it
    sig = msgspec.convert(prescription.sig, Sig)
    quantity = effective_quantity(prescription, of.drug)
    return SignedPrescription(
        format=FORMAT,
        clinic_id=prescription.clinic_id,
        clinic_slug=of.place.clinic.slug,
        prescription_id=prescription.id,
        visit_id=prescription.visit_id,
        version=prescription.version,
        written=today,
        patient=SignedPatient(
            id=of.patient.id,
            **_signed_name(of.patient.name),
            gender=GENDERS[of.patient.clinical_sex],
            birth_date=of.patient.birth_date,
            phone=ten_digits(patient_phone(of)),
            extension=extension_of(patient_phone(of)),
            language=of.patient.language,
            address=home_address(of),
        ),
        prescriber=SignedPrescriber(
            account_id=of.prescriber.id,
            **_signed_name(of.staff.name),
            npi=of.staff.npi,
            phone=ten_digits(of.place.phone),
            extension=extension_of(of.place.phone),
            address=_postal(of.place.address),
        ),
        pharmacy=SignedPharmacy(
            id=of.pharmacy.id,
            ncpdp_id=of.pharmacy.ncpdp_id,
            npi=of.pharmacy.npi if is_npi(of.pharmacy.npi) else "",
            name=_printed(of.pharmacy.name),
            phone=ten_digits(of.pharmacy.phone),
            extension=extension_of(of.pharmacy.phone),
            address=_pharmacy_address(of.pharmacy),
        ),
        drug=SignedDrug(
            id=of.drug.id,
            title=of.drug.title,
            strength=of.drug.strength,
            rxcui=of.drug.rxcui,
            ndc=of.drug.ndc,
        ),
        sig=sig,
        sig_en=text(sig, of.drug.form, of.drug.route, "en"),
        sig_es=text(sig, of.drug.form, of.drug.route, "es"),
        quantity=number(quantity.value),
        unit=quantity.unit,
        unit_code=DISPENSED[FORMS[of.drug.form].dispensed],
        days_supply=quantity.days,
        refills=prescription.refills,
        substitutions_allowed=prescription.substitutions_allowed,
        note=prescription.note,
        diagnosis=prescription.diagnosis,
        acknowledged=acknowledged,
    )


def today(read: ReadSession, place: ClinicLocation) -> date:
    """The date at the visit's location: what 'written on' means."""
    return read.now().astimezone(place.zone).date()


def supply_problems(
    sig: Sig | None, drug: Drug, quantity: Decimal | None, days_supply: int | None, refills: int
) -> dict[str, str]:
    """What is wrong with how much is handed out, by field.

    Without a quantity the one that follows from ``sig`` counts, which has no problems(); None while it has.
    """
    found: dict[str, str] = {}
    if quantity is None and sig is not None:
        quantity = Decimal(repr(suggest(sig, drug.form, float(drug.pack) if drug.pack else None).value))
    if quantity is not None and (code := _quantity_problem(quantity, FORMS[drug.form])):
        found["quantity"] = code
    if days_supply is not None and not 1 <= days_supply <= MAX_DAYS:
        found["days_supply"] = "sig_days_out_of_range"
    if not 0 <= refills <= MAX_REFILLS:
        found["refills"] = "refills_out_of_range"
    return found


def _quantity_problem(value: Decimal, form: Form) -> str | None:
    if not value.is_finite() or not 0 < value <= MAX_QUANTITY:
        return "quantity_out_of_range"
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -3:
        return "quantity_too_fine"
    if form.dispensed in {"mL", "g"}:
        return None
    return "quantity_not_whole" if value % (Decimal("0.5") if form.splits else 1) else None
