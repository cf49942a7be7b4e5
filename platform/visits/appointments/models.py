"""Tables of appointments."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.database.models import Base, Tenant, text_enum
from visits.appointments.domain import AppointmentStatus, AppointmentStepKind


class Appointment(Tenant, Base):
    """A time that was booked with a clinician, for a visit. `slot_id` is the time that counts now.

    Only `service.follow` writes it, in the transaction that changes the visit.
    """

    __tablename__ = "appointment"

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    slot_id: Mapped[UUID] = mapped_column(ForeignKey("slot.id"))
    reason_code: Mapped[str]
    status: Mapped[AppointmentStatus] = mapped_column(text_enum(AppointmentStatus))


class AppointmentStep(Tenant, Base):
    """One step of an appointment's history, with the time that it had then. Written once, never changed.

    The time and the clinician are None where a release before 0051 moved it away from them.
    """

    __tablename__ = "appointment_step"

    appointment_id: Mapped[UUID] = mapped_column(ForeignKey("appointment.id"))
    kind: Mapped[AppointmentStepKind] = mapped_column(text_enum(AppointmentStepKind))
    at: Mapped[datetime]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    clinician_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
