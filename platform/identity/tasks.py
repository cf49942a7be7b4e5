"""Identity's part of the worker: resets that were asked for, and forgetting what no longer serves anyone."""

from datetime import timedelta

from sqlalchemy import text

from core.database.session import WriteSession
from core.events.outbox import Delivery, subscriber
from core.services import Services
from core.slices import Cron
from identity.events import ResetAsked
from identity.staff import invites

# Long enough to look into a complaint about a code that did not work, or a sign-in that was not theirs.
_KEEP_SECRETS = timedelta(days=1)
_KEEP_SESSIONS = timedelta(days=90)


@subscriber(ResetAsked, "identity.send_reset")
async def send_reset(write: WriteSession, delivery: Delivery[ResetAsked]) -> None:
    """Staff who forgot their password are sent a link; whoever is not known here is sent nothing."""
    await invites.send_reset(write, delivery.event.asked_id, delivery.event.email)


async def forget_old_secrets(services: Services) -> None:
    """Delete codes, links and half-finished steps that are over, devices unused for a year, sessions of long ago."""
    now = services.clock.now()
    async with services.system.begin() as connection:
        for table in ("one_time_code", "challenge", "invite", "freeze_link"):
            await connection.execute(
                text(f"DELETE FROM {table} WHERE expires_at < :before"),  # noqa: S608  names of our own
                {"before": now - _KEEP_SECRETS},
            )
        await connection.execute(
            text("UPDATE one_time_code SET sealed = NULL WHERE sealed IS NOT NULL AND expires_at < :now"),
            {"now": now},
        )
        await connection.execute(
            text(
                "UPDATE authenticator SET pending = NULL, pending_until = NULL WHERE pending IS NOT NULL "
                "AND coalesce(pending_until, :now) <= :now"
            ),
            {"now": now},
        )
        await connection.execute(text("DELETE FROM trusted_device WHERE expires_at < :now"), {"now": now})
        await connection.execute(
            text("DELETE FROM security_event WHERE created_at < :before"), {"before": now - _KEEP_SESSIONS}
        )
        await connection.execute(
            text("DELETE FROM auth_session WHERE expires_at < :before"), {"before": now - _KEEP_SESSIONS}
        )


CRON = [Cron("identity.forget_old_secrets", 3600, forget_old_secrets)]

SUBSCRIBERS = [send_reset]
