"""Changing a clinic's holidays, one day at a time: what another administrator changes meanwhile stays."""

from datetime import date

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from core import audit
from core.database.session import WriteSession
from core.errors import Conflict, Invalid
from identity.clinic.holidays.calendar import opening
from identity.clinic.holidays.domain import FURTHEST, MAX_DAYS, MAX_NAME
from identity.clinic.holidays.federal import federal_holidays
from identity.clinic.holidays.names import in_both
from identity.models import Holiday


async def add(write: WriteSession, day: date, name: str) -> None:
    """Close the clinic on a day. Raises Invalid for `day` (`holiday_exists`, `day_past`, `day_too_far`) and `name`."""
    today = await _today(write)
    wrong = {
        "day": "day_past" if day < today else "day_too_far" if day > today + FURTHEST else None,
        "name": _name_problem(name),
    }
    if any(wrong.values()):
        raise Invalid({field: code for field, code in wrong.items() if code})
    if not await _insert(write, {day: name.strip()}):
        raise Invalid({"day": "holiday_exists"})
    await _told(write, "added", [day])


def years_offered(today: date) -> range:
    """The years whose federal holidays can be added."""
    return range(today.year, today.year + 5)


async def add_federal(write: WriteSession, year: int) -> list[date]:
    """Close the clinic on the year's federal holidays that are yet to come; the days added. Days there are stay."""
    today = await _today(write)
    if year not in years_offered(today):
        raise Invalid({"year": "day_too_far"})
    coming = {day: name for day, name in federal_holidays(year).items() if day >= today}
    added = await _insert(write, coming)
    if added:
        await _told(write, "added", added)
    return added


async def rename(write: WriteSession, day: date, was: str, name: str) -> None:
    """Give a holiday another name; `was` is the one that was seen, in either language.

    Raises Invalid for `name`, Conflict `holiday_changed` if it is not as was seen.
    """
    if problem := _name_problem(name):
        raise Invalid({"name": problem})
    known = in_both(was)
    changed = await write.scalar(
        update(Holiday)
        .where(
            Holiday.clinic_id == write.clinic_id,
            Holiday.day == day,
            Holiday.name.in_((was, known.en, known.es)),
        )
        .values(name=name.strip())
        .returning(Holiday.day)
    )
    if changed is None:
        raise Conflict("holiday_changed")
    await _told(write, "renamed", [day])


async def remove(write: WriteSession, days: list[date]) -> None:
    """Open the clinic on these days again. Days that are no holidays any more are passed over."""
    gone = await write.scalars(
        delete(Holiday)
        .where(Holiday.clinic_id == write.clinic_id, Holiday.day.in_(days))
        .returning(Holiday.day)
    )
    if removed := sorted(gone):
        await _told(write, "removed", removed)


async def _insert(write: WriteSession, days: dict[date, str]) -> list[date]:
    """Raises Conflict `too_many_holidays`."""
    there = await write.scalar(select(func.count()).where(Holiday.clinic_id == write.clinic_id))
    if there + len(days) > MAX_DAYS:
        raise Conflict("too_many_holidays", most=MAX_DAYS)
    if not days:
        return []
    rows = [{"clinic_id": write.clinic_id, "day": day, "name": name} for day, name in days.items()]
    added = await write.scalars(insert(Holiday).values(rows).on_conflict_do_nothing().returning(Holiday.day))
    return sorted(added)


async def _today(write: WriteSession) -> date:
    return write.now().astimezone((await opening(write)).zone).date()


def _name_problem(name: str) -> str | None:
    if not name.strip():
        return "required"
    return "too_long" if len(name.strip()) > MAX_NAME else None


async def _told(write: WriteSession, how: str, days: list[date]) -> None:
    await audit.log(
        write,
        "clinic.holidays",
        entity=("clinic", write.clinic_id),
        detail={how: ",".join(day.isoformat() for day in days)},
    )
