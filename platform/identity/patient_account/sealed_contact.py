"""Where a patient hears of a change to their sign-in. A contact travels sealed in the event."""

import base64
from uuid import UUID

from core.database.session import ReadSession
from identity.person.contacts import Contact, parse_contact
from identity.sessions.tokens import former_context


def sealed_contact(read: ReadSession, account_id: UUID, contact: Contact | None) -> str | None:
    """The contact for an event's field; `opened_contact` reads it."""
    if contact is None:
        return None
    seal = read.services.keyring.seal(contact.value.encode(), former_context(account_id))
    return base64.b64encode(seal).decode()


def opened_contact(read: ReadSession, account_id: UUID, sealed: str | None) -> Contact | None:
    """The contact that `sealed_contact` has sealed."""
    if sealed is None:
        return None
    opened = read.services.keyring.open(base64.b64decode(sealed), former_context(account_id))
    return parse_contact(opened.decode())
