"""What prescribing does outside of requests."""

from chart.prescribing import overdue, receiving, repository, transmission
from chart.prescribing.script.parse import from_xml
from core.db import WriteSession
from core.outbox import EventEnvelope, subscriber
from core.slices import Cron, Daemon


@subscriber("script.received", "prescribing.apply")
async def apply_message(write: WriteSession, event: EventEnvelope) -> None:
    """What a pharmacy wrote changes its prescription."""
    message = from_xml(await receiving.opened(write, event.uuid("script_message_id")))
    prescription = await repository.for_update(write, event.uuid("prescription_id"))
    await receiving.apply(write, prescription, message)


SUBSCRIBERS = [apply_message]
CRON = [Cron("prescribing.overdue", 60, overdue.look)]
DAEMONS = [Daemon("prescribing.send", transmission.run)]
