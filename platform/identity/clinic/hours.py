"""Opening hours: days of the week to pairs of local times, in the clinic's own time zone; and the days it is closed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

LOOKS_AHEAD = 60
"""So many days ahead the next open day is looked for."""

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


@dataclass(frozen=True)
class Opening:
    """When a clinic opens: its weekly `hours` in its `zone`, but not on its `holidays` (day to name).

    Without any hours it opens on every day but these.
    """

    hours: Hours
    zone: ZoneInfo
    holidays: Mapping[date, str]

    def spans(self, day: date) -> Sequence[Sequence[str]]:
        """The times of this day, earliest first; none when it is closed, or open without known hours."""
        return () if day in self.holidays else sorted(self.hours.get(DAYS[day.weekday()], ()), key=list)

    def opens_on(self, day: date) -> bool:
        """Whether the clinic opens on this day at all."""
        return day not in self.holidays and (bool(self.spans(day)) or not any(self.hours.values()))

    def open_day(self, day: date) -> date | None:
        """The day itself if the clinic opens on it, or else the next on which it does; None if none is near."""
        ahead = (day + timedelta(days=days) for days in range(LOOKS_AHEAD + 1))
        return next((each for each in ahead if self.opens_on(each)), None)

    def is_open(self, at: datetime) -> bool:
        """Whether the clinic is open at this instant. Without hours it is not known to be."""
        local = at.astimezone(self.zone)
        clock = f"{local:%H:%M}"
        return any(start <= clock < end for start, end in self.spans(local.date()))

    def opening(self, day: date) -> datetime | None:
        """The instant at which the clinic first opens on this day; None when it does not, or has no hours."""
        return self.instant(day, self.spans(day)[0][0]) if self.spans(day) else None

    def closing(self, day: date) -> datetime | None:
        """The instant at which it closes for the last time on this day; None when it does not open, or has no hours."""
        return self.instant(day, max(end for _, end in self.spans(day))) if self.spans(day) else None

    def instant(self, day: date, clock: str) -> datetime:
        """The instant, in UTC, of a local time `HH:MM`; 24:00 is the next midnight.

        A time that daylight saving skips is moved forward by the length of the gap, as a wall clock is.
        """
        if clock == "24:00":
            day, clock = day + timedelta(days=1), "00:00"
        return datetime.combine(day, time.fromisoformat(clock), self.zone).astimezone(UTC)

    def next_opening(self, at: datetime) -> datetime | None:
        """The next instant at which the clinic opens, or None when it does not in the days that are looked at."""
        day = at.astimezone(self.zone).date()
        for ahead in range(LOOKS_AHEAD + 1):
            for start, _ in self.spans(day + timedelta(days=ahead)):
                opens = self.instant(day + timedelta(days=ahead), start)
                if opens > at:
                    return opens
        return None
