"""Who can come for a visit type, and how much of a clinician's time it takes. Pure."""

from visits.booking.slots import Duration
from visits.visit_types.models import VisitType


def fits_age(visit_type: VisitType, years: int) -> bool:
    """Whether the type is for somebody of this age."""
    low, high = visit_type.min_years, visit_type.max_years
    return (low is None or years >= low) and (high is None or years <= high)


def duration_of(visit_type: VisitType) -> Duration:
    """What booking it takes from a clinician's time."""
    return Duration(visit_type.minutes, visit_type.buffer_before, visit_type.buffer_after)


def is_offered_by(visit_type: VisitType, clinician_id: object) -> bool:
    """Whether this clinician offers it; a type that names nobody is offered by everybody."""
    return not visit_type.offered_by or clinician_id in visit_type.offered_by
