"""Deletes the bytes of files that nothing names: dropped, past their time, or left over by what died in between."""

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text

from core.files.store import WRITE_SECONDS
from core.logs import Log
from core.services import Services
from core.slices import Cron

log = Log("files")

LEFT_OVER = timedelta(seconds=6 * WRITE_SECONDS)
"""What has been 'writing' for so long was left over: no write takes that long."""
AT_ONCE = 200

_DROP = text("""
    UPDATE file SET status = 'dropped', dropped_at = :now
    WHERE (status = 'writing' AND created_at < :left_over) OR (status = 'kept' AND keep_until <= :now)
""")
_DROPPED = text("""
    SELECT id, clinic_id FROM file WHERE status = 'dropped' AND id > :after ORDER BY id LIMIT :limit
""")
_DELETED = text("UPDATE file SET status = 'deleted', deleted_at = :now WHERE id = :id")


class Dropped(NamedTuple):
    id: UUID
    clinic_id: UUID


async def sweep(services: Services) -> None:
    """Delete every dropped file's bytes. One that cannot be deleted is left for the next time."""
    now = services.clock.now()
    async with services.system.begin() as connection:
        await connection.execute(_DROP, {"now": now, "left_over": now - LEFT_OVER})
    after = UUID(int=0)
    while rows := await _dropped(services, after):
        for row in rows:
            await _delete(services, row)
        after = rows[-1].id


async def _dropped(services: Services, after: UUID) -> list[Dropped]:
    async with services.system.connect() as connection:
        rows = await connection.execute(_DROPPED, {"after": after, "limit": AT_ONCE})
        return [Dropped(*row) for row in rows]


async def _delete(services: Services, row: Dropped) -> None:
    """The bytes first: whoever dies in between deletes nothing twice that matters."""
    try:
        await services.files.delete(row.clinic_id, row.id)
    except Exception as error:
        log.error("file_not_deleted", error, clinic_id=row.clinic_id)
        return
    async with services.system.begin() as connection:
        await connection.execute(_DELETED, {"id": row.id, "now": services.clock.now()})


SWEEP = Cron("files.sweep", 30, sweep)
"""A backup holds the lock of this name, so that no file goes between the database's copy and its own."""
