"""From 'ready to sign' to signed, and adding to what is signed: the bytes shown are the bytes signed, once."""

from uuid import UUID

import msgspec
from sqlalchemy import select

from chart import signatures
from chart.domain import Source
from chart.events import NoteSigned
from chart.notes import presence, service
from chart.notes.access import NOTE
from chart.notes.domain import (
    FORMAT,
    NoteContent,
    NoteStatus,
    SignedDocument,
    missing_for_signing,
    with_adult,
)
from chart.notes.models import Note, NoteAddendum, PlanItem
from chart.record import store
from chart.record.service import asserted
from chart.record.types import condition, observation
from chart.terminology import loinc
from core import audit, live
from core.actor import Role
from core.database.session import ReadSession, WriteSession
from core.errors import Conflict, Invalid, Stale
from core.events import outbox
from identity.models import Staff
from identity.patients import service as patients
from identity.permissions import Permission
from identity.readable import readable
from identity.related.adults import in_words
from visits import repository as visits
from visits import timeline
from visits.models import Visit


async def make_ready(write: WriteSession, note_id: UUID, version: int) -> Note:
    """Fix the bytes to be signed and show them. The adult who is with a child is the one named last, and guests are
    named who were in the call so far; either makes another version. Raises Conflict `note_stale` or `note_signed`,
    Invalid."""
    await _hold_visit(write, note_id)
    note, visit = await service.for_update(write, note_id)
    if note.status == NoteStatus.SIGNED:
        raise Conflict("note_signed")
    if note.version != version:
        raise Stale("note_stale", version=note.version, content=note.content)
    content = msgspec.convert(note.content, NoteContent)
    if missing := missing_for_signing(content):
        raise Invalid(missing)
    content = await _name_adult(write, note, visit, content)
    content = await presence.name_present(write, note, content)
    document = signatures.canonical(await _document(write, note, content))
    note.status, note.document, note.sha256 = NoteStatus.READY, document, signatures.sha256(document)
    await write.flush()
    await audit.log(
        write,
        "note.ready",
        patient_id=note.patient_id,
        entity=("note", note.id),
        detail={"version": note.version, "sha256": note.sha256},
    )
    return note


async def _hold_visit(write: WriteSession, note_id: UUID) -> None:
    """Lock the note's visit, before the note as everywhere, so that nobody names another adult in the meantime."""
    visit_id = await write.scalar(
        select(Note.visit_id).where(Note.id == note_id, readable(NOTE, write.subject))
    )
    if visit_id is not None:
        await visits.for_update(write, visit_id)


async def _name_adult(write: WriteSession, note: Note, visit: Visit, content: NoteContent) -> NoteContent:
    """The note's content with who is with the child by now, unless the clinician wrote that line."""
    adult = service.adult_at(visit)
    named = with_adult(content, note.adult_line, adult) if adult else None
    if adult is None or named is None:
        return content
    note.adult_line = in_words(adult)
    if named != content:
        await service.keep(write, note, named)
    return named


async def adult_left_out(read: ReadSession, note: Note) -> str | None:
    """The line about the adult with the child, where the note has another one, of the clinician's own."""
    visit = await read.one_or_not_found(select(Visit).where(Visit.id == note.visit_id))
    adult = service.adult_at(visit)
    if adult is None or with_adult(msgspec.convert(note.content, NoteContent), note.adult_line, adult):
        return None
    return in_words(adult)


async def _document(read: ReadSession, note: Note, content: NoteContent) -> SignedDocument:
    patient = await patients.get(read, note.patient_id)
    staff: Staff | None = await read.one_or_none(
        select(Staff).where(Staff.account_id == read.actor.account_id)
    )
    author = {"account_id": str(read.actor.account_id), "name": read.actor.name}
    if staff is not None:
        author |= {"credentials": staff.credentials or "", "npi": staff.npi or ""}
    return SignedDocument(
        format=FORMAT,
        clinic_id=note.clinic_id,
        visit_id=note.visit_id,
        note_id=note.id,
        version=note.version,
        patient={
            "id": str(patient.id),
            "name": patient.full_name,
            "birth_date": patient.birth_date.isoformat(),
            "mrn": patient.mrn,
        },
        author=author,
        content=content,
    )


