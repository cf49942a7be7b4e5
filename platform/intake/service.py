"""Intake's verbs: read, save, send. None commits."""

from __future__ import annotations

import asyncio
import datetime as dt
import zoneinfo
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from uuid import UUID

import msgspec
from redis.exceptions import RedisError

from core import audit, live
from core.actor import Actor, Role
from core.database.session import ReadSession, WriteSession
from core.errors import Conflict, FieldError, Invalid, NotFound, Stale
from core.rules.text import Language
from identity.limits import INTAKE_SAVES, Limiter
from identity.person.gender import for_rules
from identity.related.adults import Adult, own
from identity.related.models import RelatedPerson
from intake import access, catalog, chart_record, repository
from intake.adult import kept, named, read_adult, told
from intake.domain import RaisedFlag, acknowledge, asked_only, check, raise_flags, unread
from intake.draft import DraftAdult, DraftContact, IntakeDraft, KeptAdult, KeptDraft, stored
from intake.location import place_of, reachable
from intake.models import ConsentRecord, IntakeForm
from intake.questionnaires.facts import Facts, facts_on
from intake.questionnaires.questionnaire import Fault, Questionnaire, for_person
from intake.red_flags.explanation import Raised, raised
from intake.red_flags.rules import Level, RedFlag, Triage, triage
from intake.repository import Case
from intake.schemas import SaveIntake
from intake.summary.build import CHANGED, FlagLine, Summary, summary
from visits import repository as visits_repository
from visits import service as visits
from visits import timeline
from visits.announce import publish_change
from visits.domain import Priority, VisitStatus
from visits.models import Visit

FIRST_STEP = "identity"
PRIORITIES = {Level.EMERGENCY: Priority.EMERGENCY, Level.URGENT: Priority.URGENT}


@dataclass(frozen=True, slots=True)
class Assessment:
    """A draft with all that the rules say of it. `questionnaire` holds what applies to this patient."""

    draft: IntakeDraft
    questionnaire: Questionnaire
    triage: Triage
    today: dt.date
    facts: Facts
    adults: Sequence[RelatedPerson] | None

    def raised(self) -> tuple[Raised, ...]:
        """The red flags with why they are raised."""
        return raised(self.triage, self.questionnaire, self.draft.answers, self.facts)

    def faults(self, *, complete: bool) -> list[Fault]:
        """What is wrong, with (`complete`) or without what is missing."""
        return check(
            self.draft, self.questionnaire, self.triage, self.today, complete=complete, adults=self.adults
        )

    def adult(self) -> Adult | None:
        """Who is with the child; None for a patient of age, and until all of it is said."""
        if self.adults is None:
            return None
        found = read_adult(self.draft.adult, self.adults, self.draft.location.country)
        return None if isinstance(found, list) else found


async def open_case(read: ReadSession, visit_id: UUID) -> Case:
    """The intake of one's own visit. Raises NotFound."""
    visit = await visits_repository.get_visible(read, visit_id)
    access.check_own(read.actor, visit)
    return await repository.case_of(read, visit)


def assess(case: Case, draft: IntakeDraft, now: dt.datetime) -> Assessment:
    """Hold a draft against the questionnaire and the red flags, on today's date where the patient lives."""
    zone = zoneinfo.ZoneInfo(case.patient.time_zone or case.place.time_zone)
    today = now.astimezone(zone).date()
    facts = facts_on(case.patient.birth_date, for_rules(case.patient.clinical_sex), today)
    questionnaire = for_person(case.questionnaire, facts)
    found = triage(catalog.rules(), catalog.lexicon(), questionnaire, draft.answers, facts)
    return Assessment(draft, questionnaire, found, today, facts, case.adults)


async def assess_in_thread(case: Case, draft: IntakeDraft, now: dt.datetime) -> Assessment:
    """The same, in a thread: long texts take a part of a second, in which others are served."""
    return await asyncio.to_thread(assess, case, draft, now)


