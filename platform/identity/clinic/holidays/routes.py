"""Routes of a clinic's holidays."""

from collections.abc import Container
from datetime import date
from typing import Annotated

import msgspec

from core.database.session import ReadSession, WriteSession
from core.edge.web import get, post, put
from identity.clinic.holidays import calendar, service
from identity.clinic.holidays.federal import federal_holidays
from identity.clinic.holidays.names import in_both
from identity.permissions import Permission
from identity.schemas import HolidayOut

Name = Annotated[str, msgspec.Meta(max_length=200)]


class FederalYearOut(msgspec.Struct):
    """How many federal holidays of a year are yet to come, and how many of them are no holidays of the clinic."""

    year: int
    coming: int
    missing: int


class HolidaysOut(msgspec.Struct):
    """All holidays by day, and what `today` is in the clinic. `added` are those that this request made.

    `federal` are the years whose federal holidays can be added, from this one on.
    """

    today: date
    holidays: list[HolidayOut]
    federal: list[FederalYearOut]
    added: list[date]


class NewHoliday(msgspec.Struct, forbid_unknown_fields=True):
    day: date
    name: Name


class FederalYear(msgspec.Struct, forbid_unknown_fields=True):
    """The federal holidays of a year."""

    year: Annotated[int, msgspec.Meta(ge=2000, le=2200)]


class RenamedHoliday(msgspec.Struct, forbid_unknown_fields=True):
    """`was` is the name that was on screen."""

    day: date
    was: Name
    name: Name


class RemovedHolidays(msgspec.Struct, forbid_unknown_fields=True):
    days: Annotated[list[date], msgspec.Meta(min_length=1, max_length=50)]


@get("/api/admin/holidays", permission=Permission.ADMIN_CLINIC)
async def list_holidays(read: ReadSession) -> HolidaysOut:
    """The days on which the clinic is closed."""
    return await _all(read)


@post("/api/admin/holidays", permission=Permission.ADMIN_CLINIC, status_code=200)
async def add_holiday(write: WriteSession, data: NewHoliday) -> HolidaysOut:
    """Close the clinic on a day. 422 `day` (`holiday_exists`, `day_past`, `day_too_far`), `name`."""
    await service.add(write, data.day, data.name)
    return await _all(write, [data.day])


@post("/api/admin/holidays/federal", permission=Permission.ADMIN_CLINIC, status_code=200)
async def add_federal_holidays(write: WriteSession, data: FederalYear) -> HolidaysOut:
    """Close the clinic on the federal holidays of a year. Those there already keep their names."""
    return await _all(write, await service.add_federal(write, data.year))


@put("/api/admin/holidays", permission=Permission.ADMIN_CLINIC)
async def rename_holiday(write: WriteSession, data: RenamedHoliday) -> HolidaysOut:
    """Give a holiday another name. 409 `holiday_changed`."""
    await service.rename(write, data.day, data.was, data.name)
    return await _all(write)


@post("/api/admin/holidays/remove", permission=Permission.ADMIN_CLINIC, status_code=200)
async def remove_holidays(write: WriteSession, data: RemovedHolidays) -> HolidaysOut:
    """Open the clinic on these days again."""
    await service.remove(write, data.days)
    return await _all(write)


async def _all(read: ReadSession, added: list[date] | None = None) -> HolidaysOut:
    opening = await calendar.opening(read)
    days = await calendar.all_days(read)
    today = read.now().astimezone(opening.zone).date()
    return HolidaysOut(
        today=today,
        holidays=[HolidayOut(day, in_both(name)) for day, name in days.items()],
        federal=[_federal(year, today, days) for year in service.years_offered(today)],
        added=added or [],
    )


def _federal(year: int, today: date, days: Container[date]) -> FederalYearOut:
    coming = [day for day in federal_holidays(year) if day >= today]
    return FederalYearOut(year, len(coming), sum(day not in days for day in coming))


ROUTES = [list_holidays, add_holiday, add_federal_holidays, rename_holiday, remove_holidays]
