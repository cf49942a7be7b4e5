"""Whose threads a person may see. The route's permission has been checked before."""

from sqlalchemy import ColumnElement, false, true

from core.actor import Actor, Role
from messaging.models import Thread


def visible(actor: Actor) -> ColumnElement[bool]:
    """A patient's own threads; for the care team and the system all of the clinic's; for others none."""
    if actor.is_patient:
        return Thread.patient_id == actor.patient_id
    if actor.has(Role.CLINICIAN, Role.COORDINATOR, Role.SYSTEM):
        return true()
    return false()
