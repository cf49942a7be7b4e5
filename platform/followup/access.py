"""Who may see tasks: the care team and the system; a patient sees what was promised in the visit's summary."""

from sqlalchemy import ColumnElement, false, true

from core.actor import Actor, Role


def may_see(actor: Actor) -> bool:
    """Whether the clinic's tasks are this person's to see: all of them, or none."""
    return actor.has(Role.CLINICIAN, Role.COORDINATOR, Role.SYSTEM)


def visible(actor: Actor) -> ColumnElement[bool]:
    """The same for a query."""
    return true() if may_see(actor) else false()
