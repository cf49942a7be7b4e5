"""Reading intake's rows and what it needs of others'."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from core.db import ReadSession
from core.errors import NotFound
from identity.models import Clinic, ConsentText, Patient
from intake import catalog
from intake.domain import Consent
from intake.models import ConsentRecord, IntakeForm
from intake.questionnaire import Language
from visits.models import Visit


@dataclass(frozen=True, slots=True)
class Case:
    """A visit with all that its intake hangs on. `form` is None until the first save."""

    visit: Visit
    patient: Patient
    clinic: Clinic
    form: IntakeForm | None


async def case_of(read: ReadSession, visit: Visit) -> Case:
    """The intake of a visit that the caller has already been allowed to see."""
    patient = await read.one_or_none(select(Patient).where(Patient.id == visit.patient_id))
    clinic = await read.one_or_none(select(Clinic).where(Clinic.id == visit.clinic_id))
    if patient is None or clinic is None:
        raise NotFound
    return Case(visit, patient, clinic, await form_of(read, visit.id))


async def form_of(read: ReadSession, visit_id: UUID) -> IntakeForm | None:
    """The form of a visit, if it was ever saved."""
    form: IntakeForm | None = await read.one_or_none(
        select(IntakeForm).where(IntakeForm.visit_id == visit_id)
    )
    return form


async def clinic_by_slug(read: ReadSession, slug: str) -> Clinic:
    """The clinic behind a public page. Raises NotFound."""
    clinic: Clinic | None = await read.one_or_none(select(Clinic).where(Clinic.slug == slug))
    if clinic is None:
        raise NotFound
    return clinic


async def current_consent(read: ReadSession, language: str) -> Consent:
    """The text that a patient agrees to today; version 0 is ours, until the clinic publishes one."""
    spoken: Language = "es" if language == "es" else "en"
    newest: ConsentText | None = await read.one_or_none(
        select(ConsentText).order_by(ConsentText.version.desc()).limit(1)
    )
    if newest is None:
        return Consent(0, spoken, catalog.default_consent(spoken))
    return Consent(newest.version, spoken, newest.body_es if spoken == "es" else newest.body_en)


async def consent_record(read: ReadSession, visit_id: UUID) -> ConsentRecord | None:
    """What the patient agreed to for this visit."""
    record: ConsentRecord | None = await read.one_or_none(
        select(ConsentRecord).where(ConsentRecord.visit_id == visit_id)
    )
    return record
