"""A clinic's opening hours together with its holidays, as they stand now."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from core.database.session import ReadSession
from identity.clinic import clinics
from identity.clinic.hours import Opening
from identity.models import Holiday


async def opening(read: ReadSession) -> Opening:
    """When the clinic of this transaction opens, from yesterday on."""
    clinic = await clinics.current(read)
    zone = ZoneInfo(clinic.time_zone)
    since = read.now().astimezone(zone).date() - timedelta(days=1)
    return Opening(clinic.hours, zone, await _since(read, since))


async def all_days(read: ReadSession) -> dict[date, str]:
    """Every holiday of the clinic, in order."""
    return await _since(read, date.min)


async def _since(read: ReadSession, since: date) -> dict[date, str]:
    query = (
        select(Holiday.day, Holiday.name)
        .where(Holiday.clinic_id == read.clinic_id, Holiday.day >= since)
        .order_by(Holiday.day)
    )
    return {day: name for day, name in await read.execute(query)}
