"""Step-up: what is signed and administered wants the second factor shown lately, not only at the door.

The edge asks `before_write` ahead of every write, by its route's permission, so that no route can forget to.
"""

from datetime import timedelta

from core.database.session import ReadSession, Unit
from core.errors import Forbidden
from identity.clinic import clinics
from identity.clinic import settings as clinic_settings
from identity.clinic.settings import ClinicSettings
from identity.domain import STEP_UP_LIFETIME, stepped_up
from identity.permissions import ADMINISTERS, PRESCRIBES, SIGNS_NOTES
from identity.sessions import service as sessions
from identity.staff import confirmations


async def before_write(unit: Unit, permission: str) -> None:
    """What a write with this permission wants of whoever holds it.

    Raises Forbidden `not_confirmed` while it waits who they are (`confirmations`), `step_up_required`.
    """
    if permission in SIGNS_NOTES | PRESCRIBES:
        await confirmations.require_to_sign(unit.read)
    elif permission in ADMINISTERS:
        await confirmations.require_to_administer(unit.read)
    else:
        return
    settings = clinic_settings.parse((await clinics.current(unit.read)).settings)
    await _shown_within(unit.read, _lifetime(permission, settings))


async def for_own_factors(read: ReadSession) -> None:
    """Whoever changes how they sign in shows again that it is them: staff a second factor, patients a code sent to a
    contact of theirs, or a passkey. Raises Forbidden `step_up_required`."""
    await _shown_within(read, STEP_UP_LIFETIME)


def _lifetime(permission: str, settings: ClinicSettings) -> timedelta:
    notes = permission in SIGNS_NOTES
    return timedelta(minutes=settings.note_step_up_minutes if notes else settings.step_up_minutes)


async def _shown_within(read: ReadSession, lifetime: timedelta) -> None:
    session = await sessions.current(read)
    if not stepped_up(session.stepped_up_at, read.now(), lifetime):
        raise Forbidden("step_up_required")
