"""Who may see tasks: the care team and the system; a patient sees what was promised in the visit's summary."""

from sqlalchemy import ColumnElement, false, true

from core.actor import Actor, Role


def visible(actor: Actor) -> ColumnElement[bool]:
    """All of the clinic's tasks, or none."""
    return true() if actor.has(Role.CLINICIAN, Role.COORDINATOR, Role.SYSTEM) else false()
