"""What a message is and who writes to whom. Knows no database."""

from enum import StrEnum

from core.actor import Actor, Role
from core.errors import Invalid

MAX_SUBJECT = 200
MAX_BODY = 5000


class Side(StrEnum):
    """Who speaks in a thread."""

    PATIENT = "patient"
    CLINIC = "clinic"
    SYSTEM = "system"


class MessageKind(StrEnum):
    """``visit_ended`` has no text of its own: each reader sees it in their language."""

    TEXT = "text"
    VISIT_ENDED = "visit_ended"


def side_of(actor: Actor) -> Side:
    """The side that a person speaks for."""
    if actor.is_patient:
        return Side.PATIENT
    return Side.SYSTEM if actor.has(Role.SYSTEM) else Side.CLINIC


def waits_for(side: Side) -> Side | None:
    """Whose turn it is after a message; nobody's after one of the system's."""
    return {Side.PATIENT: Side.CLINIC, Side.CLINIC: Side.PATIENT}.get(side)


def clean_body(text: str) -> str:
    """The text without blank edges. Raises Invalid if nothing or too much is left."""
    body = text.strip()
    if not body:
        raise Invalid({"body": "required"})
    if len(body) > MAX_BODY:
        raise Invalid({"body": "too_long"})
    return body


def clean_subject(text: str) -> str:
    """The subject on one line. Raises Invalid if empty or too long."""
    subject = " ".join(text.split())
    if not subject:
        raise Invalid({"subject": "required"})
    if len(subject) > MAX_SUBJECT:
        raise Invalid({"subject": "too_long"})
    return subject
