"""The note of a visit: open, read, save, make ready, sign, add to, finish the visit with it."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from litestar import Response

from chart.notes import finishing, sensitivity, service, signing
from chart.notes.domain import NoteContent, NoteStatus
from chart.notes.models import Note, NoteAddendum
from chart.notes.schemas import (
    AddendumIn,
    AddendumOut,
    FinishVisit,
    MarkNote,
    NoteOut,
    NoteVersionOut,
    ReadyNote,
    ReadyOut,
    SavedOut,
    SaveNote,
    SignedOut,
    SignNote,
    UnsignedPrescription,
)
from chart.prescribing.writing import drafts
from core import audit
from core.database.session import ReadSession, WriteSession
from core.edge.versions import IfMatch, tagged
from core.edge.web import get, post, put
from core.errors import NotFound
from identity.permissions import Permission
from identity.person.names import names_of
from visits import repository as visits


@post("/api/visits/{visit_id:uuid}/note", permission=Permission.NOTE_WRITE, status_code=200)
async def open_note(write: WriteSession, visit_id: UUID) -> Response[NoteOut]:
    """The visit's note; its clinician's first opening makes it from the intake."""
    return await _out(write, await service.open_note(write, visit_id))


@get("/api/visits/{visit_id:uuid}/note", permission=Permission.NOTE_READ)
async def read_note(read: ReadSession, visit_id: UUID) -> Response[NoteOut]:
    note = await service.note_of_visit(read, visit_id)
    if note is None:
        await visits.get_visible(read, visit_id)
        raise NotFound
    await audit.log(read, "note.read", patient_id=note.patient_id, entity=("note", note.id))
    return await _out(read, note)


@put("/api/notes/{note_id:uuid}", permission=Permission.NOTE_WRITE)
async def save_note(write: WriteSession, note_id: UUID, data: SaveNote, match: IfMatch) -> Response[SavedOut]:
    """Save the note on the version it was written on; 409 `note_stale` gives the newer one."""
    saved = await service.save(write, note_id, match.on(data.version), data.content)
    return tagged(SavedOut(*saved), saved.version)


@put("/api/notes/{note_id:uuid}/sensitivity", permission=Permission.NOTE_WRITE)
async def mark_note(write: WriteSession, note_id: UUID, data: MarkNote) -> Response[NoteOut]:
    """Mark a note as sensitive, signed or not: it closes to whoever has no part in the care."""
    return await _out(write, await sensitivity.mark(write, note_id, data.category))


@post("/api/notes/{note_id:uuid}/ready", permission=Permission.NOTE_WRITE, status_code=200)
async def ready_note(write: WriteSession, note_id: UUID, data: ReadyNote, match: IfMatch) -> ReadyOut:
    """The exact bytes that will be signed, to be shown first, with the adult who is with a child by now."""
    note = await signing.make_ready(write, note_id, match.on(data.version))
    unsigned = await drafts.of_visit(write, note.visit_id)
    return ReadyOut(
        note.version,
        (note.document or b"").decode(),
        note.sha256 or "",
        [UnsignedPrescription(each, drug) for each, drug in unsigned.items()],
        await signing.adult_left_out(write, note),
    )


@post("/api/notes/{note_id:uuid}/sign", permission=Permission.NOTE_SIGN, idempotent=True, status_code=200)
async def sign_note(write: WriteSession, note_id: UUID, data: SignNote) -> SignedOut:
    """Sign what was shown. However often, there is one signature, and each answer is the same. 403
    `step_up_required`."""
    return _signed(await signing.sign(write, note_id, data.sha256))


@post(
    "/api/visits/{visit_id:uuid}/finish-visit",
    permission=Permission.VISIT_FINISH,
    idempotent=True,
    status_code=200,
)
async def finish_visit(write: WriteSession, visit_id: UUID, data: FinishVisit) -> SignedOut:
    """Sign the note that was shown and end the visit, both or neither. 403 `step_up_required`; 409
    `unsigned_prescriptions` while a draft is neither signed nor among `discard_drafts`."""
    return _signed(await finishing.finish_visit(write, visit_id, data.sha256, data.discard_drafts))


@post("/api/notes/{note_id:uuid}/addenda", permission=Permission.NOTE_SIGN, idempotent=True)
async def add_addendum(write: WriteSession, note_id: UUID, data: AddendumIn) -> AddendumOut:
    """Add words to a signed note, signed themselves. 403 `step_up_required`."""
    addendum = await signing.add_addendum(write, note_id, data.text)
    return _addendum(addendum, write.actor.name)


@get("/api/notes/{note_id:uuid}/versions", permission=Permission.NOTE_READ)
async def note_versions(read: ReadSession, note_id: UUID) -> list[NoteVersionOut]:
    """Every version of a note, newest first."""
    note = await service.note_by_id(read, note_id)
    versions = await service.versions_of(read, note_id)
    names = await names_of(read, {each.saved_by for each in versions})
    await audit.log(read, "note.read", patient_id=note.patient_id, entity=("note", note_id))
    return [
        NoteVersionOut(
            each.version,
            each.saved_at,
            names.get(each.saved_by, ""),
            msgspec.convert(each.content, NoteContent),
        )
        for each in versions
    ]


async def _out(read: ReadSession, note: Note) -> Response[NoteOut]:
    addenda = await service.addenda_of(read, note.id)
    people = {note.author_id, note.saved_by, *(each.author_id for each in addenda)}
    names = await names_of(read, people | ({note.signed_by} if note.signed_by else set()))
    mine = await service.may_write(read, note)
    out = NoteOut(
        id=note.id,
        visit_id=note.visit_id,
        patient_id=note.patient_id,
        version=note.version,
        status=NoteStatus(note.status),
        content=msgspec.convert(note.content, NoteContent),
        author=names.get(note.author_id, ""),
        saved_at=note.saved_at,
        saved_by=names.get(note.saved_by, ""),
        editable=note.status != NoteStatus.SIGNED and mine,
        mine=mine,
        sensitive=await sensitivity.category_of(read, note.visit_id),
        sha256=note.sha256 if note.status == NoteStatus.SIGNED else None,
        signed_at=note.signed_at,
        signed_by=names.get(note.signed_by) if note.signed_by else None,
        addenda=_addenda(addenda, names),
    )
    return tagged(out, note.version)


def _addenda(addenda: Sequence[NoteAddendum], names: dict[UUID, str]) -> list[AddendumOut]:
    return [_addendum(each, names.get(each.author_id, "")) for each in addenda]


def _addendum(addendum: NoteAddendum, author: str) -> AddendumOut:
    return AddendumOut(addendum.id, author, addendum.text, addendum.signed_at, addendum.sha256)


def _signed(note: Note) -> SignedOut:
    if note.signed_at is None or note.signed_by is None or note.sha256 is None or note.signature is None:
        raise RuntimeError("a signed note has its signature")
    return SignedOut(
        note_id=note.id,
        visit_id=note.visit_id,
        version=note.version,
        signed_at=note.signed_at,
        signed_by=note.signed_by,
        sha256=note.sha256,
        signature=note.signature,
    )


ROUTES = [
    open_note,
    read_note,
    save_note,
    mark_note,
    ready_note,
    sign_note,
    finish_visit,
    add_addendum,
    note_versions,
]
