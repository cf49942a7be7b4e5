"""Opening, reading and saving a note, and who may write it. Signing is in `signing`."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from chart.notes.access import NOTE
from chart.notes.domain import NoteContent, NoteStatus, prefilled, problems_with
from chart.notes.models import Note, NoteAddendum, NoteVersion
from chart.terminology import loinc
from chart.terminology.models import Icd10Code
from core import audit, json
from core.database.session import ReadSession, WriteSession
from core.errors import Conflict, Invalid, NotFound, Stale
from core.ids import new_id
from identity.person.names import name_of
from identity.readable import check_not_closed, fetch, locked, readable
from identity.related.adults import Adult, in_words
from visits import repository as visits
from visits.access import check_has_visit
from visits.domain import VisitStatus
from visits.models import Visit


async def open_note(write: WriteSession, visit_id: UUID) -> Note:
    """The visit's note, made from the intake when its clinician opens it first. Opening twice makes one.

    Raises NotFound, Forbidden `not_your_visit`, Conflict `visit_not_admitted`.
    """
    visit = await visits.get_visible(write, visit_id)
    if visit.clinician_id is None:
        raise Conflict("visit_not_admitted")
    note = await note_of_visit(write, visit_id)
    if note is not None:
        await audit.log(write, "note.read", patient_id=note.patient_id, entity=("note", note.id))
        return note
    check_has_visit(write.actor, visit)
    if visit.status is not VisitStatus.ADMITTED:
        raise Conflict("visit_not_admitted")
    await _insert(write, visit)
    made = await note_of_visit(write, visit_id)
    if made is None:
        raise RuntimeError("a note that was inserted, or was there, is there")
    return made


async def _insert(write: WriteSession, visit: Visit) -> None:
    """Two tabs that open the note at once meet at the unique visit: one of them inserts."""
    now, account_id, note_id = write.now(), write.actor.account_id, new_id()
    adult = adult_at(visit)
    content = json.plain(prefilled(visit.intake_summary, adult))
    inserted = await write.scalar(
        insert(Note)
        .values(
            id=note_id,
            clinic_id=write.clinic_id,
            created_at=now,
            visit_id=visit.id,
            patient_id=visit.patient_id,
            author_id=account_id,
            version=1,
            status=NoteStatus.DRAFT,
            content=content,
            saved_at=now,
            saved_by=account_id,
            adult_line=in_words(adult) if adult else None,
        )
        .on_conflict_do_nothing(index_elements=["visit_id"])
        .returning(Note.id)
    )
    if inserted is None:
        return
    write.add(
        NoteVersion(
            note_id=note_id,
            version=1,
            clinic_id=write.clinic_id,
            content=content,
            saved_at=now,
            saved_by=account_id,
        )
    )
    await write.flush()
    await audit.log(write, "note.open", patient_id=visit.patient_id, entity=("note", note_id))


def adult_at(visit: Visit) -> Adult | None:
    """Who is with the child at a visit."""
    return msgspec.convert(visit.adult, Adult) if visit.adult else None


async def note_of_visit(read: ReadSession, visit_id: UUID) -> Note | None:
    query = select(Note).where(Note.visit_id == visit_id, readable(NOTE, read.subject))
    note: Note | None = await read.one_or_none(query)
    return note


async def note_by_id(read: ReadSession, note_id: UUID) -> Note:
    """Raises NotFound."""
    return await fetch(read, NOTE, note_id)


async def may_write(read: ReadSession, note: Note) -> bool:
    """Whether the reader has the visit that the note belongs to."""
    clinician = await read.scalar(select(Visit.clinician_id).where(Visit.id == note.visit_id))
    return bool(clinician == read.actor.account_id)


async def for_update(write: WriteSession, note_id: UUID) -> tuple[Note, Visit]:
    """The note, locked, with its visit. Raises NotFound; Forbidden where the visit is another clinician's."""
    query = (
        select(Note, Visit)
        .join(Visit, Visit.id == Note.visit_id)
        .where(Note.id == note_id, readable(NOTE, write.subject))
    )
    row = (await write.execute(locked(query, Note))).one_or_none()
    if row is None:
        await check_not_closed(write, NOTE, note_id)
        raise NotFound
    note: Note = row.Note
    visit: Visit = row.Visit
    check_has_visit(write.actor, visit)
    return note, visit


class Saved(NamedTuple):
    """What a save came to: the version to write the next one on."""

    version: int
    status: NoteStatus
    saved_at: datetime


