"""The rules of restricted charts, with no database."""

from datetime import datetime, timedelta
from enum import StrEnum

OPENED_FOR = timedelta(hours=1)
"""How long a chart that was opened with a reason stays open."""
LONGEST = timedelta(days=5 * 366)
"""The furthest end of a mark: after that, somebody thinks about it anew."""


class Why(StrEnum):
    """Why a chart is restricted. `patient_request` is the patient's own request (45 CFR 164.522)."""

    STAFF = "staff"
    PUBLIC_FIGURE = "public_figure"
    PATIENT_REQUEST = "patient_request"


class Sensitive(StrEnum):
    """Of what kind a note is that its author marks as sensitive."""

    MENTAL_HEALTH = "mental_health"
    SEXUAL_HEALTH = "sexual_health"
    SUBSTANCE_USE = "substance_use"


def end_problem(ends_at: datetime, now: datetime) -> str | None:
    """What is wrong with the end of a mark."""
    if ends_at.tzinfo is None:
        return "zone_missing"
    if ends_at <= now:
        return "in_the_past"
    return "too_far" if ends_at > now + LONGEST else None
