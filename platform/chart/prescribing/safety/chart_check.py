"""The safety check against one patient's chart, and what of the chart it could not read."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache

import msgspec
from sqlalchemy import or_, select

from chart.domain import RXNORM, RecordType, Resource
from chart.prescribing.domain import RxStatus
from chart.prescribing.knowledge.reading import Reaction, Reading, read_allergy, read_medicine
from chart.prescribing.knowledge.terms import Terms, not_in_tables, of_ingredients, washout_days
from chart.prescribing.medicines.formulary import products
from chart.prescribing.medicines.sig import Sig
from chart.prescribing.medicines.sig_words import FREQUENCIES
from chart.prescribing.models import Drug, Prescription
from chart.prescribing.safety.rules import Alert, Allergy, Medicine, check
from chart.record import store
from chart.record.active_medicines import ended_at, is_active
from chart.record.models import Record
from core.database.session import ReadSession


class Unread(msgspec.Struct, frozen=True):
    """An entry of the chart that the check did not understand, in whole or in part.

    ``kind`` is allergy or medicine, ``text`` the entry, ``parts`` the words of it that were not understood (the whole
    text where nothing was). ``known`` is false for a medicine that was read and of which our tables say nothing.
    """

    kind: str
    text: str
    parts: list[str]
    known: bool = True


class Check(msgspec.Struct, frozen=True):
    """The alerts; what was not understood; and the allergies that the chart itself says are none."""

    alerts: list[Alert] = []
    unread: list[Unread] = []
    denied: list[str] = []


class _Entry(msgspec.Struct, frozen=True):
    record: Record
    text: str
    reading: Reading


async def run(read: ReadSession, prescription: Prescription, drug: Drug) -> Check:
    """Check one prescription against everything else that this patient takes, or is about to be given."""
    stored = await store.list(read, prescription.patient_id, RecordType.ALLERGY)
    allergies = [_allergy_entry(record) for record in stored if is_active_allergy(record)]
    charted, current = await _medicines(read, prescription)
    known = [
        Allergy(
            id=str(each.record.id),
            label=each.text,
            terms=each.reading.terms,
            reaction=_reaction(each.record.resource, each.reading.reaction),
        )
        for each in allergies
    ]
    return Check(
        check(as_medicine(prescription, drug), current, known),
        _unread(allergies, charted),
        sorted({each.text for each in allergies if each.reading.denied and not each.reading.terms}),
    )


async def _medicines(read: ReadSession, prescription: Prescription) -> tuple[list[_Entry], list[Medicine]]:
    """The record's entries of medicines that are taken, and all that counts: these, ours, and what still acts.

    Ours stand in the record too. They are taken by the same rule, but checked with their directions.
    """
    now = read.now()
    stored = {record.id: record for record in await _charted(read, prescription)}
    entries: list[_Entry] = []
    current: list[Medicine] = []
    for other, drug in await _prescribed(read, prescription):
        if other.record_id is None:
            current.append(as_medicine(other, drug))
        elif record := stored.pop(other.record_id, None):
            _count(current, record, as_medicine(other, drug), now)
    for record in stored.values():
        entry = _medicine_entry(record)
        if is_active(record, now):
            entries.append(entry)
        medicine = Medicine(id=str(record.id), label=entry.text, terms=entry.reading.terms, route="")
        _count(current, record, medicine, now)
    return entries, current


def _count(current: list[Medicine], record: Record, medicine: Medicine, now: datetime) -> None:
    if is_active(record, now):
        current.append(medicine)
    elif ended := _ended(record, medicine, now):
        current.append(ended)


def is_active_allergy(record: Record) -> bool:
    """Whether the chart holds it against the patient: neither resolved nor refuted (FHIR R4 AllergyIntolerance)."""
    codings = (record.resource.get("verificationStatus") or {}).get("coding") or []
    return record.status != "resolved" and all(coding.get("code") != "refuted" for coding in codings)


def _unread(allergies: Sequence[_Entry], medicines: Sequence[_Entry]) -> list[Unread]:
    """Each entry once, allergies first, in the order of the alphabet: the same chart gives the same list."""
    found = [Unread("allergy", each.text, list(each.reading.unread)) for each in allergies]
    found += [Unread("medicine", each.text, list(each.reading.unread)) for each in medicines]
    found = [each for each in found if each.parts]
    for each in medicines:
        if strange := sorted(not_in_tables(each.reading.terms)):
            found.append(Unread("medicine", each.text, strange, known=False))
    distinct = {msgspec.json.encode(each): each for each in found}
    return sorted(distinct.values(), key=lambda each: (each.kind, each.text.lower(), each.known))


def _medicine_entry(record: Record) -> _Entry:
    return _Entry(record, _label(record), _with_code(record, read_medicine(record.display or "")))


def _allergy_entry(record: Record) -> _Entry:
    reading = read_allergy(record.display or "", reaction_words(record.resource))
    return _Entry(record, _label(record), _with_code(record, reading))


def reaction_words(resource: Resource) -> str:
    """What an AllergyIntolerance says of its reactions, in words."""
    told: list[str] = []
    for reaction in resource.get("reaction") or []:
        told.append(reaction.get("description") or "")
        for manifestation in reaction.get("manifestation") or []:
            told.append(manifestation.get("text") or "")
            told += [coding.get("display") or "" for coding in manifestation.get("coding") or []]
    return " ".join(filter(None, told))


def _reaction(resource: Resource, said: Reaction) -> Reaction:
    """A side effect only if nothing in the entry says more; FHIR's ``type`` tells it too."""
    if said is Reaction.ALLERGIC or resource.get("criticality") == "high":
        return Reaction.ALLERGIC
    return Reaction.INTOLERANCE if resource.get("type") == "intolerance" else said


