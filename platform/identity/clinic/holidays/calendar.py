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
    yesterday = read.now().astimezone(zone).date() - timedelta(days=1)
    return Opening(clinic.hours, zone, await since(read, yesterday))


async def all_days(read: ReadSession) -> dict[date, str]:
    """Every holiday of the clinic, in order."""
    return await since(read, date.min)


async def since(read: ReadSession, first: date) -> dict[date, str]:
    """The holidays from a day on, in order."""
    query = (
        select(Holiday.day, Holiday.name)
        .where(Holiday.clinic_id == read.clinic_id, Holiday.day >= first)
        .order_by(Holiday.day)
    )
    return {day: name for day, name in await read.execute(query)}
