"""Catches up with what a release before appointments does to booked visits, while it still serves beside this one.

That release books, moves and ends visits and knows no appointment. Once it is gone, nothing is ever found here.
"""

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select, tuple_

from core.database.session import ReadSession, system_unit
from core.services import Services
from core.slices import Cron
from visits import repository
from visits.appointments.domain import TRANSITIONS, AppointmentStepKind, behind
from visits.appointments.models import Appointment
from visits.appointments.service import Happened, follow
from visits.models import Visit, VisitStep
from visits.timeline import StepKind

_AT_A_TIME = 500
_TOLD_BY: Mapping[str, AppointmentStepKind] = MappingProxyType(
    {
        StepKind.REQUESTED: AppointmentStepKind.BOOKED,
        StepKind.RESCHEDULED: AppointmentStepKind.MOVED,
        StepKind.READY: AppointmentStepKind.ARRIVED,
        StepKind.ADMITTED: AppointmentStepKind.ARRIVED,
        StepKind.FINISHED: AppointmentStepKind.FULFILLED,
        StepKind.CANCELLED: AppointmentStepKind.CANCELLED,
        StepKind.NO_SHOW: AppointmentStepKind.NOSHOW,
    }
)


async def catch_up(services: Services) -> None:
    """Give every booked visit the appointment, and the steps of it, that another release did not write."""
    async with services.system.connect() as connection:
        rows = (await connection.execute(_left_behind().limit(_AT_A_TIME))).all()
    for row in rows:
        async with system_unit(services, row.clinic_id) as unit:
            visit = await repository.for_update(unit.write, row.id)
            await follow(unit.write, visit, await _happened(unit.read, row.id))


def _left_behind() -> Select[UUID, UUID]:
    goes_on = [status for status, onward in TRANSITIONS.items() if onward]
    moved: ColumnElement[bool] = (Appointment.slot_id != Visit.slot_id) & Appointment.status.in_(goes_on)
    changed = tuple_(Visit.status, Appointment.status).in_(behind())
    return (
        select(Visit.id, Visit.clinic_id)
        .outerjoin(Appointment, Appointment.visit_id == Visit.id)
        .where(Visit.slot_id.is_not(None), or_(Appointment.id.is_(None), moved, changed))
        .order_by(Visit.id)
    )


async def _happened(read: ReadSession, visit_id: UUID) -> dict[AppointmentStepKind, Happened]:
    """When each step was taken, by the visit's timeline: patients arrive once, all else counts as it was last."""
    steps = select(VisitStep).where(VisitStep.visit_id == visit_id).order_by(VisitStep.at, VisitStep.id)
    happened: dict[AppointmentStepKind, Happened] = {}
    for step in await read.scalars(steps):
        kind = _TOLD_BY.get(step.kind)
        if kind and not (kind is AppointmentStepKind.ARRIVED and kind in happened):
            happened[kind] = Happened(step.at, step.account_id)
    return happened


CRON = [Cron("visits.appointments", 600, catch_up)]
