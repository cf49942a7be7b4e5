"""What makes tasks by itself: signed plans, prescriptions that failed or hang, patients who are not there."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from chart.events import NoteSigned
from chart.notes.models import PlanItem
from chart.prescribing.domain import RxStatus
from chart.prescribing.events import PrescriptionFailed, PrescriptionStatus, PrescriptionUnconfirmed
from core.database.session import WriteSession
from core.events.outbox import Delivery, name_of, subscriber
from directory.locations import repository as locations
from followup import service
from followup.domain import ClosedBecause, TaskKind, TaskPriority, TaskSource, due_at, within_hours
from identity.events import AccountNotMine, ContactDisputed, DuplicateSuspected
from messaging.events import RedFlagTold
from visits.domain import VisitStatus
from visits.events import (
    EmergencyCalled,
    VisitAdmitted,
    VisitCancelled,
    VisitCheckFailed,
    VisitCheckPassed,
    VisitEvent,
    VisitForgotten,
    VisitNoShow,
)
from visits.models import Visit
from visits.repository import location_of, slot_of


@subscriber(NoteSigned, "followup.tasks_of_plan")
async def tasks_of_plan(write: WriteSession, delivery: Delivery[NoteSigned]) -> None:
    """Each plan item of a signed note becomes a task, due when the visit's location is open."""
    opening = await locations.opening(write, location_of(delivery.event.visit_id))
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
    await _make(
        write,
        delivery,
        (TaskSource.PRESCRIPTION, delivery.event.prescription_id),
        TaskKind.PRESCRIPTION,
        "Prescription did not reach the pharmacy",
        (TaskPriority.URGENT, timedelta(hours=2)),
        visit_id=delivery.event.visit_id,
        again=True,
    )


