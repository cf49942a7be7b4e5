"""What every table shares."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Enum, MetaData, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from core.ids import new_id


def text_enum(kind: type[StrEnum]) -> Enum:
    """The column type of a StrEnum kept as its words in text; the migration's CHECK keeps them honest."""
    return Enum(kind, native_enum=False, create_constraint=False, length=None, values_callable=list)


class Base(DeclarativeBase):
    """Base of all tables. Times carry their zone, JSON is JSONB, lists of strings are text[]."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        UUID: Uuid(as_uuid=True),
        datetime: DateTime(timezone=True),
        str: Text,
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
        list[dict[str, Any]]: JSONB,
        list[str]: ARRAY(Text),
    }


class Tenant:
    """Columns of a row that belongs to a clinic. ``WriteSession.add`` fills clinic and time."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    clinic_id: Mapped[UUID]
    created_at: Mapped[datetime]
