"""Marks a note as sensitive, or takes that back: also one that is signed, whose bytes stay as they are."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from chart.notes import service
from chart.notes.models import Note
from chart.record import store
from core import audit
from core.database.session import ReadSession, WriteSession
from identity.privacy.domain import Sensitive
from identity.privacy.models import SensitiveNote


async def mark(write: WriteSession, note_id: UUID, category: Sensitive | None) -> Note:
    """Close the note to whoever has no part in the care, or open it again with None. Twice is once.

    Raises NotFound, Restricted, Forbidden `not_your_visit`.
    """
    note, _ = await service.for_update(write, note_id)
    if await category_of(write, note.visit_id) == category:
        return note
    said: dict[str, Any] = {
        "category": category,
        "changed_at": write.now(),
        "changed_by": write.actor.own_account,
    }
    whose = {"clinic_id": note.clinic_id, "note_id": note.id, "patient_id": note.patient_id}
    row = insert(SensitiveNote).values(visit_id=note.visit_id, **whose, **said)
    await write.execute(row.on_conflict_do_update(index_elements=["visit_id"], set_=said))
    await audit.log(
        write,
        "note.sensitive",
        patient_id=note.patient_id,
        entity=("note", note.id),
        # What kind of care it is stands in the mark: administrators read the audit.
        detail={"marked": category is not None},
    )
    store.publish_change(write, note.patient_id)
    return note


async def category_of(read: ReadSession, visit_id: UUID) -> Sensitive | None:
    """As what the visit's note is marked."""
    found = await read.scalar(select(SensitiveNote.category).where(SensitiveNote.visit_id == visit_id))
    return Sensitive(found) if found else None
