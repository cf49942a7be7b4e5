"""What takes a notice to an address."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from messaging.notices.texts import Notice

SECONDS = 10.0
"""How long one may take."""


class Refused(Exception):
    """The carrier will never take this (a number that is none, say): trying again is of no use."""


class Carrier(Protocol):
    """Takes a notice to an address, and gives the carrier's own id of it."""

    async def send(self, to: str, notice: Notice, notification_id: UUID) -> str: ...

    async def sent_before(self, to: str, notice: Notice, since: datetime) -> list[str]:
        """The carrier's ids of what it took to this address with these words since then; none if it cannot say."""
        ...
