"""What a clinic has sent, as its receivers see it."""

from uuid import UUID

from core.actor import system_actor
from core.database.session import open_unit
from core.services import Services
from messaging.notices.demo_outbox import OutboxItem, newest


async def notices_of(services: Services, clinic_id: UUID) -> list[OutboxItem]:
    """The newest notices, the newest first."""
    async with open_unit(services, system_actor(clinic_id)) as unit:
        return await newest(unit.read)
