"""The safety check against one patient's chart, and what of the chart it could not read."""

from collections.abc import Iterable
from datetime import timedelta
from functools import cache

import msgspec
from sqlalchemy import select

from chart import records
from chart.domain import RXNORM, RecordType
from chart.models import Record
from chart.prescribing.domain import RxStatus
from chart.prescribing.formulary import products
from chart.prescribing.models import Drug, Prescription
from chart.prescribing.recognise import Terms, of_ingredients, recognise
from chart.prescribing.safety import Alert, Allergy, Medicine, check
from chart.prescribing.sig import Sig
from chart.prescribing.sig_words import FREQUENCIES
from core.db import ReadSession

TAKEN = frozenset({"active", "on-hold", "intended"})
_RECENT = timedelta(days=180)


class Check(msgspec.Struct, frozen=True):
    """The alerts, and the chart's entries in which no medicine was recognised: those took no part in the check."""

    alerts: list[Alert]
    unrecognised: list[str]


async def run(read: ReadSession, prescription: Prescription, drug: Drug) -> Check:
    """Check one prescription against everything else that this patient takes, or is about to be given."""
    charted = await _charted(read, prescription)
    allergies = [
        Allergy(id=str(record.id), label=record.display or "", terms=_terms(record))
        for record in await records.list(read, prescription.patient_id, RecordType.ALLERGY)
        if record.status != "resolved" and record.resource.get("category") not in (["food"], ["environment"])
    ]
    current = [*charted, *await _prescribed(read, prescription)]
    alerts = check(as_medicine(prescription, drug), current, allergies)
    unknown = [each.label for each in charted if not each.terms]
    unknown += [each.label for each in allergies if not each.terms]
    return Check(alerts, sorted(set(unknown)))


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


async def _charted(read: ReadSession, prescription: Prescription) -> list[Medicine]:
    """Medicines of the record, ours left out: those are checked as prescriptions, with their directions."""
    ours = select(Prescription.record_id).where(
        Prescription.patient_id == prescription.patient_id, Prescription.record_id.is_not(None)
    )
    ours_ids = set((await read.scalars(ours)).all())
    found: list[Record] = []
    for kind in (RecordType.MEDICATION_STATEMENT, RecordType.MEDICATION_REQUEST):
        found += await records.list(read, prescription.patient_id, kind)
    return [
        Medicine(id=str(record.id), label=record.display or "", terms=_terms(record))
        for record in found
        if record.status in TAKEN and record.id not in ours_ids
    ]


async def _prescribed(read: ReadSession, prescription: Prescription) -> Iterable[Medicine]:
    """The clinic's own prescriptions that may still be taken, and the visit's other drafts."""
    query = (
        select(Prescription, Drug)
        .join(Drug, Drug.id == Prescription.drug_id)
        .where(
            Prescription.patient_id == prescription.patient_id,
            Prescription.id != prescription.id,
            Prescription.status != RxStatus.CANCELLED,
            Prescription.created_at > read.now() - _RECENT,
        )
    )
    rows = (await read.execute(query)).all()
    return [
        as_medicine(row.Prescription, row.Drug)
        for row in rows
        if row.Prescription.visit_id == prescription.visit_id
        or (row.Prescription.signed_at is not None and _lasts(row.Prescription, read))
    ]


def _lasts(prescription: Prescription, read: ReadSession) -> bool:
    """Whether the patient may still have some of it."""
    if prescription.signed_at is None:
        return False
    days = (prescription.days_supply or 30) * (1 + prescription.refills)
    return prescription.signed_at + timedelta(days=days) > read.now()


def _terms(record: Record) -> Terms:
    """By the record's RxNorm code where it is one of ours, else by its words."""
    if record.code_system == RXNORM and record.code in _by_rxcui():
        return of_ingredients(frozenset(_by_rxcui()[record.code]))
    return recognise(record.display or "")


@cache
def _by_rxcui() -> dict[str, tuple[str, ...]]:
    return {product.rxcui: product.ingredients for product in products() if product.rxcui}