def _label(record: Record) -> str:
    """The entry as the clinician knows it; its code where it has no words."""
    return record.display or " ".join(filter(None, (record.code_system, record.code))) or str(record.id)


def _with_code(record: Record, reading: Reading) -> Reading:
    """The RxNorm code counts beside the words, where it is one of ours."""
    if record.code_system != RXNORM or record.code not in _by_rxcui():
        if not record.display and not reading.nothing:
            return Reading(unread=(_label(record),))
        return reading
    coded = of_ingredients(frozenset(_by_rxcui()[record.code]))
    return Reading(reading.terms | coded, reading.unread, reading.denied, reading.reaction)


def as_medicine(prescription: Prescription, drug: Drug) -> Medicine:
    """A prescription as the check sees it, with what it amounts to in a day."""
    sig = msgspec.convert(prescription.sig, Sig)
    terms = of_ingredients(frozenset(drug.ingredients))
    return Medicine(
        id=f"rx:{prescription.id}",
        label=drug.title,
        terms=Terms(terms.ingredients, terms.classes | frozenset(drug.classes)),
        route=drug.route,
        daily_mg=_daily_mg(sig, drug),
        frequency=sig.frequency,
    )


def _daily_mg(sig: Sig, drug: Drug) -> dict[str, float]:
    """Milligrams a day of each ingredient, for what is counted in tablets and capsules; else nothing."""
    per_day = FREQUENCIES[sig.frequency].per_day
    strengths = drug.strength.split(" / ")
    if per_day is None or sig.unit not in {"tablet", "capsule"} or len(strengths) != len(drug.ingredients):
        return {}
    found = {}
    for ingredient, strength in zip(drug.ingredients, strengths, strict=True):
        number, _, unit = strength.partition(" ")
        factor = {"mg": 1.0, "g": 1000.0, "mcg": 0.001}.get(unit)
        if factor is not None:
            found[ingredient] = float(number) * factor * (sig.dose_max or sig.dose) * per_day
    return found


async def _charted(read: ReadSession, prescription: Prescription) -> list[Record]:
    """The medicines of the record, taken or not."""
    found: list[Record] = []
    for kind in (RecordType.MEDICATION_STATEMENT, RecordType.MEDICATION_REQUEST):
        found += await store.list(read, prescription.patient_id, kind)
    return found


async def _prescribed(read: ReadSession, prescription: Prescription) -> Sequence[tuple[Prescription, Drug]]:
    """The clinic's own prescriptions, however old, and the visit's other drafts."""
    query = (
        select(Prescription, Drug)
        .join(Drug, Drug.id == Prescription.drug_id)
        .where(
            Prescription.patient_id == prescription.patient_id,
            Prescription.id != prescription.id,
            Prescription.status != RxStatus.CANCELLED,
            or_(Prescription.signed_at.is_not(None), Prescription.visit_id == prescription.visit_id),
        )
    )
    return [(row.Prescription, row.Drug) for row in await read.execute(query)]


def _ended(record: Record, medicine: Medicine, now: datetime) -> Medicine | None:
    """What is not taken any more and still acts, with its last day."""
    ended = ended_at(record, now)
    if ended is None or now - ended >= timedelta(days=washout_days(medicine.terms)):
        return None
    return msgspec.structs.replace(medicine, ended_on=ended.date())


@cache
def _by_rxcui() -> dict[str, tuple[str, ...]]:
    return {product.rxcui: product.ingredients for product in products() if product.rxcui}
