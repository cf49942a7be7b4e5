"""Whose prescriptions a person may see and write. The route's permission has been checked before."""

from chart.prescribing.models import Prescription
from core.actor import Actor
from core.errors import Conflict, Forbidden
from identity.permissions import Permission
from identity.readable import Kind
from visits.access import check_has_visit
from visits.domain import VisitStatus
from visits.models import Visit

PRESCRIPTION = Kind(
    Prescription,
    frozenset({Permission.PRESCRIPTION_READ}),
    Prescription.patient_id,
    own=Prescription.document.is_not(None),
    hidden=True,
)
"""A patient sees their own from the signing on."""


def check_may_prescribe(actor: Actor, visit: Visit) -> None:
    """Only who has the visit prescribes in it, from its admission on. Raises Forbidden, Conflict."""
    check_has_visit(actor, visit)
    if visit.status not in {VisitStatus.ADMITTED, VisitStatus.FINISHED}:
        raise Conflict("visit_not_admitted")


def check_is_prescriber(actor: Actor, prescription: Prescription) -> None:
    """A prescription is changed, signed and cancelled by its own prescriber. Raises Forbidden."""
    if prescription.prescriber_id != actor.account_id:
        raise Forbidden("not_your_prescription")
