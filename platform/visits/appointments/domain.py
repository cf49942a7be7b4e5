"""The life of an appointment, in FHIR's words (Appointment.status of R4). Knows no database."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from visits.domain import VisitStatus


class AppointmentStatus(StrEnum):
    BOOKED = "booked"
    ARRIVED = "arrived"
    """The patient is in the waiting room or was admitted."""
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    NOSHOW = "noshow"


class AppointmentStepKind(StrEnum):
    """What happened to an appointment. All but MOVED lead to the status of the same name."""

    BOOKED = "booked"
    MOVED = "moved"
    """It has another time, and is booked for that."""
    ARRIVED = "arrived"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    NOSHOW = "noshow"


TRANSITIONS: Mapping[AppointmentStatus, frozenset[AppointmentStatus]] = MappingProxyType(
    {
        AppointmentStatus.BOOKED: frozenset(
            {
                AppointmentStatus.BOOKED,
                AppointmentStatus.ARRIVED,
                AppointmentStatus.CANCELLED,
                AppointmentStatus.NOSHOW,
            }
        ),
        # A patient in danger who was admitted out of the intake and put back may still move the time.
        AppointmentStatus.ARRIVED: frozenset(
            {
                AppointmentStatus.BOOKED,
                AppointmentStatus.FULFILLED,
                AppointmentStatus.CANCELLED,
                AppointmentStatus.NOSHOW,
            }
        ),
        AppointmentStatus.FULFILLED: frozenset(),
        AppointmentStatus.CANCELLED: frozenset(),
        AppointmentStatus.NOSHOW: frozenset(),
    }
)
"""BOOKED to BOOKED is a move to another time."""

_OF_VISIT: Mapping[VisitStatus, AppointmentStatus] = MappingProxyType(
    {
        VisitStatus.INTAKE: AppointmentStatus.BOOKED,
        VisitStatus.WAITING: AppointmentStatus.ARRIVED,
        VisitStatus.LEFT: AppointmentStatus.ARRIVED,
        VisitStatus.ADMITTED: AppointmentStatus.ARRIVED,
        VisitStatus.FINISHED: AppointmentStatus.FULFILLED,
        VisitStatus.CANCELLED: AppointmentStatus.CANCELLED,
        VisitStatus.NO_SHOW: AppointmentStatus.NOSHOW,
    }
)


def steps_to(
    current: AppointmentStatus | None, visit: VisitStatus, *, moved: bool
) -> list[AppointmentStepKind]:
    """What has happened to an appointment, now that its visit has this status and (`moved`) another slot.

    `current` is None for one that is new. Each step is allowed by TRANSITIONS, one after the other: what was booked by
    another release and is found fulfilled has arrived too. An appointment that has ended stays as it is.
    """
    steps = []
    if current is None:
        steps.append(AppointmentStepKind.BOOKED)
        current = AppointmentStatus.BOOKED
    if not TRANSITIONS[current]:
        return steps
    if moved:
        steps.append(AppointmentStepKind.MOVED)
        current = AppointmentStatus.BOOKED
    wanted = _OF_VISIT[visit]
    if wanted is current or wanted is AppointmentStatus.BOOKED:
        return steps
    if wanted not in TRANSITIONS[current]:
        steps.append(AppointmentStepKind.ARRIVED)
    return [*steps, AppointmentStepKind(wanted)]


def status_after(step: AppointmentStepKind) -> AppointmentStatus:
    """The status to which a step leads."""
    return AppointmentStatus.BOOKED if step is AppointmentStepKind.MOVED else AppointmentStatus(step)


def behind() -> list[tuple[VisitStatus, AppointmentStatus]]:
    """The statuses of a visit and its appointment in which the appointment has steps to catch up with."""
    return [
        (visit, appointment)
        for visit in VisitStatus
        for appointment in AppointmentStatus
        if steps_to(appointment, visit, moved=False)
    ]