async def sign(write: WriteSession, note_id: UUID, shown: str) -> Note:
    """Sign the document whose SHA-256 is `shown`. A second signing of the same answers with the first one.

    Raises Conflict `note_changed` when the note is not ready with just these bytes, or names another adult than the
    visit by now, `note_signed` when it was
    signed with others.
    """
    await _hold_visit(write, note_id)
    note, visit = await service.for_update(write, note_id)
    if note.status == NoteStatus.SIGNED:
        if note.sha256 == shown:
            return note
        raise Conflict("note_signed")
    content = msgspec.convert(note.content, NoteContent)
    if note.status != NoteStatus.READY or note.sha256 != shown or _names_another(note, visit, content):
        raise Conflict("note_changed", version=note.version)
    now, signer = write.now(), write.actor.account_id
    note.status, note.signed_at, note.signed_by = NoteStatus.SIGNED, now, signer
    note.signature = write.services.keyring.signer.sign(
        signatures.statement("note", note.id, shown, now, signer)
    )
    await write.flush()
    await _write_plan(write, note, content)
    await _write_facts(write, note, content)
    await audit.log(
        write, "note.sign", patient_id=note.patient_id, entity=("note", note.id), detail={"sha256": shown}
    )
    _add_step(write, note, "note.signed")
    await outbox.add(write, NoteSigned(visit_id=note.visit_id, note_id=note.id, patient_id=note.patient_id))
    live.publish(
        write,
        "note.signed",
        [
            live.role(Role.CLINICIAN),
            live.role(Role.COORDINATOR),
            *live.patient(note.patient_id, Permission.SUMMARY_READ),
        ],
        visit_id=str(note.visit_id),
        patient_id=str(note.patient_id),
    )
    return note


def _names_another(note: Note, visit: Visit, content: NoteContent) -> bool:
    """Whether another adult was named since the note was made ready."""
    adult = service.adult_at(visit)
    return adult is not None and with_adult(content, note.adult_line, adult) not in (content, None)


def _add_step(write: WriteSession, note: Note, kind: str) -> None:
    timeline.add(write, visit_id=note.visit_id, patient_id=note.patient_id, kind=kind, ref=note.id)


async def _write_plan(write: WriteSession, note: Note, content: NoteContent) -> None:
    write.add_all(
        PlanItem(
            note_id=note.id,
            visit_id=note.visit_id,
            patient_id=note.patient_id,
            position=position,
            kind=line.kind,
            title=line.title.strip(),
            due_in_days=line.due_in_days,
            detail=line.detail.strip(),
        )
        for position, line in enumerate(content.plan_items)
    )
    await write.flush()


async def _write_facts(write: WriteSession, note: Note, content: NoteContent) -> None:
    """What the note establishes goes to the record: the visit's diagnoses, and what the patient measured."""
    clinician = asserted(write, note.patient_id, Source.CLINICIAN)
    for line in content.diagnoses:
        diagnosis = condition.build(
            line.display, clinician, code=line.code, encounter_diagnosis=not line.add_to_problems
        )
        await store.put(write, note.patient_id, diagnosis, visit_id=note.visit_id)
    told = asserted(write, note.patient_id, Source.PATIENT)
    for vital in content.vitals:
        measured = observation.vital(loinc.terms()[vital.code], vital.value, told)
        await store.put(write, note.patient_id, measured, source=Source.PATIENT, visit_id=note.visit_id)


async def add_addendum(write: WriteSession, note_id: UUID, text: str) -> NoteAddendum:
    """Add words to a signed note, signed as they are written. Raises Conflict `note_not_signed`, Invalid."""
    note, _ = await service.for_update(write, note_id)
    if note.status != NoteStatus.SIGNED:
        raise Conflict("note_not_signed")
    if "\x00" in text or not text.strip():
        raise Invalid({"text": "unsupported_character" if "\x00" in text else "required"})
    now, author = write.now(), write.actor.account_id
    digest = signatures.sha256(text.encode())
    addendum = NoteAddendum(
        note_id=note.id,
        author_id=author,
        text=text,
        signed_at=now,
        sha256=digest,
        signature=write.services.keyring.signer.sign(
            signatures.statement("note", note.id, digest, now, author)
        ),
    )
    write.add(addendum)
    await write.flush()
    await audit.log(write, "note.addend", patient_id=note.patient_id, entity=("note", note.id))
    _add_step(write, note, "note.addended")
    return addendum