# A save as it nearly always is: by whoever has the visit, on the current version, with the diagnoses left alone. The
# version kept for ever and the audit row come with it in one statement; no row means that something is otherwise.
_SAVE = text("""
WITH saved AS (
    UPDATE note n
       SET content = said.content, version = n.version + 1, status = 'draft', document = NULL, sha256 = NULL,
           saved_at = :at, saved_by = :account
      FROM visit v, (SELECT cast(:content AS jsonb) AS content) AS said
     WHERE n.id = :entity_id AND v.id = n.visit_id AND v.clinician_id = :account AND n.version = :version
       AND n.status <> 'signed' AND n.content <> said.content
       AND n.content -> 'diagnoses' = said.content -> 'diagnoses'
    RETURNING n.id, n.clinic_id, n.patient_id, n.version, n.content
), kept AS (
    INSERT INTO note_version (note_id, version, clinic_id, content, saved_at, saved_by)
    SELECT id, version, clinic_id, content, :at, :account FROM saved
), audited AS (
    INSERT INTO audit_event (clinic_id, at, account_id, roles, session_id, request_id, action, entity_type,
                             entity_id, patient_id, detail)
    SELECT :clinic, :at, :account, :roles, :session, :request, :action, :entity_type, :entity_id, patient_id,
           jsonb_build_object('version', version)
      FROM saved
)
SELECT version FROM saved
""")


async def save(write: WriteSession, note_id: UUID, version: int, content: NoteContent) -> Saved:
    """Save what the editor holds as the next version. Any save takes a ready note back to draft.

    A save repeated after a lost answer changes nothing and answers alike. Raises Conflict `note_stale` with the
    newer text when `version` is not the current one, Conflict `note_signed`, Invalid.
    """
    if found := problems_with(content, loinc.limits()):
        raise Invalid(found)
    params = audit.parameters(write, "note.save", entity=("note", note_id))
    params |= {"version": version, "content": json.encode_text(content)}
    next_version = await write.scalar(_SAVE, params)
    if next_version is not None:
        return Saved(next_version, NoteStatus.DRAFT, params["at"])
    return await _save_carefully(write, note_id, version, content)


async def _save_carefully(write: WriteSession, note_id: UUID, version: int, content: NoteContent) -> Saved:
    """The same step by step: finds out what stands against it, and takes diagnoses that were changed."""
    note, _ = await for_update(write, note_id)
    if note.status == NoteStatus.SIGNED:
        raise Conflict("note_signed")
    current = msgspec.convert(note.content, NoteContent)
    if content.diagnoses != current.diagnoses:
        content = await _with_official_names(write, content)
    # As text: 37.2 equals 37.20, and is not the same.
    if json.encode(content) == json.encode(current):
        return Saved(note.version, NoteStatus(note.status), note.saved_at)
    if note.version != version:
        raise Stale(
            "note_stale",
            version=note.version,
            content=note.content,
            saved_at=note.saved_at.isoformat(),
            saved_by=await name_of(write, note.saved_by),
        )
    await keep(write, note, content)
    return Saved(note.version, NoteStatus(note.status), note.saved_at)


async def keep(write: WriteSession, note: Note, content: NoteContent) -> None:
    """The content as the next version of a locked note."""
    _fill(note, content, write)
    write.add(
        NoteVersion(
            note_id=note.id,
            version=note.version,
            clinic_id=write.clinic_id,
            content=note.content,
            saved_at=note.saved_at,
            saved_by=note.saved_by,
        )
    )
    await write.flush()
    await audit.log(
        write,
        "note.save",
        patient_id=note.patient_id,
        entity=("note", note.id),
        detail={"version": note.version},
    )


def _fill(note: Note, content: NoteContent, write: WriteSession) -> None:
    note.version += 1
    note.content = json.plain(content)
    note.saved_at = write.now()
    note.saved_by = write.actor.own_account
    # What was made ready is no longer what the note says (case: an edit after 'ready to sign').
    note.status = NoteStatus.DRAFT
    note.document = None
    note.sha256 = None


async def _with_official_names(read: ReadSession, content: NoteContent) -> NoteContent:
    """The diagnoses under the description of their code. Raises Invalid for one that cannot be a diagnosis."""
    codes = [line.code for line in content.diagnoses]
    rows = await read.execute(
        select(Icd10Code.code, Icd10Code.description, Icd10Code.billable).where(Icd10Code.code.in_(codes))
    )
    known = {row.code: row for row in rows}
    wrong = {}
    for at, code in enumerate(codes):
        if code not in known:
            wrong[f"content.diagnoses.{at}.code"] = "unknown_code"
        elif not known[code].billable:
            wrong[f"content.diagnoses.{at}.code"] = "code_not_specific"
    if wrong:
        raise Invalid(wrong)
    named = [
        msgspec.structs.replace(line, display=known[line.code].description) for line in content.diagnoses
    ]
    return msgspec.structs.replace(content, diagnoses=named)


async def addenda_of(read: ReadSession, note_id: UUID) -> Sequence[NoteAddendum]:
    query = select(NoteAddendum).where(NoteAddendum.note_id == note_id)
    return (await read.scalars(query.order_by(NoteAddendum.signed_at, NoteAddendum.id))).all()


async def versions_of(read: ReadSession, note_id: UUID) -> Sequence[NoteVersion]:
    """Every version, newest first."""
    query = select(NoteVersion).where(NoteVersion.note_id == note_id)
    return (await read.scalars(query.order_by(NoteVersion.version.desc()))).all()
