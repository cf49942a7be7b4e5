"""Tables around a patient's account."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.database.models import Base, Tenant

_INSTANT = DateTime(timezone=True)


class TrustedDevice(Tenant, Base):
    """A browser on which a patient has shown more than a code. Here is the SHA-256 of what is in its cookie.

    Several patients of one family may share a device: then they have a row each, with the same token.
    """

    __tablename__ = "trusted_device"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    device: Mapped[str] = mapped_column(Text)
    last_used_at: Mapped[datetime] = mapped_column(_INSTANT)
    expires_at: Mapped[datetime] = mapped_column(_INSTANT)


class SecurityEvent(Tenant, Base):
    """Something about how a patient signs in has changed: their other sessions show it until somebody answers.

    `change` is a code; `session_id` and `device` say where it was done.
    """

    __tablename__ = "security_event"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    change: Mapped[str] = mapped_column(Text)
    session_id: Mapped[UUID | None]
    device: Mapped[str] = mapped_column(Text, default="")
    settled_at: Mapped[datetime | None] = mapped_column(_INSTANT)


class PatientAccountChange(Tenant, Base):
    """What staff did to a patient's account, and by what proof. Never changed."""

    __tablename__ = "patient_account_change"

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    made_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    change: Mapped[str] = mapped_column(Text)
    proof: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
