"""What the chart's routes take and give."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import msgspec

from chart.domain import Resource
from chart.record.changes import Category, Code, Criticality, MedicineStatus, Name, Severity, Words
from chart.record.models import Record
from identity.person.address import Address
from identity.person.name import Name as PersonName


class ProblemIn(msgspec.Struct, forbid_unknown_fields=True):
    """A problem by ICD-10-CM code, by name, or both."""

    code: Code | None = None
    display: Name | None = None
    active: bool = True
    onset: date | None = None
    visit_id: UUID | None = None


class AllergyIn(msgspec.Struct, forbid_unknown_fields=True):
    """An allergy; `code` is RxNorm where it is a medicine."""

    display: Name
    code: Code | None = None
    reaction: Words | None = None
    severity: Severity | None = None
    criticality: Criticality = "unable-to-assess"
    category: Category | None = None
    active: bool = True
    visit_id: UUID | None = None


class MedicineIn(msgspec.Struct, forbid_unknown_fields=True):
    """A medicine that the patient takes; `dosage` in words."""

    display: Name
    code: Code | None = None
    dosage: Words | None = None
    status: MedicineStatus = "active"
    visit_id: UUID | None = None


class VitalIn(msgspec.Struct, forbid_unknown_fields=True):
    """One measurement: a LOINC code of ours, in that code's own UCUM unit."""

    code: Code
    value: Decimal
    taken_at: datetime | None = None
    patient_reported: bool = True
    visit_id: UUID | None = None


class RecordOut(msgspec.Struct):
    """The current version of a record with its FHIR resource."""

    id: UUID
    version: int
    resource_type: str
    status: str | None
    code: str | None
    display: str | None
    source: str
    in_error: bool
    effective_at: datetime | None
    updated_at: datetime
    resource: Resource


class PatientLine(PersonName, kw_only=True):
    """A patient as a list shows them. `restricted`: the chart is closed to the reader, so only who it is is told."""

    id: UUID
    birth_date: date
    clinical_sex: str
    mrn: str
    phone: str | None
    last_visit_at: datetime | None
    restricted: bool


class Namesakes(msgspec.Struct):
    """How many other patients of the clinic have the same name, however it is written large or small."""

    others: int


class PatientSearch(msgspec.Struct, forbid_unknown_fields=True):
    """What is known of a patient; nothing asks for those seen last."""

    q: Annotated[str, msgspec.Meta(max_length=200)] = ""


class PatientList(msgspec.Struct):
    items: list[PatientLine]
    more: bool


def record_out(record: Record) -> RecordOut:
    return RecordOut(
        id=record.id,
        version=record.version,
        resource_type=record.resource_type,
        status=record.status,
        code=record.code,
        display=record.display,
        source=record.source,
        in_error=record.in_error,
        effective_at=record.effective_at,
        updated_at=record.updated_at,
        resource=record.resource,
    )


class SummaryPatient(PersonName, kw_only=True):
    """Who the chart is about. `name` is the name as it is shown; `birth_date` is an ISO date, so that age is always the
    reader's now."""

    id: UUID
    name: str
    birth_date: date
    sex: str
    birth_sex: str
    clinical_sex: str
    gender_identity: str
    pronouns: str
    pronouns_other: str
    language: str
    phone: str | None
    email: str | None
    mrn: str
    address: Address | None
    time_zone: str | None
    preferred_pharmacy_id: UUID | None


class PlainName(msgspec.Struct):
    """What a person calls it who is no clinician."""

    en: str
    es: str


class SummaryProblem(msgspec.Struct):
    """`since` is a FHIR date, whole or partial; `plain` is None for a code without a name in plain words."""

    id: UUID
    version: int
    code: str | None
    display: str | None
    plain: PlainName | None
    status: str | None
    since: str | None
    recorded_at: datetime
    source: str


class SummaryAllergy(msgspec.Struct):
    id: UUID
    version: int
    code: str | None
    display: str | None
    status: str | None
    criticality: str | None
    reaction: str | None
    severity: str | None
    recorded_at: datetime
    source: str


class SummaryMedicine(msgspec.Struct):
    """`dosage_es` is the same in Spanish, for what was prescribed here. From `ends_at` on the course is over."""

    id: UUID
    version: int
    code: str | None
    display: str | None
    status: str | None
    dosage: str | None
    dosage_es: str | None
    type: str
    ends_at: datetime | None
    recorded_at: datetime
    source: str


class TrendPoint(msgspec.Struct):
    """`typed` are the digits of `value` as they were typed or imported: `1.10`."""

    at: datetime
    value: Decimal
    typed: str
    source: str


class Trend(msgspec.Struct):
    """The latest values of one LOINC code, newest first."""

    code: str
    unit: str | None
    points: list[TrendPoint]


class SummaryDiagnosis(msgspec.Struct):
    code: str
    display: str


class SummaryVisit(msgspec.Struct):
    """`diagnoses` are those of the signed note. `restricted`: it is sensitive and closed to the reader."""

    id: UUID
    status: str
    kind: str
    restricted: bool
    reason_code: str
    requested_at: datetime
    admitted_at: datetime | None
    finished_at: datetime | None
    clinician: str | None
    signed: bool
    diagnoses: list[SummaryDiagnosis]


class SummaryPrescription(msgspec.Struct):
    """A prescription with its state at the pharmacy, which is in `pharmacy_name` and `pharmacy_phone` (E.164).

    `sig` is English and `sig_es` the same directions in Spanish.
    """

    id: UUID
    visit_id: UUID | None
    drug: str
    sig: str
    sig_es: str
    pharmacy_name: str
    pharmacy_phone: str
    status: str
    signed_at: datetime | None
    sent_at: datetime | None


class NothingKnown(msgspec.Struct):
    """When the patient last said to have no allergies, to take no medicines; None if that was never said."""

    allergies: datetime | None
    medicines: datetime | None


class ChartSummary(msgspec.Struct):
    """What `GET /api/patients/{id}/summary` answers; the bytes are made by PostgreSQL (`chart.summary`)."""

    patient: SummaryPatient
    problems: list[SummaryProblem]
    allergies: list[SummaryAllergy]
    medicines: list[SummaryMedicine]
    nothing_known: NothingKnown
    vitals: list[Trend]
    results: list[Trend]
    visits: list[SummaryVisit]
    prescriptions: list[SummaryPrescription]


class LoincTerm(msgspec.Struct):
    """A measurement that can be entered."""

    code: str
    short: str
    short_es: str
    unit: str
    low: float
    high: float
    category: str
