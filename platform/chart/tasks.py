"""What the chart does by itself."""

from chart.aftervisit import service as aftervisit
from chart.prescribing.domain import RxStatus
from core.db import WriteSession
from core.outbox import EventEnvelope, subscriber


@subscriber("note.signed", "chart.make_summary")
async def make_summary(write: WriteSession, event: EventEnvelope) -> None:
    """The patient's summary is made from the note as soon as it is signed."""
    await aftervisit.make(write, event.uuid("visit_id"))


@subscriber("prescription.signed", "chart.add_prescription")
async def add_prescription(write: WriteSession, event: EventEnvelope) -> None:
    """A medicine prescribed after the note was signed still reaches the patient's summary."""
    await aftervisit.make(write, event.uuid("visit_id"))


@subscriber("prescription.status", "chart.drop_prescription")
async def drop_prescription(write: WriteSession, event: EventEnvelope) -> None:
    """A prescription that was cancelled is not in the summary any more."""
    if event.ids["status"] == RxStatus.CANCELLED:
        await aftervisit.make(write, event.uuid("visit_id"))


SUBSCRIBERS = [make_summary, add_prescription, drop_prescription]
