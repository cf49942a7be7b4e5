"""What the chart does by itself."""

from chart.aftervisit import service as aftervisit
from chart.events import NoteSigned
from chart.prescribing.domain import RxStatus
from chart.prescribing.events import PrescriptionSigned, PrescriptionStatus
from core.db import WriteSession
from core.outbox import Delivery, subscriber


@subscriber(NoteSigned, "chart.make_summary")
async def make_summary(write: WriteSession, delivery: Delivery[NoteSigned]) -> None:
    """The patient's summary is made from the note as soon as it is signed."""
    await aftervisit.make(write, delivery.event.visit_id)


@subscriber(PrescriptionSigned, "chart.add_prescription")
async def add_prescription(write: WriteSession, delivery: Delivery[PrescriptionSigned]) -> None:
    """A medicine prescribed after the note was signed still reaches the patient's summary."""
    await aftervisit.make(write, delivery.event.visit_id)


@subscriber(PrescriptionStatus, "chart.drop_prescription")
async def drop_prescription(write: WriteSession, delivery: Delivery[PrescriptionStatus]) -> None:
    """A prescription that was cancelled is not in the summary any more."""
    if delivery.event.status == RxStatus.CANCELLED:
        await aftervisit.make(write, delivery.event.visit_id)


SUBSCRIBERS = [make_summary, add_prescription, drop_prescription]
