"""What the chart does by itself."""

from chart.aftervisit import service as aftervisit
from core.db import WriteSession
from core.outbox import EventEnvelope, subscriber


@subscriber("note.signed", "chart.make_summary")
async def make_summary(write: WriteSession, event: EventEnvelope) -> None:
    """The patient's summary is made from the note as soon as it is signed."""
    await aftervisit.make(write, event.uuid("visit_id"))


SUBSCRIBERS = [make_summary]
