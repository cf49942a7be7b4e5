"""What prescribing does outside of requests."""

from chart.prescribing import repository
from chart.prescribing.events import ScriptReceived
from chart.prescribing.script.parse import from_xml
from chart.prescribing.transmission import overdue, receiving
from chart.prescribing.transmission import sending as transmission
from core.database.session import WriteSession
from core.events.outbox import Delivery, subscriber
from core.slices import Cron, Daemon


@subscriber(ScriptReceived, "prescribing.apply")
async def apply_message(write: WriteSession, delivery: Delivery[ScriptReceived]) -> None:
    """What a pharmacy wrote changes its prescription."""
    message = from_xml(await receiving.opened(write, delivery.event.script_message_id))
    prescription = await repository.for_update(write, delivery.event.prescription_id)
    await receiving.apply(write, prescription, message)


SUBSCRIBERS = [apply_message]
CRON = [Cron("prescribing.overdue", 60, overdue.look)]
DAEMONS = [Daemon("prescribing.send", transmission.run)]
