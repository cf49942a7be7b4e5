"""What intake tells the other slices: ids and codes only."""

from uuid import UUID

from core.outbox import Event


class IntakeSubmitted(Event, frozen=True, kw_only=True, tag="intake.submitted"):
    """The form was sent; its summary is on the visit."""

    visit_id: UUID
    patient_id: UUID
