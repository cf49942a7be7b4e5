"""Whose visits a person may see and act on. The route's permission has been checked before."""

from sqlalchemy import ColumnElement, false, true

from core.actor import Actor, Role
from core.errors import Forbidden
from visits.models import Visit


def visible(actor: Actor) -> ColumnElement[bool]:
    """A patient's own visits; for the care team and the system all of the clinic's; for others none."""
    if actor.is_patient:
        return Visit.patient_id == actor.patient_id
    if actor.has(Role.CLINICIAN, Role.COORDINATOR, Role.SYSTEM):
        return true()
    return false()


def check_has_visit(actor: Actor, visit: Visit) -> None:
    """Only the clinician who admitted the patient acts in the visit. Raises Forbidden for another."""
    if visit.clinician_id != actor.account_id:
        raise Forbidden("not_your_visit")
