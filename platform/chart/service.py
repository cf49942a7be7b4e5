"""What clinicians and the intake do with the record: add, change, take back."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import func, select

from chart import records, resources
from chart.domain import RecordType, Source
from chart.models import Record
from chart.resources import Asserter
from chart.schemas import AllergyIn, MedicineIn, ProblemIn, VitalIn
from chart.terminology import loinc
from chart.terminology.models import Icd10Code
from core.db import ReadSession, WriteSession
from core.errors import Invalid

Told = Mapping[str, object]


def asserted(write: WriteSession, patient_id: UUID, source: Source) -> Asserter:
    return Asserter(source, patient_id, write.actor.account_id, write.now())


async def accept_patient_reported(
    write: WriteSession,
    patient_id: UUID,
    visit_id: UUID | None,
    allergies: Iterable[Told],
    medicines: Iterable[Told],
    none_of: Iterable[RecordType] = (),
) -> list[Record]:
    """Write what a patient told at intake as unconfirmed facts; what the record has already is not told twice.

    An allergy is `{name, reaction?, code?}`, a medicine `{name, dosage?, code?}` (RxNorm codes). Names are compared
    without case. `none_of` are those of ALLERGY and MEDICATION_STATEMENT of which the patient said to have none.
    Raises Invalid for an unusable one.
    """
    by = asserted(write, patient_id, Source.PATIENT)
    known_allergies = await _known(write, patient_id, RecordType.ALLERGY)
    known_medicines = await _known(write, patient_id, RecordType.MEDICATION_STATEMENT)
    built = [
        resources.allergy(name, by, code=_text(told, "code"), reaction=_text(told, "reaction"))
        for told, name in _new(allergies, known_allergies)
    ]
    built += [
        resources.medication_statement(name, by, code=_text(told, "code"), dosage=_text(told, "dosage"))
        for told, name in _new(medicines, known_medicines)
    ]
    built += [resources.nothing_known(kind, by) for kind in none_of]
    return [
        await records.put(write, patient_id, each, source=Source.PATIENT, visit_id=visit_id) for each in built
    ]


async def _known(read: ReadSession, patient_id: UUID, kind: RecordType) -> set[str]:
    query = select(func.lower(Record.display)).where(
        Record.patient_id == patient_id, Record.resource_type == kind, Record.in_error.is_(False)
    )
    return set((await read.scalars(query)).all())


def _new(told: Iterable[Told], known: set[str]) -> Iterable[tuple[Told, str]]:
    for each in told:
        name = _text(each, "name")
        if name and name.lower() not in known:
            known.add(name.lower())
            yield each, name


def _text(told: Told, key: str) -> str | None:
    value = told.get(key)
    return " ".join(value.split())[:500] or None if isinstance(value, str) else None


async def save_problem(
    write: WriteSession, patient_id: UUID, data: ProblemIn, record_id: UUID | None = None
) -> Record:
    """Add a problem, or change one. Raises Invalid for a code that ICD-10-CM does not have."""
    display = data.display
    if data.code is not None:
        display = display or await icd10_display(write, data.code, "code")
    if not display:
        raise Invalid({"display": "required"})
    built = resources.condition(
        display,
        asserted(write, patient_id, Source.CLINICIAN),
        code=data.code,
        active=data.active,
        onset=data.onset.isoformat() if data.onset else None,
    )
    return await _save(write, patient_id, built, data.visit_id, record_id, data.version)


async def save_allergy(
    write: WriteSession, patient_id: UUID, data: AllergyIn, record_id: UUID | None = None
) -> Record:
    """Add an allergy, or change one: a clinician's word makes a patient's one confirmed."""
    built = resources.allergy(
        data.display,
        asserted(write, patient_id, Source.CLINICIAN),
        code=data.code,
        reaction=data.reaction,
        severity=data.severity,
        criticality=data.criticality,
        category=data.category,
        active=data.active,
    )
    return await _save(write, patient_id, built, data.visit_id, record_id, data.version)


async def save_medicine(
    write: WriteSession, patient_id: UUID, data: MedicineIn, record_id: UUID | None = None
) -> Record:
    """Add a medicine that the patient takes, or change or stop one."""
    built = resources.medication_statement(
        data.display,
        asserted(write, patient_id, Source.CLINICIAN),
        code=data.code,
        dosage=data.dosage,
        status=data.status,
    )
    return await _save(write, patient_id, built, data.visit_id, record_id, data.version)


async def add_vital(write: WriteSession, patient_id: UUID, data: VitalIn) -> Record:
    """Add one measurement. Raises Invalid for a code we do not measure or a value nobody has."""
    limits = loinc.limits().get(data.code)
    if limits is None:
        raise Invalid({"code": "unknown_code"})
    if not limits[0] <= data.value <= limits[1]:
        raise Invalid({"value": "implausible"}, low=limits[0], high=limits[1])
    if data.taken_at is not None and data.taken_at > write.now():
        raise Invalid({"taken_at": "in_the_future"})
    source = Source.PATIENT if data.patient_reported else Source.CLINICIAN
    built = resources.vital(
        loinc.terms()[data.code], data.value, asserted(write, patient_id, source), taken_at=data.taken_at
    )
    return await records.put(write, patient_id, built, source=source, visit_id=data.visit_id)


async def _save(
    write: WriteSession,
    patient_id: UUID,
    built: dict[str, object],
    visit_id: UUID | None,
    record_id: UUID | None,
    version: int | None,
) -> Record:
    return await records.put(
        write,
        patient_id,
        built,
        source=Source.CLINICIAN,
        visit_id=visit_id,
        record_id=record_id,
        expected_version=version,
    )


async def icd10_display(read: ReadSession, code: str, field: str) -> str:
    """The description of a code. Raises Invalid `unknown_code` at `field`."""
    found = await read.one_or_none(select(Icd10Code.description).where(Icd10Code.code == code))
    if found is None:
        raise Invalid({field: "unknown_code"})
    return str(found)
