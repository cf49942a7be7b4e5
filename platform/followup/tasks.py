"""What makes tasks by itself: signed plans, prescriptions that failed or hang, patients who are not there."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from chart.events import NoteSigned
from chart.notes.models import PlanItem
from chart.prescribing.domain import RxStatus
from chart.prescribing.events import PrescriptionFailed, PrescriptionStatus, PrescriptionUnconfirmed
from core.db import WriteSession
from core.outbox import Delivery, subscriber
from followup import service
from followup.domain import ClosedBecause, TaskKind, TaskPriority, TaskSource, due_at, within_hours
from identity.events import AccountNotMine, ContactDisputed, DuplicateSuspected
from identity.holidays import calendar
from messaging.events import RedFlagTold
from visits.events import VisitCancelled, VisitNoShow
from visits.models import Visit


@subscriber(NoteSigned, "followup.tasks_of_plan")
async def tasks_of_plan(write: WriteSession, delivery: Delivery[NoteSigned]) -> None:
    """Each plan item of a signed note becomes a task."""
    opening = await calendar.opening(write)
    items = await write.scalars(
        select(PlanItem).where(PlanItem.note_id == delivery.event.note_id).order_by(PlanItem.position)
    )
    for item in items.all():
        await service.create(
            write,
            patient_id=item.patient_id,
            visit_id=item.visit_id,
            source=TaskSource.PLAN,
            source_id=item.id,
            kind=TaskKind(item.kind),
            title=item.title,
            detail=item.detail,
            due_at=due_at(delivery.occurred_at, item.due_in_days, opening),
        )


@subscriber(PrescriptionFailed, "followup.task_of_failed_prescription")
async def task_of_failed_prescription(write: WriteSession, delivery: Delivery[PrescriptionFailed]) -> None:
    """A prescription that did not reach its pharmacy is somebody's to see to, today. Sent again, it may fail again."""
    prescription_id, due = delivery.event.prescription_id, delivery.occurred_at + timedelta(hours=2)
    made = await service.create(
        write,
        patient_id=delivery.event.patient_id,
        visit_id=delivery.event.visit_id,
        source=TaskSource.PRESCRIPTION,
        source_id=prescription_id,
        kind=TaskKind.PRESCRIPTION,
        title="Prescription did not reach the pharmacy",
        due_at=due,
        priority=TaskPriority.URGENT,
    )
    if made is None:
        await service.reopen_of(write, TaskSource.PRESCRIPTION, prescription_id, due)


@subscriber(PrescriptionUnconfirmed, "followup.task_of_unconfirmed_prescription")
async def task_of_unconfirmed_prescription(
    write: WriteSession, delivery: Delivery[PrescriptionUnconfirmed]
) -> None:
    """A pharmacy that says nothing is called before the patient stands there."""
    await service.create(
        write,
        patient_id=delivery.event.patient_id,
        visit_id=delivery.event.visit_id,
        source=TaskSource.UNCONFIRMED,
        source_id=delivery.event.prescription_id,
        kind=TaskKind.PRESCRIPTION,
        title="Pharmacy has not confirmed the prescription: call",
        due_at=await _open_then(write, delivery, timedelta(hours=2)),
        priority=TaskPriority.SOON,
    )


@subscriber(PrescriptionStatus, "followup.prescription_confirmed")
async def prescription_confirmed(write: WriteSession, delivery: Delivery[PrescriptionStatus]) -> None:
    """Then nobody has to ask any more."""
    if delivery.event.status == RxStatus.ACCEPTED:
        await service.complete_of(
            write, TaskSource.UNCONFIRMED, delivery.event.prescription_id, ClosedBecause.PHARMACY_CONFIRMED
        )


@subscriber(VisitNoShow, "followup.task_of_no_show")
async def task_of_no_show(write: WriteSession, delivery: Delivery[VisitNoShow]) -> None:
    """Whoever did not come is called the same day."""
    await service.create(
        write,
        patient_id=delivery.event.patient_id,
        visit_id=delivery.event.visit_id,
        source=TaskSource.NO_SHOW,
        source_id=delivery.event.visit_id,
        kind=TaskKind.CALL,
        title="Did not come to the visit: call",
        due_at=await _open_then(write, delivery, timedelta(hours=4)),
        priority=TaskPriority.SOON,
    )


