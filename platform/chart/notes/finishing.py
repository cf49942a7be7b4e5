"""'Finish visit': the clinician's one action signs the note and ends the visit, both or neither."""

from collections.abc import Collection
from uuid import UUID

from chart.notes import service, signing
from chart.notes.models import Note
from chart.prescribing.writing import drafts
from core.database.session import WriteSession
from core.errors import Conflict
from visits import repository as visits
from visits import service as visit_service
from visits.access import check_has_visit
from visits.domain import VisitStatus


async def finish_visit(
    write: WriteSession, visit_id: UUID, shown: str, discarded: Collection[UUID] = ()
) -> Note:
    """Sign the document whose SHA-256 is `shown`, and finish the visit; doing it twice changes nothing.

    `discarded` are the prescriptions that were begun, are not signed, and are given up with this. One that is not
    among them is a medicine that the patient was promised and would never get: Conflict `unsigned_prescriptions`
    (with `prescriptions`: id and drug of each).

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
        await _discard_drafts(write, visit_id, discarded)
        await visit_service.finish(write, visit)
    return signed


async def _discard_drafts(write: WriteSession, visit_id: UUID, discarded: Collection[UUID]) -> None:
    unsigned = await drafts.of_visit(write, visit_id)
    if unsigned.keys() - set(discarded):
        told = [{"id": str(each), "drug": drug} for each, drug in unsigned.items()]
        raise Conflict("unsigned_prescriptions", prescriptions=told)
    for each in unsigned:
        await drafts.discard(write, each)
