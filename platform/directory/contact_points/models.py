"""The table of contact points."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from core.database.models import Base, Tenant


class ContactPoint(Tenant, Base):
    """A telephone or mailbox of a patient. `kind` is a `domain.ContactKind`; rows that ended stay.

    What they sign in by is `patient.phone` and `patient.email`, never a row here. A row with the same value holds what
    else is known of it, and ends when they sign in by another. `household`: others hear and read it too.
    """

    __tablename__ = "contact_point"

    patient_id: Mapped[UUID]
    kind: Mapped[str]
    value: Mapped[str]
    extension: Mapped[str] = mapped_column(default="")
    may_leave_message: Mapped[bool] = mapped_column(default=True)
    household: Mapped[bool] = mapped_column(default=False)
    preferred: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