async def draft_of(read: ReadSession, case: Case) -> KeptDraft:
    """What was saved, or a new draft that holds what the record already knows, still to be confirmed."""
    if case.form is not None:
        return _saved_draft(case.form)
    acting = own(case.adults or (), read.actor)
    return KeptDraft(
        adult=named(case.visit.adult) or KeptAdult(relation_id=str(acting.id) if acting else None),
        contact=DraftContact(callback_phone=case.patient.phone or ""),
        allergies=await chart_record.allergies(read, case.patient.id),
        medicines=await chart_record.medicines(read, case.patient.id),
        pharmacy=await chart_record.usual_pharmacy(read, case.patient),
    )


async def save(write: WriteSession, visit_id: UUID, data: SaveIntake) -> Case:
    """Keep the draft without answers to what is not asked, and alert the clinic of new red flags.

    Raises NotFound, TooMany, Conflict `intake_closed`, and Conflict `stale` with the newer state when another device
    has saved since `data.version`.
    """
    with suppress(RedisError, OSError):  # What a patient says is kept without Valkey too.
        await Limiter(write.services).spend(INTAKE_SAVES, write.actor.own_account)
    case = await _lock(write, visit_id)
    form = case.form
    access.check_open(case.visit, submitted=form is not None and form.submitted_at is not None)
    if data.version != (form.version if form else 0):
        raise Stale("stale", **_state(write.actor, form))
    now, before, known = write.now(), await draft_of(write, case), flags_of(form)
    adult = kept(data.draft.adult, before.adult, write.actor.own_account)
    draft = KeptDraft(**msgspec.structs.asdict(data.draft) | {"adult": adult})
    found = await assess_in_thread(case, draft, now)
    flags = acknowledge(raise_flags(known, found.raised(), now), data.acknowledged, now)
    draft = asked_only(draft, found.questionnaire, found.triage)
    case = await _keep(write, case, draft, data.language, step=data.step or FIRST_STEP, flags=flags)
    if flags:
        await _alert(write, case.visit, known, flags, found)
        await _publish(write, case, before if known else None, found, flags)
    await write.flush()
    return case


async def _keep(
    write: WriteSession,
    case: Case,
    draft: KeptDraft,
    language: str,
    *,
    step: str,
    flags: Sequence[RaisedFlag],
) -> Case:
    """The case with its form's next version; the first one begins the form."""
    form = case.form
    if form is None:
        form = IntakeForm(visit_id=case.visit.id, patient_id=case.patient.id, version=0)
        write.add(form)
    form.version += 1
    form.step, form.language = step, language
    form.questionnaire = f"{case.questionnaire.url}|{case.questionnaire.version}"
    form.draft = stored(draft)
    form.flags = [msgspec.to_builtins(flag) for flag in flags]
    form.saved_at = write.now()
    await audit.log(
        write,
        "intake.save",
        patient_id=case.patient.id,
        entity=("visit", case.visit.id),
        detail={"version": form.version},
    )
    return replace(case, form=form)


async def submit(write: WriteSession, visit_id: UUID, version: int) -> Visit:
    """Send the form: the visit is ready to wait, its chart and its note know what the patient said.

    Raises NotFound, Conflict `intake_closed`, `stale` or `red_flag_unread`, and Invalid with every field that is
    missing or wrong.
    """
    case = await _lock(write, visit_id)
    form = case.form
    access.check_open(case.visit, submitted=form is not None and form.submitted_at is not None)
    if form is None or form.version != version:
        raise Stale("stale", **_state(write.actor, form))
    draft = _saved_draft(form)
    found = await assess_in_thread(case, draft, write.now())
    faults = found.faults(complete=True) + await chart_record.check_pharmacy(write, draft.pharmacy)
    if faults:
        raise Invalid(field_errors(faults))
    open_flags = unread(flags_of(form))
    if open_flags:
        raise Conflict("red_flag_unread", flags=[flag.id for flag in open_flags])
    await _record_consent(write, case, draft)
    await chart_record.accept(write, case.patient, case.visit.id, draft)
    await chart_record.keep_answers(write, case.visit, found.questionnaire, draft, _language(form.language))
    form.submitted_at = write.now()
    _attach_summary(case, found, flags_of(form))
    if adult := found.adult():
        await visits.name_adult(write, case.visit, adult)
    await _make_ready(write, case.visit, draft)
    timeline.add(write, visit_id=case.visit.id, patient_id=case.patient.id, kind="intake.submitted")
    await audit.log(write, "intake.submit", patient_id=case.patient.id, entity=("visit", case.visit.id))
    return case.visit


