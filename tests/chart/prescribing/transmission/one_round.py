"""One round of a worker's sending, as a process that a test may kill."""

import asyncio
import sys
from uuid import UUID

from chart.prescribing.transmission.sending import send_due
from core.config import load_settings
from core.services import open_services


async def main(clinic_id: UUID) -> None:
    async with open_services(load_settings()) as services:
        await send_due(services, clinic_id)


if __name__ == "__main__":
    asyncio.run(main(UUID(sys.argv[1])))
