"""The address of a guest's link, and taking it for sending. Its secret stands after the `#`, where no server, log or
Referer sees it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from core.config import Settings
from core.database.session import WriteSession
from identity.clinic import clinics
from identity.person.contacts import Contact
from visits.people.domain import GuestStatus
from visits.people.models import VisitGuest


def link_of(settings: Settings, slug: str, token: str) -> str:
    """Where the guest's page is, with their secret."""
    return f"{settings.public_url.rstrip('/')}/c/{slug}/guest#{token}"


def sealing_context(guest_id: UUID) -> str:
    """Ties a sealed link to its row."""
    return f"visit-guest:{guest_id}"


@dataclass(frozen=True)
class LinkToSend:
    """A link on its way to somebody who is asked into a visit."""

    contact: Contact
    language: str
    link: str
    expires_at: datetime


async def take(write: WriteSession, guest_id: UUID) -> LinkToSend | None:
    """The link to send, once; None where it was used, taken back or is too old."""
    row: VisitGuest | None = await write.one_or_none(
        select(VisitGuest).where(VisitGuest.id == guest_id).with_for_update()
    )
    if row is None or row.sealed is None or row.channel is None or row.contact is None:
        return None
    if row.status is not GuestStatus.INVITED or row.expires_at <= write.now():
        return None
    token = write.services.keyring.open(row.sealed, sealing_context(row.id)).decode()
    row.sealed = None
    clinic = await clinics.current(write)
    return LinkToSend(
        contact=Contact(row.channel, row.contact),
        language=row.language,
        link=link_of(write.services.settings, clinic.slug, token),
        expires_at=row.expires_at,
    )
