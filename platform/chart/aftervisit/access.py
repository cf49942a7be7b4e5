"""Whose after-visit summaries a person may read: the visit's own patient, and the care team."""

from chart.aftervisit.models import AfterVisitSummary
from identity.permissions import Permission
from identity.readable import Kind

SUMMARY = Kind(
    AfterVisitSummary,
    frozenset({Permission.SUMMARY_READ}),
    AfterVisitSummary.patient_id,
    visit=AfterVisitSummary.visit_id,
)
