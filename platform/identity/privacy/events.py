"""Events of restricted charts."""

from uuid import UUID

from core.events.outbox import Event


class ChartOpened(Event, frozen=True, tag="identity.chart_opened"):
    """Somebody opened a restricted chart with a reason: privacy officers hear of it at once."""

    opening_id: UUID
