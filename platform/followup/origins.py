"""Why there is a task, and who asked for it: read from what made it, and audited as it is where it stands itself."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from sqlalchemy import select

from chart.notes.models import Note, PlanItem
from chart.prescribing.models import Drug, Pharmacy, Prescription
from core import audit
from core.database.session import ReadSession
from followup.domain import TaskSource
from followup.models import Task
from identity.models import Account, Patient
from identity.person.name import alike
from messaging.models import UrgentAnswer
from visits.check import repository as checks
from visits.models import Visit, VisitStep
from visits.timeline import StepKind

MAX_WORDS = 1500

Words = Literal[
    "diagnosis",
    "assessment",
    "plan",
    "complaint",
    "reason",
    "medicine",
    "pharmacy",
    "failure",
    "answer",
    "contact",
    "trouble",
]


class Quote(msgspec.Struct, frozen=True):
    """What was said, and where it stands. `reason`, `failure`, `contact`, `trouble` are codes, the rest is as
    it was written."""

    what: Words
    text: str


class OtherChart(msgspec.Struct, frozen=True):
    """A chart that may be of the same person."""

    id: UUID
    name: str
    mrn: str


class Origin(msgspec.Struct, frozen=True):
    """`by` asked for it `at` that time: a member of staff or the patient; nobody where it was noticed by itself."""

    at: datetime
    by: str | None
    quotes: list[Quote]
    charts: list[OtherChart]


async def of_task(read: ReadSession, task: Task, created_by: str | None) -> Origin:
    """Why there is this task. What it shows of a note, an intake or a prescription is audited as read."""
    if task.source == TaskSource.MANUAL:
        return Origin(task.created_at, created_by, [], [])
    return await _OF[TaskSource(task.source)](read, task)


async def _plan(read: ReadSession, task: Task) -> Origin:
    """The note whose plan asked for it."""
    query = (
        select(Note, Account.name)
        .join(PlanItem, PlanItem.note_id == Note.id)
        .outerjoin(Account, Account.id == Note.signed_by)
        .where(PlanItem.id == task.source_id)
    )
    row = (await read.execute(query)).one_or_none()
    if row is None:
        return Origin(task.created_at, None, [], [])
    note, by = row
    await audit.log(read, "note.read", patient_id=note.patient_id, entity=("note", note.id))
    said: Mapping[str, Any] = note.content
    diagnoses = "; ".join(line["display"] for line in said.get("diagnoses", []))
    return Origin(
        note.signed_at or task.created_at,
        by,
        _quotes(diagnosis=diagnoses, assessment=said.get("assessment"), plan=said.get("plan")),
        [],
    )


async def _prescription(read: ReadSession, task: Task) -> Origin:
    """The prescription that did not arrive, or of which nothing was heard."""
    query = (
        select(Prescription, Drug.title, Pharmacy.name, Account.name)
        .join(Drug, Drug.id == Prescription.drug_id)
        .outerjoin(Pharmacy, Pharmacy.id == Prescription.pharmacy_id)
        .outerjoin(Account, Account.id == Prescription.prescriber_id)
        .where(Prescription.id == task.source_id)
    )
    row = (await read.execute(query)).one_or_none()
    if row is None:
        return Origin(task.created_at, None, [], [])
    found, drug, pharmacy, by = row
    entity = ("prescription", found.id)
    await audit.log(read, "prescription.read", patient_id=found.patient_id, entity=entity)
    return Origin(
        found.signed_at or task.created_at,
        by,
        _quotes(medicine=drug, pharmacy=pharmacy, failure=found.failure, answer=found.pharmacy_words),
        [],
    )


_STEPS: Mapping[TaskSource, StepKind] = {
    TaskSource.NO_SHOW: StepKind.NO_SHOW,
    TaskSource.RED_FLAG: StepKind.CANCELLED,
    TaskSource.EMERGENCY: StepKind.EMERGENCY_CALLED,
    TaskSource.FORGOTTEN: StepKind.FORGOTTEN,
    TaskSource.CHECK: StepKind.CHECK_FAILED,
}
"""The step of the visit that made the task."""


async def _visit(read: ReadSession, task: Task) -> Origin:
    """The visit that did not come about, or not yet, or ended in an emergency; who said so, and what it is about."""
    kind = _STEPS[TaskSource(task.source)]
    query = (
        select(Visit, VisitStep.at, Account.name)
        .outerjoin(VisitStep, (VisitStep.visit_id == Visit.id) & (VisitStep.kind == kind))
        .outerjoin(Account, Account.id == VisitStep.account_id)
        .where(Visit.id == task.visit_id)
        .order_by(VisitStep.at.desc())
        .limit(1)
    )
    row = (await read.execute(query)).one_or_none()
    if row is None:
        return Origin(task.created_at, None, [], [])
    visit, at, by = row
    complaint = (visit.intake_summary or {}).get("chief_complaint")
    if complaint:
        await audit.log(read, "intake.read", patient_id=visit.patient_id, entity=("visit", visit.id))
    return Origin(at or task.created_at, by, _quotes(reason=visit.reason_code, complaint=complaint), [])


async def _check(read: ReadSession, task: Task) -> Origin:
    """The visit, and what the last check of devices and network found wrong."""
    origin = await _visit(read, task)
    last = await checks.latest(read, task.source_id)
    quotes = _quotes(trouble=" ".join(last.troubles)) if last else []
    return Origin(origin.at, origin.by, [*quotes, *origin.quotes], [])


async def _message(read: ReadSession, task: Task) -> Origin:
    """The patient who said yes while writing; the rule stands among the task's red flags."""
    query = (
        select(UrgentAnswer.yes_at, Patient)
        .join(Patient, Patient.id == UrgentAnswer.patient_id)
        .where(UrgentAnswer.id == task.source_id)
    )
    row = (await read.execute(query)).one_or_none()
    if row is None:
        return Origin(task.created_at, None, [], [])
    return Origin(row.yes_at, row.Patient.full_name, [], [])


