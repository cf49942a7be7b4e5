"""What the route of an appointment gives."""

from datetime import datetime
from uuid import UUID

import msgspec

from visits.appointments.domain import AppointmentStatus, AppointmentStepKind


class AppointmentStepOut(msgspec.Struct, kw_only=True):
    """What happened, by whom, and the time and clinician that it had from then on; None where that is not known."""

    kind: AppointmentStepKind
    at: datetime
    by: str | None
    clinician: str | None
    starts_at: datetime | None
    ends_at: datetime | None


class AppointmentOut(msgspec.Struct, kw_only=True):
    """An appointment with its history, the first step first. `status` is FHIR's Appointment.status."""

    id: UUID
    visit_id: UUID
    patient_id: UUID
    status: AppointmentStatus
    history: list[AppointmentStepOut]
