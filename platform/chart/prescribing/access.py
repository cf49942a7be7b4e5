"""Whose prescriptions a person may see and write. The route's permission has been checked before."""

from sqlalchemy import ColumnElement, and_, false, true

from chart.prescribing.models import Prescription
from core.actor import Actor, Role
from core.errors import Conflict, Forbidden
from visits.access import check_has_visit
from visits.domain import VisitStatus
from visits.models import Visit


def visible(actor: Actor) -> ColumnElement[bool]:
    """A patient's own from the signing on; for the care team and the system all of the clinic's; else none."""
    if actor.is_patient:
        return and_(Prescription.patient_id == actor.patient_id, Prescription.document.is_not(None))
    if actor.has(Role.CLINICIAN, Role.COORDINATOR, Role.SYSTEM):
        return true()
    return false()


def check_may_prescribe(actor: Actor, visit: Visit) -> None:
    """Only who has the visit prescribes in it, from its admission on. Raises Forbidden, Conflict."""
    check_has_visit(actor, visit)
    if visit.status not in {VisitStatus.ADMITTED, VisitStatus.FINISHED}:
        raise Conflict("visit_not_admitted")


def check_is_prescriber(actor: Actor, prescription: Prescription) -> None:
    """A prescription is changed, signed and cancelled by its own prescriber. Raises Forbidden."""
    if prescription.prescriber_id != actor.account_id:
        raise Forbidden("not_your_prescription")