async def name_adult(write: WriteSession, visit_id: UUID, said: DraftAdult) -> None:
    """Say anew who is with the child, also after the form was sent: by a booked time it may be somebody else.

    Until it is sent the form says so too, as its next version, so that no older draft names who was meant before.
    Raises NotFound, also for a patient of age, Invalid by field, Conflict `visit_moved_on`.
    """
    case = await _lock(write, visit_id)
    if case.adults is None:
        raise NotFound
    draft, form = await draft_of(write, case), case.form
    adult = kept(said, named(case.visit.adult) or draft.adult, write.actor.own_account)
    found = read_adult(adult, case.adults, draft.location.country)
    if isinstance(found, list):
        raise Invalid(field_errors(found))
    await visits.name_adult(write, case.visit, found)
    if form is None or form.submitted_at is None:
        draft = msgspec.structs.replace(draft, adult=adult)
        language = form.language if form else _language(case.patient.language)
        step = form.step if form else FIRST_STEP
        await _keep(write, case, draft, language, step=step, flags=flags_of(form))


def summarize(case: Case, assessment: Assessment, flags: Sequence[RaisedFlag], language: str) -> Summary:
    """The clinician's summary in a language of the product. `flags` are those that the intake raised so far."""
    spoken, zone = _language(language), case.place.zone
    changed = [_changed_line(flag, spoken, zone) for flag in flags if not flag.active]
    return summary(assessment.questionnaire, assessment.draft, assessment.triage.flags, spoken, changed)


def _changed_line(flag: RaisedFlag, language: Language, zone: zoneinfo.ZoneInfo) -> FlagLine:
    """A flag whose answers were changed, with when on the clinic's clock."""
    rule = rule_of(flag.id)
    title = rule.title.in_(language) if rule else flag.id
    when = f" {flag.changed_at.astimezone(zone):%Y-%m-%d %H:%M %Z}" if flag.changed_at else ""
    return FlagLine(flag.id, flag.level, f"{title} ({CHANGED.in_(language)}{when})")


def _language(tag: str) -> Language:
    """The product's language for a tag such as `es-MX`."""
    return "es" if tag.startswith("es") else "en"


def _saved_draft(form: IntakeForm) -> KeptDraft:
    return msgspec.convert(form.draft, KeptDraft)


def draft_told(draft: KeptDraft, form: IntakeForm | None, actor: Actor) -> IntakeDraft:
    """The draft for the family, of whom not everybody is told the adult's number."""
    sent = form is not None and form.submitted_at is not None
    adult = told(draft.adult, actor.account_id, sent=sent)
    return IntakeDraft(**msgspec.structs.asdict(draft) | {"adult": adult})


def flags_of(form: IntakeForm | None) -> list[RaisedFlag]:
    """The red flags raised so far."""
    return msgspec.convert(form.flags, list[RaisedFlag]) if form is not None else []


def field_errors(faults: Sequence[Fault]) -> list[FieldError]:
    """Faults as a problem's fields."""
    return [FieldError(fault.path, fault.code, fault.params) for fault in faults]


def rule_of(flag_id: str) -> RedFlag | None:
    """The rule behind a raised flag; None when a later release dropped it."""
    return next((rule for rule in catalog.rules() if rule.id == flag_id), None)


async def _lock(write: WriteSession, visit_id: UUID) -> Case:
    """The case with its visit locked, so that of two devices one saves first. Whoever acts for the patient writes
    nothing in a visit that is closed to them. Raises NotFound, Restricted.
    """
    if write.actor.is_proxy:
        await visits_repository.get_visible(write, visit_id)
    visit = await visits_repository.for_update(write, visit_id)
    access.check_own(write.actor, visit)
    return await repository.case_of(write, visit)


