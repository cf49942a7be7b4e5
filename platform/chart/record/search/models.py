"""The rows of the search index: one for each record, and rows of their own for what is asked of a whole clinic."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, DateTime, ForeignKey, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from core.database.models import Base


class RecordSearch(Base):
    """What a search finds one record by (`chart.record.search.values`). A trigger keeps `RecordToken` by `hot`."""

    __tablename__ = "record_search"

    record_id: Mapped[UUID] = mapped_column(ForeignKey("record.id"), primary_key=True)
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinic.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    resource_type: Mapped[str]
    version: Mapped[int]
    shape: Mapped[str]
    in_error: Mapped[bool]
    updated_at: Mapped[datetime]
    low: Mapped[datetime | None]
    high: Mapped[datetime | None]
    tokens: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    hot: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    date_keys: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    date_lows: Mapped[list[datetime]] = mapped_column(ARRAY(DateTime(timezone=True)))
    date_highs: Mapped[list[datetime]] = mapped_column(ARRAY(DateTime(timezone=True)))
    quantity_keys: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    quantity_values: Mapped[list[Decimal]] = mapped_column(ARRAY(Numeric))
    strings: Mapped[list[str]]


class RecordToken(Base):
    """One hot code of one record, for searches of a whole clinic by last change, and of a patient by date.

    Written by the trigger on `record_search` alone.
    """

    __tablename__ = "record_token"

    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinic.id"), primary_key=True)
    resource_type: Mapped[str] = mapped_column(primary_key=True)
    token: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    updated_at: Mapped[datetime] = mapped_column(primary_key=True)
    record_id: Mapped[UUID] = mapped_column(ForeignKey("record.id"), primary_key=True)
    patient_id: Mapped[UUID | None]
    low: Mapped[datetime | None]
