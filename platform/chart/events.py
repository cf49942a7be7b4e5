"""What happens in the chart, for the other slices. Ids only."""

from uuid import UUID

from core.events.outbox import Event


class NoteSigned(Event, frozen=True, kw_only=True, tag="note.signed"):
    """A visit's note was signed. Ordered with the visit's own events."""

    visit_id: UUID
    note_id: UUID
    patient_id: UUID