@subscriber(VisitCancelled, "followup.task_of_flagged_visit")
async def task_of_flagged_visit(write: WriteSession, delivery: Delivery[VisitCancelled]) -> None:
    """Whoever told of chest pain or of wanting to die, and then was gone, is called: nobody has seen them."""
    visit_id = delivery.event.visit_id
    flags = await write.scalar(select(Visit.red_flags).where(Visit.id == visit_id))
    if not flags:
        return
    await service.create(
        write,
        patient_id=delivery.event.patient_id,
        visit_id=visit_id,
        source=TaskSource.RED_FLAG,
        source_id=visit_id,
        kind=TaskKind.CALL,
        title="Red flag in a visit that was called off: call now",
        due_at=delivery.occurred_at + timedelta(minutes=30),
        priority=TaskPriority.URGENT,
    )


@subscriber(RedFlagTold, "followup.task_of_red_flag_in_message")
async def task_of_red_flag_in_message(write: WriteSession, delivery: Delivery[RedFlagTold]) -> None:
    """Whoever says, writing to the clinic, that they are in danger is called, whether they send it or not."""
    answer_id, due = delivery.event.answer_id, delivery.occurred_at + timedelta(minutes=30)
    made = await service.create(
        write,
        patient_id=delivery.event.patient_id,
        visit_id=None,
        source=TaskSource.MESSAGE,
        source_id=answer_id,
        kind=TaskKind.CALL,
        title="Red flag while writing a message: call now",
        due_at=due,
        priority=TaskPriority.URGENT,
    )
    if made is None:
        await service.reopen_of(write, TaskSource.MESSAGE, answer_id, due)


@subscriber(ContactDisputed, "followup.task_of_disputed_contact")
async def task_of_disputed_contact(write: WriteSession, delivery: Delivery[ContactDisputed]) -> None:
    """Whose phone or mailbox may be another's by now is reached some other way, and asked for a new one."""
    await _about_account(
        write,
        delivery,
        TaskSource.CONTACT_DISPUTED,
        "Phone or e-mail may belong to somebody else now: reach the patient another way",
        TaskPriority.SOON,
        timedelta(days=1),
    )


@subscriber(AccountNotMine, "followup.task_of_account_not_mine")
async def task_of_account_not_mine(write: WriteSession, delivery: Delivery[AccountNotMine]) -> None:
    """Whoever says that somebody else was in their account is called today."""
    await _about_account(
        write,
        delivery,
        TaskSource.NOT_ME,
        "Patient says that somebody else was in their account: call",
        TaskPriority.URGENT,
        timedelta(hours=2),
    )


@subscriber(DuplicateSuspected, "followup.task_of_suspected_duplicate")
async def task_of_suspected_duplicate(write: WriteSession, delivery: Delivery[DuplicateSuspected]) -> None:
    """Somebody looks whether two charts are of one person, before something is looked up in the wrong one."""
    await service.create(
        write,
        patient_id=delivery.event.patient_id,
        visit_id=None,
        source=TaskSource.DUPLICATE,
        source_id=delivery.event.patient_id,
        kind=TaskKind.OTHER,
        title="Same name and birth date as another patient: check whether they are one person",
        due_at=await _open_then(write, delivery, timedelta(days=1)),
        priority=TaskPriority.SOON,
    )


async def _about_account(
    write: WriteSession,
    delivery: Delivery[ContactDisputed] | Delivery[AccountNotMine],
    source: TaskSource,
    title: str,
    priority: TaskPriority,
    within: timedelta,
) -> None:
    """One task of a kind for each account; when it happens again, that one is open again."""
    account_id, due = delivery.event.account_id, delivery.occurred_at + within
    if priority is not TaskPriority.URGENT:
        due = await _open_then(write, delivery, within)
    made = await service.create(
        write,
        patient_id=delivery.event.patient_id,
        visit_id=None,
        source=source,
        source_id=account_id,
        kind=TaskKind.CALL,
        title=title,
        due_at=due,
        priority=priority,
    )
    if made is None:
        await service.reopen_of(write, source, account_id, due)


async def _open_then(write: WriteSession, delivery: Delivery[Any], within: timedelta) -> datetime:
    """So long after the event, at a time when the clinic is open. What is urgent does not wait for that."""
    wanted = delivery.occurred_at + within
    return within_hours(wanted, delivery.occurred_at, await calendar.opening(write)) or wanted


SUBSCRIBERS = [
    tasks_of_plan,
    task_of_failed_prescription,
    task_of_unconfirmed_prescription,
    prescription_confirmed,
    task_of_no_show,
    task_of_flagged_visit,
    task_of_red_flag_in_message,
    task_of_disputed_contact,
    task_of_account_not_mine,
    task_of_suspected_duplicate,
]
