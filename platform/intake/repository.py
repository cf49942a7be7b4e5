"""Reading intake's rows and what it needs of others'."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from core.database.session import ReadSession
from core.rules.text import Language
from directory.locations import repository as locations
from directory.locations.domain import ClinicLocation
from identity.clinic import clinics
from identity.models import Patient
from identity.patients import service as patients
from identity.related import adults
from identity.related.models import RelatedPerson
from intake import catalog
from intake.domain import Consent
from intake.models import ConsentRecord, IntakeForm
from intake.questionnaires.questionnaire import Questionnaire
from visits.models import Visit
from visits.visit_types import repository as visit_types


@dataclass(frozen=True, slots=True)
class Case:
    """A visit with all that its intake hangs on. `form` is None until the first save.

    `place` is the visit's location. `questionnaire` holds every question of it, also those that are not for this
    patient. `adults` are those whom the clinic verified beside a child, None for a patient of age, whom nobody asks for
    one.
    """

    visit: Visit
    patient: Patient
    place: ClinicLocation
    form: IntakeForm | None
    questionnaire: Questionnaire
    adults: Sequence[RelatedPerson] | None


async def case_of(read: ReadSession, visit: Visit) -> Case:
    """The intake of a visit that the caller has already been allowed to see."""
    patient = await patients.get(read, visit.patient_id)
    form = await form_of(read, visit.id)
    asked = await _questionnaire(read, visit, form)
    beside = await adults.beside(read, patient.id) if await adults.is_child(read, patient.id) else None
    place = await locations.place(read, visit.location_id)
    return Case(visit, patient, place, form, asked, beside)


async def _questionnaire(read: ReadSession, visit: Visit, form: IntakeForm | None) -> Questionnaire:
    """The one that the form was begun with, else that of the visit's type: nobody's questions change midway."""
    begun = catalog.begun_with(form.questionnaire) if form else None
    if begun is not None:
        return begun
    visit_type = await visit_types.by_code(read, visit.reason_code)
    return catalog.questionnaire(visit_type.questionnaire if visit_type else catalog.GENERAL)


async def form_of(read: ReadSession, visit_id: UUID) -> IntakeForm | None:
    """The form of a visit, if it was ever saved."""
    form: IntakeForm | None = await read.one_or_none(
        select(IntakeForm).where(IntakeForm.visit_id == visit_id)
    )
    return form


async def current_consent(read: ReadSession, language: str) -> Consent:
    """The text that a patient agrees to today; version 0 is ours, until the clinic publishes one."""
    spoken: Language = "es" if language == "es" else "en"
    newest = await clinics.consent_text(read)
    if newest is None:
        return Consent(0, spoken, catalog.default_consent(spoken))
    return Consent(newest.version, spoken, newest.body_es if spoken == "es" else newest.body_en)


async def consent_record(read: ReadSession, visit_id: UUID) -> ConsentRecord | None:
    """What the patient agreed to for this visit."""
    record: ConsentRecord | None = await read.one_or_none(
        select(ConsentRecord).where(ConsentRecord.visit_id == visit_id)
    )
    return record
