"""Rows and judgements as answers of the API."""

from collections.abc import Sequence

import msgspec

from core.actor import Actor
from core.rules.text import Language, Text
from identity.clinic.settings import parse as parse_settings
from identity.person.address import address_in
from identity.related.adults import own
from identity.related.domain import Relationship
from identity.related.models import RelatedPerson
from intake import catalog, service
from intake.adult import named, told
from intake.draft import IntakeDraft
from intake.models import ConsentRecord
from intake.questionnaires.evaluation import values
from intake.questionnaires.questionnaire import Fault
from intake.repository import Case
from intake.schemas import (
    HelpNumbers,
    HomeAddress,
    IntakeAdult,
    IntakeFault,
    IntakeFlag,
    IntakeOut,
    IntakePerson,
    IntakeSaved,
    IntakeSummaryOut,
    ReasonOut,
    RedFlagRule,
    RedFlags,
    SummaryFlag,
)
from intake.service import FIRST_STEP, Assessment
from intake.summary.build import question_lines
from visits.calls import help_numbers
from visits.schemas import adult_for
from visits.visit_types.models import VisitType


def reason_out(row: VisitType) -> ReasonOut:
    """A visit type as something to choose."""
    return ReasonOut(row.code, row.icon, Text(row.title_en, row.title_es), Text(row.hint_en, row.hint_es))


def saved_out(case: Case, assessment: Assessment) -> IntakeSaved:
    """The state of the form: what the server knows of it after a save."""
    form = case.form
    return IntakeSaved(
        version=form.version if form else 0,
        step=form.step if form else FIRST_STEP,
        saved_at=form.saved_at if form else None,
        submitted_at=form.submitted_at if form else None,
        faults=_faults(assessment.faults(complete=False)),
        flags=[
            IntakeFlag(
                flag.id, flag.level, flag.active, flag.raised_at, flag.acknowledged_at, flag.changed_at
            )
            for flag in service.flags_of(form)
        ],
        numbers=_numbers(case, assessment),
    )


def intake_out(case: Case, assessment: Assessment, draft: IntakeDraft, actor: Actor) -> IntakeOut:
    """The form with everything that its screens show and check. `draft` is as the reader is told it."""
    questionnaire, adult = assessment.questionnaire.code, named(case.visit.adult)
    return IntakeOut(
        **msgspec.structs.asdict(saved_out(case, assessment)),
        visit_id=case.visit.id,
        visit_status=case.visit.status.value,
        reason=case.visit.reason_code,
        language=_language(case.form.language if case.form else case.patient.language),
        draft=draft,
        named=told(adult, actor.account_id, sent=True) if adult else None,
        person=IntakePerson(case.patient.full_name, case.patient.birth_date),
        adults=None if case.adults is None else _adults(case.adults, actor),
        home=_home(case),
        facts=assessment.facts,
        clinic_name=case.place.clinic.name,
        clinic_phone=case.place.phone,
        questionnaire=catalog.resources()[questionnaire],
    )


def red_flags_out() -> RedFlags:
    """The rules and words of red flags, for a device to evaluate, and the lines of the clinics' country."""
    home = help_numbers.numbers(help_numbers.HOME_COUNTRY)
    return RedFlags(
        [
            RedFlagRule(
                rule.id,
                rule.version,
                rule.level.value,
                rule.line.value,
                rule.title,
                rule.advice,
                rule.when,
                rule.ask,
            )
            for rule in catalog.rules()
        ],
        catalog.words(),
        HelpNumbers(home.emergency, home.crisis, home.poison, home.violence, home.assault),
    )


def summary_out(
    case: Case, assessment: Assessment, consent: ConsentRecord | None, actor: Actor
) -> IntakeSummaryOut:
    """The clinician's view, in the reader's language."""
    language = _language(actor.locale)
    form = case.form
    location = assessment.draft.location
    return IntakeSummaryOut(
        visit_id=case.visit.id,
        reason=case.visit.reason_code,
        version=form.version if form else 0,
        submitted_at=form.submitted_at if form else None,
        identity_note=assessment.draft.identity.note if assessment.draft.identity.confirmed == "no" else "",
        location={
            "line": location.line,
            "city": location.city,
            "state": location.state,
            "zip": location.zip,
            "country": location.country,
        },
        latitude=location.latitude,
        longitude=location.longitude,
        callback_phone=assessment.draft.contact.callback_phone,
        reach_by=assessment.draft.contact.reach_by,
        adult=adult_for(actor, case.visit.adult),
        pregnant=_pregnant(assessment),
        summary=service.summarize(case, assessment, service.flags_of(form), language),
        questions=question_lines(assessment.questionnaire, assessment.draft, language),
        flags=_flag_history(case, language),
        consent_version=consent.version if consent else None,
        consent_agreed_at=consent.agreed_at if consent else None,
    )


def _pregnant(assessment: Assessment) -> str | None:
    answer = values(assessment.questionnaire, assessment.draft.answers).get("pregnant")
    return answer if isinstance(answer, str) else None


def _flag_history(case: Case, language: Language) -> list[SummaryFlag]:
    raised = [(flag, service.rule_of(flag.id)) for flag in service.flags_of(case.form)]
    return [
        SummaryFlag(
            flag.id,
            flag.level,
            rule.title.in_(language) if rule else flag.id,
            rule.source if rule else "",
            flag.because,
            flag.active,
            flag.raised_at,
            flag.acknowledged_at,
            flag.changed_at,
        )
        for flag, rule in raised
    ]


def _adults(offered: Sequence[RelatedPerson], actor: Actor) -> list[IntakeAdult]:
    oneself = own(offered, actor)
    return [
        IntakeAdult(
            each.id,
            each.name,
            Relationship(each.relationship),
            phone_known=bool(each.phone),
            oneself=each is oneself,
        )
        for each in offered
    ]


def _numbers(case: Case, assessment: Assessment) -> HelpNumbers:
    """The numbers of the visit's location in the clinic's country, the other country's elsewhere."""
    country = assessment.draft.location.country
    numbers = help_numbers.numbers(country)
    emergency, crisis = numbers.emergency, numbers.crisis
    if country == help_numbers.HOME_COUNTRY:
        emergency = case.place.emergency_number
        crisis = parse_settings(case.place.clinic.settings).crisis_number
    return HelpNumbers(emergency, crisis, numbers.poison, numbers.violence, numbers.assault)


def _home(case: Case) -> HomeAddress | None:
    address = address_in(case.patient.address)
    if address is None:
        return None
    return HomeAddress(
        line=", ".join(address.line),
        city=address.city,
        state=address.state,
        zip=address.postalCode,
        country=address.country or help_numbers.HOME_COUNTRY,
    )


def _faults(faults: Sequence[Fault]) -> list[IntakeFault]:
    return [IntakeFault(fault.path, fault.code, fault.params) for fault in faults]


def _language(tag: str) -> Language:
    return "es" if tag.lower().startswith("es") else "en"
