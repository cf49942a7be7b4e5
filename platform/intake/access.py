"""Who may do what with an intake, once the visit is known to be visible to them."""

from core.actor import Actor
from core.errors import Conflict, NotFound
from visits.domain import VisitStatus
from visits.models import Visit


def check_own(actor: Actor, visit: Visit) -> None:
    """The form itself is the patient's. Raises NotFound for everyone else."""
    if actor.patient_id != visit.patient_id:
        raise NotFound


def check_open(visit: Visit, *, submitted: bool) -> None:
    """It may be changed until it is sent, or the visit moves on. Raises Conflict `intake_closed`.

    A patient in danger may be admitted before it is sent: what they are just writing is kept, and they may send it.
    """
    if submitted or visit.status not in (VisitStatus.INTAKE, VisitStatus.ADMITTED):
        raise Conflict("intake_closed", visit_status=visit.status.value)
