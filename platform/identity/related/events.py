"""Events of related persons."""

from uuid import UUID

from core.events.outbox import Event


class RelationEnded(Event, frozen=True, tag="identity.relation_ended"):
    """An account acts for a patient no more: whoever is in a call for them leaves it."""

    relation_id: UUID
    account_id: UUID
    patient_id: UUID
