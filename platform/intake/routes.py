"""Intake over HTTP: the patient's form, the texts it needs, and the clinic's view of it."""

from typing import Annotated
from uuid import UUID

from litestar import Response
from litestar.params import Parameter

from core import audit
from core.actor import Actor
from core.database.session import ReadSession, WriteSession
from core.edge.versions import IfMatch, tagged
from core.edge.web import PUBLIC, get, post, put
from core.errors import Invalid, NotFound
from identity.clinic import clinics
from identity.permissions import Permission
from intake import repository, service, views
from intake.red_flags.explanation import said_yes
from intake.schemas import (
    ConsentToRead,
    IntakeOut,
    IntakeSaved,
    IntakeSent,
    IntakeSummaryOut,
    NameAdult,
    ReasonOut,
    RedFlagAnswer,
    RedFlags,
    SaveIntake,
    SubmitIntake,
)
from messaging import urgent
from visits import repository as visits_repository
from visits import views as visits_views
from visits.schemas import VisitOut
from visits.visit_types import repository as visit_types

Slug = Annotated[str, Parameter(max_length=100)]
Language = Annotated[str, Parameter(pattern="^(en|es)$")]


@get("/api/intake/reasons", permission=PUBLIC)
async def reasons(read: ReadSession, clinic: Slug) -> list[ReasonOut]:
    """The reasons for a visit that a clinic (by its slug) offers, in both languages. Anyone may read them."""
    await clinics.enter(read, clinic)
    return [views.reason_out(row) for row in await visit_types.every(read) if row.retired_at is None]


@get("/api/intake/red-flags", permission=PUBLIC)
async def red_flags() -> RedFlags:
    """The rules and words of red flags, the same for everybody: for the intake, and for where messages are written."""
    return views.red_flags_out()


@post("/api/intake/red-flags", permission=Permission.MESSAGE_WRITE, idempotent=True, status_code=204)
async def answer_red_flag(write: WriteSession, actor: Actor, data: RedFlagAnswer) -> None:
    """The patient answers a red flag's question while writing to the clinic.

    A yes counts whoever says it. A no is the patient's own: said by who acts for them, it would keep the patient's
    own words from being put first.
    """
    if actor.patient_id is None:
        raise NotFound
    rule = service.rule_of(data.rule)
    if rule is None:
        raise Invalid({"rule": "unknown"})
    if data.yes:
        said_at = min(data.said_at or write.now(), write.now())
        yes = said_yes(rule)
        await urgent.alert_clinic(write, actor.patient_id, yes, rule.level, data.thread_id, said_at)
    elif not actor.is_proxy:
        await urgent.keep_no(write, actor.patient_id, rule.id, rule.level)


@get("/api/visits/{visit_id:uuid}/intake", permission=Permission.INTAKE_WRITE)
async def read_intake(read: ReadSession, visit_id: UUID) -> Response[IntakeOut]:
    """The form of one's own visit with all that is needed to go on with it, on any device."""
    case = await service.open_case(read, visit_id)
    await audit.log(read, "intake.read", patient_id=case.patient.id, entity=("visit", visit_id))
    draft = await service.draft_of(read, case)
    assessment = await service.assess_in_thread(case, draft, read.now())
    out = views.intake_out(case, assessment, service.draft_told(draft, case.form, read.actor), read.actor)
    return tagged(out, out.version)


@put("/api/visits/{visit_id:uuid}/intake", permission=Permission.INTAKE_WRITE)
async def save_intake(
    write: WriteSession, visit_id: UUID, data: SaveIntake, match: IfMatch
) -> Response[IntakeSaved]:
    """Keep the draft as it is, complete or not. 409 `stale` carries the newer state, for the client to merge."""
    match.on(data.version)
    case = await service.save(write, visit_id, data)
    draft = await service.draft_of(write, case)
    out = views.saved_out(case, await service.assess_in_thread(case, draft, write.now()))
    return tagged(out, out.version)


@post("/api/visits/{visit_id:uuid}/intake/submit", permission=Permission.INTAKE_WRITE, idempotent=True)
async def submit_intake(
    write: WriteSession, visit_id: UUID, data: SubmitIntake, match: IfMatch
) -> IntakeSent:
    """Send the form as saved: 422 names every field that is missing or wrong."""
    visit = await service.submit(write, visit_id, match.on(data.version))
    return IntakeSent(visit_id=visit.id, visit_status=visit.status.value)


@put("/api/visits/{visit_id:uuid}/adult", permission=Permission.INTAKE_WRITE)
async def name_adult(write: WriteSession, visit_id: UUID, data: NameAdult) -> VisitOut:
    """Say who is with the child, also after the form was sent. 404 for a patient of age, 409 `visit_moved_on`, 422 by
    field."""
    await service.name_adult(write, visit_id, data.adult)
    return await visits_views.visit(write, visit_id)


@get("/api/visits/{visit_id:uuid}/intake/consent", permission=Permission.INTAKE_WRITE)
async def read_consent(read: ReadSession, visit_id: UUID, language: Language) -> ConsentToRead:
    """The text that the clinic asks one to agree to, in one language."""
    await service.open_case(read, visit_id)
    consent = await repository.current_consent(read, language)
    return ConsentToRead(consent.version, consent.language, consent.text, consent.hash)


@get("/api/visits/{visit_id:uuid}/intake/summary", permission=Permission.CHART_READ)
async def read_summary(read: ReadSession, actor: Actor, visit_id: UUID) -> IntakeSummaryOut:
    """The intake as the clinician reads it, in the clinician's language; while it is being filled in, too."""
    visit = await visits_repository.get_visible(read, visit_id)
    case = await repository.case_of(read, visit)
    await audit.log(read, "intake.summary", patient_id=case.patient.id, entity=("visit", visit_id))
    draft = await service.draft_of(read, case)
    consent = await repository.consent_record(read, visit_id)
    assessment = await service.assess_in_thread(case, draft, read.now())
    return views.summary_out(case, assessment, consent, actor)
