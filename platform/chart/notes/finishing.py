"""'Finish visit': the clinician's one action signs the note and ends the visit, both or neither."""

from uuid import UUID

from chart.notes import service, signing
from chart.notes.models import Note
from core.db import WriteSession
from core.errors import Conflict
from visits import repository as visits
from visits import service as visit_service
from visits.access import check_has_visit
from visits.domain import VisitStatus


async def finish_visit(write: WriteSession, visit_id: UUID, shown: str) -> Note:
    """Sign the document whose SHA-256 is `shown`, and finish the visit; doing it twice changes nothing.

    The visit is locked before its note, everywhere, so that two finishers cannot wait for each other. Raises what
    `signing.sign` raises, NotFound, Forbidden `not_your_visit`, Conflict `note_missing`.
    """
    visit = await visits.for_update(write, visit_id)
    check_has_visit(write.actor, visit)
    note = await service.note_of_visit(write, visit_id)
    if note is None:
        raise Conflict("note_missing")
    signed = await signing.sign(write, note.id, shown)
    if visit.status is not VisitStatus.FINISHED:
        await visit_service.finish(write, visit)
    return signed
