"""What the times of FHIR cover, as half-open ranges: `2024-03` is a month. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

EARLIEST = datetime.min.replace(tzinfo=UTC)
LATEST = datetime.max.replace(tzinfo=UTC)
"""The ends of a period that has no start or no end."""


class Range(NamedTuple):
    """From `low` up to, and without, `high`."""

    low: datetime
    high: datetime


def range_of(value: Any) -> Range | None:
    """What a FHIR date, dateTime, instant, Period or Timing covers; None for what is no time."""
    if isinstance(value, str):
        return _range_of_text(value)
    if not isinstance(value, dict):
        return None
    if isinstance(value.get("start"), str) or isinstance(value.get("end"), str):
        start, end = (_range_of_text(value.get(each) or "") for each in ("start", "end"))
        return Range(start.low if start else EARLIEST, end.high if end else LATEST)
    events = [when for each in value.get("event") or [] if isinstance(each, str) and (when := range_of(each))]
    if bounds := range_of((value.get("repeat") or {}).get("boundsPeriod")):
        events.append(bounds)
    if not events:
        return None
    return Range(min(each.low for each in events), max(each.high for each in events))


def _range_of_text(text: str) -> Range | None:
    try:
        if len(text) <= len("2024-02-29"):
            return _range_of_date(*map(int, text.split("-")))
        at = datetime.fromisoformat(text)
    except (ValueError, TypeError):
        return None
    exact = timedelta(microseconds=1) if at.microsecond else timedelta(seconds=1)
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    try:
        low = at.astimezone(UTC)
        return Range(low, low + exact)
    except OverflowError:
        return None


def _range_of_date(year: int, month: int | None = None, day: int | None = None) -> Range:
    low = date(year, month or 1, day or 1)
    try:
        if day is not None:
            after = low + timedelta(days=1)
        elif month is not None:
            after = date(year + month // 12, month % 12 + 1, 1)
        else:
            after = date(year + 1, 1, 1)
    except (OverflowError, ValueError):  # the last year that there is
        return Range(_midnight(low), LATEST)
    return Range(_midnight(low), _midnight(after))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
