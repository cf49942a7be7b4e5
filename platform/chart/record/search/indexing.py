"""The search index: one row for each record, and rows of their own for what is asked of a whole clinic.

It is derived from the record and can be made again at any time. `ensure_indexed` does so for what another release
wrote, and for everything once a release draws other values from it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from inspect import getsource
from typing import Any
from uuid import UUID

from sqlalchemy import Table, Text, cast, func, or_, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from chart.domain import Resource
from chart.record.models import Record
from chart.record.registry import SPECS
from chart.record.search import ranges
from chart.record.search import values as search_values
from chart.record.search.models import RecordSearch
from core import json
from core.database.session import WriteSession
from core.services import Services

BATCH = 500
RECENT = timedelta(days=1)
"""So far back the regular work looks for what another release wrote."""
_NAME = "record_search"


_TABLE = RecordSearch.__table__
assert isinstance(_TABLE, Table)  # noqa: S101 - for the type checker; a mapped class has one
_insert = insert(_TABLE)
_UPSERT = _insert.on_conflict_do_update(
    index_elements=["record_id"],
    set_={each.name: _insert.excluded[each.name] for each in _TABLE.columns if each.name != "record_id"},
    # Whoever indexes an older version came late.
    where=_TABLE.c.version <= _insert.excluded.version,
)


@cache
def shape() -> str:
    """The digest of what draws the values: a release with another one draws them anew."""
    searched = [(kind, SPECS[kind].searched) for kind in sorted(SPECS)]
    return sha256(f"{searched}\n{getsource(search_values)}\n{getsource(ranges)}".encode()).hexdigest()[:16]


async def keep(write: WriteSession, records: Sequence[Record]) -> None:
    """Write the index of records that were written in this transaction: one statement."""
    rows = [
        _row(
            each.id,
            write.clinic_id,
            each.patient_id,
            each.version,
            each.in_error,
            each.updated_at,
            each.resource,
        )
        for each in records
    ]
    if rows:
        await write.execute(_UPSERT, rows)


def _row(
    record_id: UUID,
    clinic_id: UUID,
    patient_id: UUID,
    version: int,
    in_error: bool,
    updated_at: datetime,
    resource: Resource,
) -> dict[str, Any]:
    return {
        "record_id": record_id,
        "clinic_id": clinic_id,
        "patient_id": patient_id,
        "resource_type": resource["resourceType"],
        "version": version,
        "shape": shape(),
        "in_error": in_error,
        "updated_at": updated_at,
        **search_values.values(resource)._asdict(),
    }


async def ensure_indexed(engine: AsyncEngine, since: datetime | None = None) -> int:
    """Index what has no index of this release, in batches of their own transactions; how many records.

    `since` looks only at what was written from then on. Those who read and write meanwhile do not wait.
    """
    done, after = 0, UUID(int=0)
    async with engine.connect() as connection:
        while rows := await _stale(connection, after, since):
            await connection.execute(_UPSERT, [_again(row) for row in rows])
            await connection.commit()
            done, after = done + len(rows), rows[-1].id
        if since is None:
            await connection.execute(_RELEASED, {"name": _NAME, "shape": shape()})
        await connection.commit()
    return done


def _again(row: Any) -> dict[str, Any]:
    resource = json.decode(row.resource)
    return _row(row.id, row.clinic_id, row.patient_id, row.version, row.in_error, row.updated_at, resource)


_IS_RELEASED = text("SELECT fingerprint = :shape FROM terminology_release WHERE name = :name")
_RELEASED = text(
    "INSERT INTO terminology_release VALUES (:name, :shape) "
    "ON CONFLICT (name) DO UPDATE SET fingerprint = excluded.fingerprint"
)


async def _stale(connection: AsyncConnection, after: UUID, since: datetime | None) -> Sequence[Any]:
    indexed = _TABLE.c
    query = (
        select(
            Record.id,
            Record.clinic_id,
            Record.patient_id,
            Record.version,
            Record.in_error,
            Record.updated_at,
            func.coalesce(Record.verbatim, cast(Record.stored, Text)).label("resource"),
        )
        .outerjoin(_TABLE, indexed.record_id == Record.id)
        .where(Record.id > after, Record.resource_type.in_(sorted(SPECS)))
        .where(
            or_(indexed.record_id.is_(None), indexed.version != Record.version, indexed.shape != shape()),
        )
        .order_by(Record.id)
        .limit(BATCH)
    )
    if since is not None:
        query = query.where(Record.updated_at >= since)
    return (await connection.execute(query)).all()


async def index_what_is_new(services: Services) -> None:
    """Regular work: index what a process of another release has written since, or everything for a new release."""
    async with services.system.connect() as connection:
        released = await connection.scalar(_IS_RELEASED, {"name": _NAME, "shape": shape()})
    await ensure_indexed(services.system, services.clock.now() - RECENT if released else None)