@subscriber(PrescriptionUnconfirmed, "followup.task_of_unconfirmed_prescription")
async def task_of_unconfirmed_prescription(
    write: WriteSession, delivery: Delivery[PrescriptionUnconfirmed]
) -> None:
    """A pharmacy that says nothing is called before the patient stands there."""
    await _make(
        write,
        delivery,
        (TaskSource.UNCONFIRMED, delivery.event.prescription_id),
        TaskKind.PRESCRIPTION,
        "Pharmacy has not confirmed the prescription: call",
        (TaskPriority.SOON, timedelta(hours=2)),
        visit_id=delivery.event.visit_id,
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
    await _make(
        write,
        delivery,
        (TaskSource.NO_SHOW, delivery.event.visit_id),
        TaskKind.CALL,
        "Did not come to the visit: call",
        (TaskPriority.SOON, timedelta(hours=4)),
        visit_id=delivery.event.visit_id,
    )


@subscriber(EmergencyCalled, "followup.task_of_emergency")
async def task_of_emergency(write: WriteSession, delivery: Delivery[EmergencyCalled]) -> None:
    """Somebody asks what became of the patient: the visit ends with the ambulance, the care does not."""
    await _make(
        write,
        delivery,
        (TaskSource.EMERGENCY, delivery.event.visit_id),
        TaskKind.CALL,
        "Emergency services were called during the visit: find out how the patient is",
        (TaskPriority.URGENT, timedelta(hours=1)),
        visit_id=delivery.event.visit_id,
        again=True,
    )


@subscriber(VisitCancelled, "followup.task_of_flagged_visit")
async def task_of_flagged_visit(write: WriteSession, delivery: Delivery[VisitCancelled]) -> None:
    """Whoever told of chest pain or of wanting to die, and then was gone, is called: nobody has seen them."""
    visit_id = delivery.event.visit_id
    if await write.scalar(select(Visit.red_flags).where(Visit.id == visit_id)):
        await _make(
            write,
            delivery,
            (TaskSource.RED_FLAG, visit_id),
            TaskKind.CALL,
            "Red flag in a visit that was called off: call now",
            (TaskPriority.URGENT, timedelta(minutes=30)),
            visit_id=visit_id,
        )


@subscriber(VisitForgotten, "followup.task_of_forgotten_visit")
async def task_of_forgotten_visit(write: WriteSession, delivery: Delivery[VisitForgotten]) -> None:
    """Whoever waits and waits is called before they give up: one task for each wait. With a red flag, at once."""
    visit = await write.one_or_not_found(select(Visit).where(Visit.id == delivery.event.visit_id))
    minutes = (delivery.occurred_at - (visit.ready_at or visit.requested_at)) // timedelta(minutes=1)
    await _make(
        write,
        delivery,
        (TaskSource.FORGOTTEN, delivery.id),
        TaskKind.CALL,
        f"Patient has waited {minutes} min and nobody came: call",
        (TaskPriority.URGENT, timedelta() if visit.red_flags else timedelta(minutes=30)),
        visit_id=visit.id,
    )


@subscriber(VisitCheckFailed, "followup.task_of_failed_check")
async def task_of_failed_check(write: WriteSession, delivery: Delivery[VisitCheckFailed]) -> None:
    """Whose devices or network carry no call is called before the visit: soon who waits, in time who is to come."""
    visit = await write.one_or_not_found(select(Visit).where(Visit.id == delivery.event.visit_id))
    slot = await slot_of(write, visit)
    waits = visit.status is VisitStatus.WAITING
    left = slot.starts_at - delivery.occurred_at if slot else timedelta()
    within = timedelta(minutes=15) if waits else max(timedelta(), min(timedelta(hours=2), left))
    await _make(
        write,
        delivery,
        (TaskSource.CHECK, visit.id),
        TaskKind.CALL,
        "Call the patient: the connection check failed",
        (TaskPriority.URGENT if waits else TaskPriority.SOON, within),
        visit_id=visit.id,
        again=True,
    )


async def _check_matters_no_more(write: WriteSession, delivery: Delivery[VisitEvent]) -> None:
    """Then nobody has to call about the check any more."""
    match delivery.event:
        case VisitCheckPassed():
            because = ClosedBecause.CHECK_PASSED
        case VisitAdmitted():
            because = ClosedBecause.ADMITTED
        case _:
            because = ClosedBecause.VISIT_OVER
    await service.complete_of(write, TaskSource.CHECK, delivery.event.visit_id, because)


async def _waits_no_more(write: WriteSession, delivery: Delivery[VisitEvent]) -> None:
    """Then nobody has to call any more."""
    admitted = isinstance(delivery.event, VisitAdmitted)
    because = ClosedBecause.ADMITTED if admitted else ClosedBecause.VISIT_OVER
    await service.complete_of_visit(write, TaskSource.FORGOTTEN, delivery.event.visit_id, because)


ENDS_THE_CHECK: tuple[type[VisitEvent], ...] = (VisitCheckPassed, VisitAdmitted, VisitCancelled, VisitNoShow)
ENDS_THE_WAIT: tuple[type[VisitEvent], ...] = (VisitAdmitted, VisitCancelled, VisitNoShow)


@subscriber(RedFlagTold, "followup.task_of_red_flag_in_message")
async def task_of_red_flag_in_message(write: WriteSession, delivery: Delivery[RedFlagTold]) -> None:
    """Whoever says, writing to the clinic, that they are in danger is called, whether they send it or not."""
    await _make(
        write,
        delivery,
        (TaskSource.MESSAGE, delivery.event.answer_id),
        TaskKind.CALL,
        "Red flag while writing a message: call now",
        (TaskPriority.URGENT, timedelta(minutes=30)),
        again=True,
    )


@subscriber(ContactDisputed, "followup.task_of_disputed_contact")
async def task_of_disputed_contact(write: WriteSession, delivery: Delivery[ContactDisputed]) -> None:
    """Whose phone or mailbox may be another's by now is reached some other way, and asked for a new one."""
    await _make(
        write,
        delivery,
        (TaskSource.CONTACT_DISPUTED, delivery.event.account_id),
        TaskKind.CALL,
        "Phone or e-mail may belong to somebody else now: reach the patient another way",
        (TaskPriority.SOON, timedelta(days=1)),
        again=True,
    )


@subscriber(AccountNotMine, "followup.task_of_account_not_mine")
async def task_of_account_not_mine(write: WriteSession, delivery: Delivery[AccountNotMine]) -> None:
    """Whoever says that somebody else was in their account is called today."""
    await _make(
        write,
        delivery,
        (TaskSource.NOT_ME, delivery.event.account_id),
        TaskKind.CALL,
        "Patient says that somebody else was in their account: call",
        (TaskPriority.URGENT, timedelta(hours=2)),
        again=True,
    )


@subscriber(DuplicateSuspected, "followup.task_of_suspected_duplicate")
async def task_of_suspected_duplicate(write: WriteSession, delivery: Delivery[DuplicateSuspected]) -> None:
    """Somebody looks whether two charts are of one person, before something is looked up in the wrong one."""
    await _make(
        write,
        delivery,
        (TaskSource.DUPLICATE, delivery.event.patient_id),
        TaskKind.OTHER,
        "Same name and birth date as another patient: check whether they are one person",
        (TaskPriority.SOON, timedelta(days=1)),
    )


async def _make(
    write: WriteSession,
    delivery: Delivery[Any],
    about: tuple[TaskSource, UUID],
    kind: TaskKind,
    title: str,
    how_soon: tuple[TaskPriority, timedelta],
    *,
    visit_id: UUID | None = None,
    again: bool = False,
) -> None:
    """One task for each thing that it is about, due so long after an event that names its patient.

    What is not urgent waits until the visit's location, or without a visit the clinic, is open. Where it may happen
    `again`, a closed task is open again.
    """
    priority, within = how_soon
    due = delivery.occurred_at + within
    if priority is not TaskPriority.URGENT:
        due = (
            within_hours(due, delivery.occurred_at, await locations.opening(write, location_of(visit_id)))
            or due
        )
    source, source_id = about
    made = await service.create(
        write,
        patient_id=delivery.event.patient_id,
        visit_id=visit_id,
        source=source,
        source_id=source_id,
        kind=kind,
        title=title,
        due_at=due,
        priority=priority,
    )
    if made is None and again:
        await service.reopen_of(write, source, source_id, due)


SUBSCRIBERS = [
    tasks_of_plan,
    task_of_failed_prescription,
    task_of_unconfirmed_prescription,
    prescription_confirmed,
    task_of_no_show,
    task_of_emergency,
    task_of_flagged_visit,
    task_of_forgotten_visit,
    *(
        subscriber(event, f"followup.waits_no_more.{name_of(event)}")(_waits_no_more)
        for event in ENDS_THE_WAIT
    ),
    task_of_failed_check,
    *(
        subscriber(event, f"followup.check_over.{name_of(event)}")(_check_matters_no_more)
        for event in ENDS_THE_CHECK
    ),
    task_of_red_flag_in_message,
    task_of_disputed_contact,
    task_of_account_not_mine,
    task_of_suspected_duplicate,
]
