"""The table of locations."""

from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database.models import Base, Tenant


class Location(Tenant, Base):
    """A place of a clinic, from which care is given. What is None is as the clinic has it: see `domain.ClinicLocation`.

    `address`, `hours` and the numbers are in the form of the clinic's own. `closed_days` maps days (ISO 8601) on which
    it is closed beside the clinic's holidays to their names. `version` grows with each change, so that of two
    administrators the second sees the first one's.
    """

    __tablename__ = "location"

    position: Mapped[int]
    name: Mapped[str | None]
    address: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    time_zone: Mapped[str | None]
    phone: Mapped[str | None]
    hours: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    closed_days: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)
    emergency_number: Mapped[str | None]
    npi: Mapped[str | None]
    retired_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