async def _account(read: ReadSession, task: Task) -> Origin:
    """The patient who said so, or the contact that somebody else reads."""
    account = await read.one_or_none(select(Account).where(Account.id == task.source_id))
    if account is None:
        return Origin(task.created_at, None, [], [])
    if task.source == TaskSource.NOT_ME:
        return Origin(task.created_at, account.name, [], [])
    disputed = {"phone": account.phone_disputed_at, "email": account.email_disputed_at}
    times = [at for at in disputed.values() if at]
    quotes = [Quote("contact", name) for name, at in disputed.items() if at]
    return Origin(max(times, default=task.created_at), None, quotes, [])


async def _duplicate(read: ReadSession, task: Task) -> Origin:
    """The other charts of the same name and birth date, as they are today."""
    patient = await read.one_or_not_found(select(Patient).where(Patient.id == task.patient_id))
    others = await read.scalars(
        select(Patient)
        .where(Patient.birth_date == patient.birth_date, Patient.id != patient.id)
        .order_by(Patient.mrn)
    )
    namesakes = [each for each in others if alike(each.name, patient.name)]
    shown = [each.id for each in namesakes]
    await audit.log(read, "task.read", entity=("task", task.id), patients=shown)
    return Origin(
        task.created_at, None, [], [OtherChart(each.id, each.full_name, each.mrn) for each in namesakes]
    )


_OF: Mapping[TaskSource, Callable[[ReadSession, Task], Awaitable[Origin]]] = {
    TaskSource.PLAN: _plan,
    TaskSource.PRESCRIPTION: _prescription,
    TaskSource.UNCONFIRMED: _prescription,
    TaskSource.NO_SHOW: _visit,
    TaskSource.EMERGENCY: _visit,
    TaskSource.RED_FLAG: _visit,
    TaskSource.FORGOTTEN: _visit,
    TaskSource.CHECK: _check,
    TaskSource.MESSAGE: _message,
    TaskSource.CONTACT_DISPUTED: _account,
    TaskSource.NOT_ME: _account,
    TaskSource.DUPLICATE: _duplicate,
}


def _quotes(**said: str | None) -> list[Quote]:
    return [
        msgspec.convert({"what": what, "text": _short(text.strip())}, Quote)
        for what, text in said.items()
        if text and text.strip()
    ]


def _short(text: str) -> str:
    return text if len(text) <= MAX_WORDS else f"{text[:MAX_WORDS]}…"
