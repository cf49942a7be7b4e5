"""Keeps an appointment in step with its visit, and tells its history. None commits."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import aliased

from core.database.session import ReadSession, WriteSession
from core.ids import new_id
from identity.models import Account
from visits.appointments.domain import AppointmentStatus, AppointmentStepKind, status_after, steps_to
from visits.appointments.models import Appointment, AppointmentStep
from visits.appointments.schemas import AppointmentOut, AppointmentStepOut
from visits.models import Slot, Visit


@dataclass(frozen=True)
class Happened:
    """When a step was taken, and by whom."""

    at: datetime
    account_id: UUID | None


async def follow(
    write: WriteSession, visit: Visit, earlier: Mapping[AppointmentStepKind, Happened] = MappingProxyType({})
) -> None:
    """Write what has become of the visit's appointment. The caller has changed the visit, which it holds locked.

    A visit on demand has none. One that another release booked gets its appointment here. What happened `earlier` keeps
    its time; all else happens now.
    """
    if visit.slot_id is None:
        return
    of_visit = select(Slot, Appointment).outerjoin(Appointment, Appointment.visit_id == visit.id)
    slot, found = (await write.execute(of_visit.where(Slot.id == visit.slot_id))).one()
    moved = found is not None and found.slot_id != visit.slot_id
    steps = steps_to(found.status if found else None, visit.status, moved=moved)
    if not steps:
        return
    row = found or _appointment(visit, slot)
    if found is None:
        write.add(row)
        await write.flush()
    row.slot_id, row.status = slot.id, status_after(steps[-1])
    for step in steps:
        _add_step(write, row, step, slot, earlier.get(step))


def _appointment(visit: Visit, slot: Slot) -> Appointment:
    return Appointment(
        id=new_id(),
        visit_id=visit.id,
        patient_id=visit.patient_id,
        slot_id=slot.id,
        reason_code=visit.reason_code,
        status=AppointmentStatus.BOOKED,
    )


def _add_step(
    write: WriteSession, row: Appointment, kind: AppointmentStepKind, slot: Slot, earlier: Happened | None
) -> None:
    actor = write.actor_or_none
    happened = earlier or Happened(write.now(), actor.account_id if actor else None)
    write.add(
        AppointmentStep(
            id=new_id(),
            appointment_id=row.id,
            kind=kind,
            at=happened.at,
            account_id=happened.account_id,
            clinician_id=slot.clinician_id,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
        )
    )


async def of_visit(read: ReadSession, visit_id: UUID) -> list[AppointmentOut]:
    """The appointments of a visit that the caller may read: one, or none for a visit on demand."""
    return await _with_history(read, select(Appointment).where(Appointment.visit_id == visit_id))


async def of_patient(read: ReadSession, patient_id: UUID, most: int) -> list[AppointmentOut]:
    """The latest appointments of a patient whom the caller may read, the one furthest ahead first."""
    query = (
        select(Appointment)
        .join(Slot, Slot.id == Appointment.slot_id)
        .where(Appointment.patient_id == patient_id)
        .order_by(Slot.starts_at.desc(), Appointment.id.desc())
        .limit(most)
    )
    return await _with_history(read, query)


async def _with_history(read: ReadSession, query: Select[Appointment]) -> list[AppointmentOut]:
    rows = list(await read.scalars(query))
    who, clinician = aliased(Account), aliased(Account)
    steps = await read.execute(
        select(AppointmentStep, who.name.label("who"), clinician.name.label("clinician"))
        .outerjoin(who, who.id == AppointmentStep.account_id)
        .outerjoin(clinician, clinician.id == AppointmentStep.clinician_id)
        .where(AppointmentStep.appointment_id.in_([each.id for each in rows]))
    )
    history: dict[UUID, list[AppointmentStepOut]] = defaultdict(list)
    for each in sorted(steps, key=_in_order):
        step = each.AppointmentStep
        history[step.appointment_id].append(
            AppointmentStepOut(
                kind=step.kind,
                at=step.at,
                by=each.who,
                clinician=each.clinician,
                starts_at=step.starts_at,
                ends_at=step.ends_at,
            )
        )
    return [
        AppointmentOut(
            id=row.id,
            visit_id=row.visit_id,
            patient_id=row.patient_id,
            status=row.status,
            history=history[row.id],
        )
        for row in rows
    ]


_ORDER = list(AppointmentStepKind)


def _in_order(row: Row[AppointmentStep, str, str]) -> tuple[datetime, int]:
    """Steps of one transaction have one time: what is booked comes before what arrived."""
    step: AppointmentStep = row.AppointmentStep
    return step.at, _ORDER.index(AppointmentStepKind(step.kind))
