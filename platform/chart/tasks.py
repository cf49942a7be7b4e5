"""What the chart does by itself."""

from chart.aftervisit import service as aftervisit
from chart.events import NoteSigned
from chart.prescribing.domain import RxStatus
from chart.prescribing.events import PrescriptionSigned, PrescriptionStatus
from chart.record.search.indexing import index_what_is_new
from core.events.outbox import Delivery, Keep, nothing_to_keep, slow_subscriber
from core.services import Services
from core.slices import Cron


@slow_subscriber(NoteSigned, "chart.make_summary")
async def make_summary(services: Services, delivery: Delivery[NoteSigned]) -> Keep:
    """The patient's summary is made from the note as soon as it is signed."""
    return await aftervisit.make(services, delivery.clinic_id, delivery.event.visit_id)


@slow_subscriber(PrescriptionSigned, "chart.add_prescription")
async def add_prescription(services: Services, delivery: Delivery[PrescriptionSigned]) -> Keep:
    """A medicine prescribed after the note was signed still reaches the patient's summary."""
    return await aftervisit.make(services, delivery.clinic_id, delivery.event.visit_id)


@slow_subscriber(PrescriptionStatus, "chart.drop_prescription")
async def drop_prescription(services: Services, delivery: Delivery[PrescriptionStatus]) -> Keep:
    """A prescription that was cancelled is not in the summary any more."""
    if delivery.event.status != RxStatus.CANCELLED:
        return nothing_to_keep
    return await aftervisit.make(services, delivery.clinic_id, delivery.event.visit_id)


SUBSCRIBERS = [make_summary, add_prescription, drop_prescription]
CRON = [Cron("chart.index_records", 60, index_what_is_new)]
