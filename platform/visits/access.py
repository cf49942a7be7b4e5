"""Whose visits a person may see and act on. The route's permission has been checked before."""

from core.actor import Actor
from core.errors import Forbidden
from identity.permissions import Permission
from identity.readable import Kind
from visits.models import Visit

VISIT = Kind(Visit, frozenset({Permission.VISIT_READ}), Visit.patient_id, visit=Visit.id)


def check_has_visit(actor: Actor, visit: Visit) -> None:
    """Only the clinician who admitted the patient acts in the visit. Raises Forbidden for another."""
    if visit.clinician_id != actor.account_id:
        raise Forbidden("not_your_visit")
