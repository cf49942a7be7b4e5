"""What clinicians and the intake do with the record: add, change, take back."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from chart.domain import RecordType, Source
from chart.prescribing.knowledge.nothing import means_none
from chart.prescribing.knowledge.reading import Reaction, read_allergy, read_medicine
from chart.prescribing.safety import chart_check
from chart.record import store
from chart.record.active_medicines import is_active
from chart.record.building import Asserter
from chart.record.models import Record
from chart.record.types import allergy_intolerance, condition, medication_statement, observation
from chart.record.types.list import nothing_known
from chart.schemas import AllergyIn, MedicineIn, ProblemIn, VitalIn
from chart.terminology import loinc
from chart.terminology.models import Icd10Code
from core.database.session import ReadSession, WriteSession
from core.errors import Invalid

Reported = Mapping[str, object]
_CLOCKS_DIFFER = timedelta(minutes=5)
"""What a device calls now may be this far ahead."""


def asserted(write: WriteSession, patient_id: UUID, source: Source) -> Asserter:
    return Asserter(source, patient_id, write.actor.account_id, write.now())


async def accept_patient_reported(
    write: WriteSession,
    patient_id: UUID,
    visit_id: UUID | None,
    allergies: Iterable[Reported],
    medicines: Iterable[Reported],
    none_of: Iterable[RecordType] = (),
) -> list[Record]:
    """Write what a patient told at intake as unconfirmed facts; what the record has already is not told twice.

    An allergy is `{name, reaction?, code?}`, a medicine `{name, dosage?, code?}` (RxNorm codes). Names are compared
    without case, and by what they mean: the same thing three times is one. An entry that says there is none ('NKDA',
    '-') is none. `none_of` are those of ALLERGY and MEDICATION_STATEMENT of which the patient said to have none.
    Raises Invalid for an unusable one.
    """
    by = asserted(write, patient_id, Source.PATIENT)
    known_allergies = await _known(write, patient_id, RecordType.ALLERGY)
    known_medicines = await _known(write, patient_id, RecordType.MEDICATION_STATEMENT)
    built = [
        allergy_intolerance.build(name, by, code=_text(told, "code"), reaction=_text(told, "reaction"))
        for told, name in _new(RecordType.ALLERGY, allergies, known_allergies)
    ]
    built += [
        medication_statement.build(name, by, code=_text(told, "code"), dosage=_text(told, "dosage"))
        for told, name in _new(RecordType.MEDICATION_STATEMENT, medicines, known_medicines)
    ]
    built += [nothing_known(kind, by) for kind in none_of]
    return [
        await store.put(write, patient_id, each, source=Source.PATIENT, visit_id=visit_id) for each in built
    ]


async def _known(read: ReadSession, patient_id: UUID, kind: RecordType) -> set[object]:
    """What the record has of it now: what was stopped or resolved may be told anew."""
    now = read.now()
    known: set[object] = set()
    for record in await store.list(read, patient_id, kind):
        if is_active(record, now) if kind is not RecordType.ALLERGY else record.status != "resolved":
            _is_new(kind, record.display or "", chart_check.reaction_words(record.resource), known)
    return known


def _is_new(kind: RecordType, name: str, reaction: str, known: set[object]) -> bool:
    """Whether an entry says more than those before it, to which it is added from now on.

    Entries that mean the same are one; a reaction that nobody told of is news. Where not all of an entry was
    understood, its words count.
    """
    if kind is RecordType.ALLERGY:
        read = read_allergy(name, reaction)
        more = reaction.strip().lower() or (read.reaction if read.reaction is not Reaction.UNSAID else "")
    else:
        read = read_medicine(name)
        more = " ".join(re.findall(r"\d+(?:\.\d+)?", name))
    meaning: object = (read.terms, read.denied)
    if read.unread or not (read.terms or read.denied):
        meaning = " ".join(name.lower().split())
    new = (meaning, more) not in known if more else meaning not in known
    known |= {meaning, (meaning, more)}
    return new


def _new(kind: RecordType, told: Iterable[Reported], known: set[object]) -> Iterable[tuple[Reported, str]]:
    for each in told:
        name = _text(each, "name")
        if name and not means_none(name) and _is_new(kind, name, _text(each, "reaction") or "", known):
            yield each, name


def _text(told: Reported, key: str) -> str | None:
    value = told.get(key)
    return " ".join(value.split())[:500] or None if isinstance(value, str) else None


async def add_problem(write: WriteSession, patient_id: UUID, data: ProblemIn) -> Record:
    """Add a problem. Raises Invalid for a code that ICD-10-CM does not have."""
    display = data.display
    if data.code is not None:
        display = display or await icd10_display(write, data.code, "code")
    if not display:
        raise Invalid({"display": "required"})
    built = condition.build(
        display,
        asserted(write, patient_id, Source.CLINICIAN),
        code=data.code,
        active=data.active,
        onset=data.onset.isoformat() if data.onset else None,
    )
    return await store.put(write, patient_id, built, visit_id=data.visit_id)


async def add_allergy(write: WriteSession, patient_id: UUID, data: AllergyIn) -> Record:
    """Add an allergy; 'NKDA' is kept as none known.

    Raises Invalid `contradiction` for it beside allergies, `duplicate` for one that is there.
    """
    known = await _known(write, patient_id, RecordType.ALLERGY)
    if means_none(data.display):
        return await _none_known(write, patient_id, RecordType.ALLERGY, bool(known), data.visit_id)
    if not _is_new(RecordType.ALLERGY, data.display, data.reaction or "", known):
        raise Invalid({"display": "duplicate"})
    built = allergy_intolerance.build(
        data.display,
        asserted(write, patient_id, Source.CLINICIAN),
        code=data.code,
        reaction=data.reaction,
        severity=data.severity,
        criticality=data.criticality,
        category=data.category,
        active=data.active,
    )
    return await store.put(write, patient_id, built, visit_id=data.visit_id)


async def add_medicine(write: WriteSession, patient_id: UUID, data: MedicineIn) -> Record:
    """Add a medicine that the patient takes; 'None' is kept as none taken.

    Raises Invalid `contradiction` for it beside medicines, `duplicate` for one that is there.
    """
    known = await _known(write, patient_id, RecordType.MEDICATION_STATEMENT)
    if means_none(data.display):
        kind = RecordType.MEDICATION_STATEMENT
        return await _none_known(write, patient_id, kind, bool(known), data.visit_id)
    if data.status == "active" and not _is_new(RecordType.MEDICATION_STATEMENT, data.display, "", known):
        raise Invalid({"display": "duplicate"})
    built = medication_statement.build(
        data.display,
        asserted(write, patient_id, Source.CLINICIAN),
        code=data.code,
        dosage=data.dosage,
        status=data.status,
    )
    return await store.put(write, patient_id, built, visit_id=data.visit_id)


async def _none_known(
    write: WriteSession, patient_id: UUID, kind: RecordType, others: bool, visit_id: UUID | None
) -> Record:
    if others:
        raise Invalid({"display": "contradiction"})
    built = nothing_known(kind, asserted(write, patient_id, Source.CLINICIAN))
    return await store.put(write, patient_id, built, source=Source.CLINICIAN, visit_id=visit_id)


async def add_vital(write: WriteSession, patient_id: UUID, data: VitalIn) -> Record:
    """Add one measurement. Raises Invalid for a code we do not measure or a value nobody has."""
    limits = loinc.limits().get(data.code)
    if limits is None:
        raise Invalid({"code": "unknown_code"})
    if not loinc.plausible(data.value, limits):
        raise Invalid({"value": "implausible"}, low=float(limits[0]), high=float(limits[1]))
    source = Source.PATIENT if data.patient_reported else Source.CLINICIAN
    built = observation.vital(
        loinc.terms()[data.code],
        data.value,
        asserted(write, patient_id, source),
        taken_at=_moment(data.taken_at, write.now()),
    )
    return await store.put(write, patient_id, built, source=source, visit_id=data.visit_id)


def _moment(taken_at: datetime | None, now: datetime) -> datetime | None:
    """When it was measured; now, where the device's clock is a little ahead. Raises Invalid."""
    if taken_at is None:
        return None
    if taken_at.tzinfo is None:
        raise Invalid({"taken_at": "zone_missing"})
    if taken_at > now + _CLOCKS_DIFFER:
        raise Invalid({"taken_at": "in_the_future"})
    return min(taken_at, now)


async def icd10_display(read: ReadSession, code: str, field: str) -> str:
    """The description of a code. Raises Invalid `unknown_code` at `field`."""
    found = await read.one_or_none(select(Icd10Code.description).where(Icd10Code.code == code))
    if found is None:
        raise Invalid({field: "unknown_code"})
    return str(found)
