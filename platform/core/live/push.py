"""Live push: what happened, told to the screens that may know.

Events hold ids only; a screen that hears one fetches again, and fetching is authorizing.
"""

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec
from sqlalchemy import text

from core.actor import Actor, Role
from core.live.numbering import LiveEvent

if TYPE_CHECKING:
    from core.database.session import ReadSession, WriteSession

KEEP = timedelta(hours=24)


class LiveMessage(msgspec.Struct, frozen=True):
    """What a screen hears."""

    seq: int
    topic: str
    ids: dict[str, str]


def account(account_id: UUID) -> str:
    return f"account:{account_id}"


def patient(patient_id: UUID, needs: str) -> list[str]:
    """The patient's side: the patient, who does all for them, and whose relation keeps the permission `needs`."""
    return [f"patient:{patient_id}", f"patient:{patient_id}:{needs}"]


def role(which: Role) -> str:
    return f"role:{which}"


def audiences_of(actor: Actor) -> frozenset[str]:
    """Every audience this person belongs to."""
    names = {role(each) for each in actor.roles}
    if actor.account_id:
        names.add(account(actor.account_id))
    if actor.patient_id and actor.keeps is None:
        names.add(f"patient:{actor.patient_id}")
    elif actor.patient_id and actor.keeps is not None:
        names |= {f"patient:{actor.patient_id}:{permission}" for permission in actor.keeps}
    return frozenset(names)


_NEWEST = text("SELECT seq FROM live_counter WHERE clinic_id = :clinic")


async def newest(read: "ReadSession") -> int:
    """The number of the clinic's newest live event, 0 before the first. What is committed later has a higher one."""
    found: int | None = await read.scalar(_NEWEST, {"clinic": read.clinic_id})
    return found or 0


def publish(write: "WriteSession", topic: str, to: list[str], **ids: str) -> None:
    """Tell the audiences when this transaction commits. Ids only, never health data."""
    write.publish(LiveEvent(write.clinic_id, topic, tuple(to), ids))
