"""The code tables: equal for every clinic, without PHI, read-only to the application."""

from sqlalchemy import Boolean, Computed, Integer, Text
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from core.database.models import Base


class Icd10Code(Base):
    """One category or code of ICD-10-CM. Only a `billable` one may be a diagnosis.

    `inclusion` holds the folded inclusion terms; `rank` says which of equally fitting codes comes first.
    """

    __tablename__ = "icd10_code"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    billable: Mapped[bool] = mapped_column(Boolean)
    description: Mapped[str] = mapped_column(Text)
    inclusion: Mapped[str] = mapped_column(Text)
    rank: Mapped[int] = mapped_column(Integer)
    document: Mapped[str] = mapped_column(
        TSVECTOR,
        Computed("to_tsvector('english', description || ' ' || inclusion)", persisted=True),
    )


class LayTerm(Base):
    """What people call a diagnosis: `en` and `es` for the patient's summary, folded `terms` for the search."""

    __tablename__ = "lay_term"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    en: Mapped[str] = mapped_column(Text)
    es: Mapped[str] = mapped_column(Text)
    terms: Mapped[list[str]] = mapped_column(ARRAY(Text))
