"""What 'active' means of a medicine: the one definition, for the safety check, the chart and the intake."""

from datetime import datetime, timedelta

from chart.record.models import Record

TAKEN = frozenset({"active", "on-hold", "intended"})
"""The FHIR statuses of what is taken, or about to be; the chart's list is made of the same ones."""
ENDED = frozenset({"stopped", "completed"})
_LASTS_AT_MOST = timedelta(days=365)
"""A prescription is good for a year at most: so long an end that nobody wrote down may lie after the beginning."""


def is_active(record: Record, now: datetime) -> bool:
    """Whether it is taken: nobody has ended it, and its course is not over."""
    return record.status in TAKEN and not (record.ends_at is not None and record.ends_at <= now)


def ended_at(record: Record, now: datetime) -> datetime | None:
    """When it ended, by what is known; None for what is taken, was never taken, or may end at any time."""
    if record.status in TAKEN:
        return record.ends_at if record.ends_at is not None and record.ends_at <= now else None
    if record.status not in ENDED:
        return None
    if record.ends_at is not None:
        return min(record.ends_at, now)
    return min(record.effective_at + _LASTS_AT_MOST, now) if record.effective_at else now
