"""Opening hours: days of the week to pairs of local times, in the clinic's own time zone."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Hours = Mapping[str, Sequence[Sequence[str]]]


def problems(hours: Hours) -> dict[str, str]:
    """What is wrong, by field path (`hours.mon.0`). Pairs must be real times, in order, without overlap."""
    found: dict[str, str] = {}
    for day, spans in hours.items():
        if day not in DAYS:
            found[f"hours.{day}"] = "not_a_day"
            continue
        previous = ""
        for index, span in enumerate(spans):
            path = f"hours.{day}.{index}"
            if len(span) != 2 or not all(_is_time(time) for time in span):
                found[path] = "not_a_time"
            elif span[0] >= span[1]:
                found[path] = "ends_before_it_starts"
            elif span[0] < previous:
                found[path] = "overlaps"
            else:
                previous = span[1]
    return found


def _is_time(text: str) -> bool:
    """`HH:MM`, and 24:00 as the end of a day; compared as text, which for this form is the order of time."""
    if len(text) != 5 or text[2] != ":" or not (text[:2] + text[3:]).isascii():
        return False
    if not (text[:2] + text[3:]).isdigit():
        return False
    return text == "24:00" or (int(text[:2]) < 24 and int(text[3:]) < 60)


def is_open(hours: Hours, time_zone: str, at: datetime) -> bool:
    """Whether the clinic is open at this instant."""
    local = at.astimezone(ZoneInfo(time_zone))
    clock = local.strftime("%H:%M")
    return any(start <= clock < end for start, end in hours.get(DAYS[local.weekday()], ()))


def open_day(hours: Hours, day: date) -> date:
    """The day itself if the clinic opens on it, or else the next on which it does. Without hours, it opens daily."""
    ahead = (day + timedelta(days=days) for days in range(7))
    return next((each for each in ahead if hours.get(DAYS[each.weekday()])), day)


def closing(hours: Hours, day: date) -> time | None:
    """When the clinic closes on this day; None if it does not open, or stays open until midnight."""
    ends = [end for _, end in hours.get(DAYS[day.weekday()], ())]
    return time.fromisoformat(max(ends)) if ends and max(ends) != "24:00" else None


def next_opening(hours: Hours, time_zone: str, at: datetime) -> datetime | None:
    """The next instant at which the clinic opens, within a week, or None when it never does.

    A time that daylight saving skips is moved forward by the length of the gap, as a wall clock is.
    """
    zone = ZoneInfo(time_zone)
    local = at.astimezone(zone)
    for ahead in range(8):
        day = local.date() + timedelta(days=ahead)
        for start, _ in hours.get(DAYS[day.weekday()], ()):
            opens = datetime(day.year, day.month, day.day, int(start[:2]), int(start[3:]), tzinfo=zone)
            if opens.timestamp() > at.timestamp():
                return datetime.fromtimestamp(opens.timestamp(), zone)
    return None
