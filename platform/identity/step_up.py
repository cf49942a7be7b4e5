"""Step-up: what is signed, and how one signs in, wants the second factor shown lately, not only at the door."""

from datetime import timedelta

from core.db import ReadSession
from core.errors import Forbidden
from identity import clinic_settings, clinics, sessions
from identity.domain import STEP_UP_LIFETIME, stepped_up


async def for_own_factors(read: ReadSession) -> None:
    """Staff show their second factor again before they change it. Raises Forbidden `step_up_required`."""
    if read.actor.is_staff:
        await _shown_within(read, STEP_UP_LIFETIME)


async def for_signing(read: ReadSession) -> None:
    """Whoever signs has shown their second factor within the clinic's time. Raises Forbidden `step_up_required`."""
    settings = clinic_settings.parse((await clinics.current(read)).settings)
    await _shown_within(read, timedelta(minutes=settings.step_up_minutes))


async def _shown_within(read: ReadSession, lifetime: timedelta) -> None:
    session = await sessions.current(read)
    if not stepped_up(session.stepped_up_at, read.now(), lifetime):
        raise Forbidden("step_up_required")