def _state(actor: Actor, form: IntakeForm | None) -> dict[str, object]:
    if form is None:
        return {"version": 0}
    draft = msgspec.to_builtins(draft_told(_saved_draft(form), form, actor))
    return {"version": form.version, "step": form.step, "draft": draft}


async def _alert(
    write: WriteSession,
    visit: Visit,
    known: Sequence[RaisedFlag],
    flags: Sequence[RaisedFlag],
    found: Assessment,
) -> None:
    """Tell the clinic at once of flags that are raised, or raised again, and mark those whose answers were changed."""
    changed = {flag.id: flag.changed_at for flag in flags if flag.changed_at}
    await visits.mark_flags_changed(write, visit, changed)
    held = {flag.id for flag in known if flag.active}
    now_raised = found.raised()
    visits.keep_reasons(write, visit, [decision for rule, decision in now_raised if rule.id in held])
    new = [each for each in now_raised if each.rule.id not in held]
    if not new:
        return
    decided = [(decision, PRIORITIES[rule.level]) for rule, decision in new]
    await visits.raise_priority(write, visit, decided)
    for rule, decision in new:
        await audit.log(
            write,
            "intake.red_flag",
            patient_id=visit.patient_id,
            entity=("visit", visit.id),
            detail={"flag": rule.id, "level": rule.level.value, "version": decision.version},
        )
    clinic = [live.role(Role.CLINICIAN), live.role(Role.COORDINATOR)]
    live.publish(write, "intake.red_flag", to=clinic, visit_id=str(visit.id))


async def _publish(
    write: WriteSession,
    case: Case,
    before: IntakeDraft | None,
    assessment: Assessment,
    flags: Sequence[RaisedFlag],
) -> None:
    """Give the clinic what it needs to reach a patient in danger, without waiting for the form to be sent.

    `before` is the draft that was published last, None for the first time. What the patient confirmed at a call is
    newer than a draft that has not changed since. Until a number is typed, the one on file counts.
    """
    draft, visit = assessment.draft, case.visit
    if before is None or (before.location, before.contact) != (draft.location, draft.contact):
        location, phone = reachable(draft)
        on_file = None if visit.callback_phone else case.patient.phone
        visits.keep_reachable(write, visit, location, phone or on_file)
    if adult := assessment.adult():
        await visits.name_adult(write, visit, adult)
    _attach_summary(case, assessment, flags)
    if visit.status is VisitStatus.ADMITTED:
        publish_change(write, visit)


def _attach_summary(case: Case, assessment: Assessment, flags: Sequence[RaisedFlag]) -> None:
    made = summarize(case, assessment, flags, case.place.clinic.languages[0])
    visits.attach_intake_summary(case.visit, msgspec.to_builtins(made))


async def _record_consent(write: WriteSession, case: Case, draft: IntakeDraft) -> None:
    """Keep what was shown. Raises Invalid when the clinic has published another text meanwhile."""
    consent = await repository.current_consent(write, draft.consent.language)
    if consent.hash != draft.consent.text_hash:
        raise Invalid({"consent.agreed": "consent_changed"})
    write.add(
        ConsentRecord(
            visit_id=case.visit.id,
            patient_id=case.patient.id,
            version=consent.version,
            language=consent.language,
            text=consent.text,
            text_hash=consent.hash,
            signature=draft.consent.signature.strip(),
            agreed_at=write.now(),
        )
    )
    await audit.log(
        write,
        "consent.give",
        patient_id=case.patient.id,
        entity=("visit", case.visit.id),
        detail={"version": consent.version, "language": consent.language},
    )


async def _make_ready(write: WriteSession, visit: Visit, draft: IntakeDraft) -> None:
    _, phone = reachable(draft)
    await visits.make_ready(write, visit, location=place_of(draft.location), callback_phone=phone or "")
