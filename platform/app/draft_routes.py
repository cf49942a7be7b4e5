"""``GET /api/session/draft-key``: what a browser encrypts the drafts with that it keeps while offline.

The key is derived for the account, never stored, and held by the page in memory only. A draft left in a browser
whose sign-in has ended can be read again by the same person, after signing in, and by nobody else.
"""

import base64

import msgspec

from core.actor import Actor
from core.crypto import derive
from core.database.session import ReadSession
from core.edge.web import get
from identity.permissions import Permission


class DraftKey(msgspec.Struct, frozen=True):
    """256 bits for AES-GCM, in base64."""

    key: str


@get("/api/session/draft-key", permission=Permission.SESSION)
async def draft_key(read: ReadSession, actor: Actor) -> DraftKey:
    """The signed-in person's own key; another one for each patient for whom they act, so that nothing that was written
    for one child is sent for another."""
    whose = f"{actor.account_id}/{actor.patient_id}" if actor.is_proxy else str(actor.account_id)
    key = derive(read.services.settings.secret_key, f"carethread/draft/{actor.clinic_id}/{whose}")
    return DraftKey(base64.b64encode(key).decode())
