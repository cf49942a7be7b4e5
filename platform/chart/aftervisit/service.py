"""Makes and keeps the after-visit summary."""

import asyncio
import base64
import hashlib
import re
from functools import partial
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from sqlalchemy import select

from chart.aftervisit import pdf, words
from chart.aftervisit.access import SUMMARY
from chart.aftervisit.content import Clinic as ClinicPart
from chart.aftervisit.content import Facts, Lay, Medicine, Summary, compose
from chart.aftervisit.models import AfterVisitSummary
from chart.domain import Source
from chart.notes.domain import NoteContent, NoteStatus
from chart.notes.models import Note
from chart.prescribing.domain import RxStatus, SignedPrescription
from chart.prescribing.models import Drug, Prescription
from chart.record import store
from chart.record.building import Asserter
from chart.record.types import document_reference
from chart.terminology.models import LayTerm
from core import live
from core.database.session import ReadSession, WriteSession, system_unit
from core.errors import NotYet
from core.events import outbox
from core.events.outbox import Keep, nothing_to_keep
from core.files import service as files
from core.files.models import Readers
from core.services import Services
from directory.locations import repository as locations
from identity.clinic import settings as clinic_settings
from identity.models import Account, Patient, Staff
from identity.permissions import Permission
from identity.person.contacts import readable_phone
from identity.readable import readable
from visits import repository as visits
from visits import timeline
from visits.events import SummaryReady
from visits.models import Visit
from visits.repository import get_visible

_QUOTED = re.compile("\u201c(.+)\u201d", re.DOTALL)


class Outdated(Exception):
    """What the summary says changed while its PDF was made: it is to be made again."""


class Made(NamedTuple):
    """A summary with its PDF, which is in the store already."""

    summary: Summary
    rendered: bytes
    file: files.NewFile


async def make(services: Services, clinic_id: UUID, visit_id: UUID) -> Keep:
    """Make the visit's summary from its signed note, or make it anew; nothing while there is no signed note.

    The PDF is rendered and stored while no transaction is open; what is returned keeps it.
    """
    async with system_unit(services, clinic_id) as unit:
        note = await _signed_note(unit.read, visit_id)
        if note is None:
            return nothing_to_keep
        summary = compose(await _facts(unit.read, note))
    rendered = await asyncio.to_thread(pdf.render, summary)
    about = files.About(
        purpose="after_visit_summary",
        readers=Readers.PATIENT_AND_CARE_TEAM,
        patient_id=note.patient_id,
        visit_id=visit_id,
        owner_id=note.signed_by,
    )
    made = Made(summary, rendered, await files.store(services, clinic_id, about, rendered))
    return partial(_keep, visit_id=visit_id, made=made)


async def _signed_note(read: ReadSession, visit_id: UUID) -> Note | None:
    query = select(Note).where(Note.visit_id == visit_id, Note.status == NoteStatus.SIGNED)
    note: Note | None = await read.one_or_none(query)
    return note


async def _keep(write: WriteSession, visit_id: UUID, made: Made) -> None:
    """Raises Outdated: two makers may overtake each other, and the older summary must not stay."""
    await visits.for_update(write, visit_id)
    note = await _signed_note(write, visit_id)
    if note is None or compose(await _facts(write, note)) != made.summary:
        raise Outdated
    kept: AfterVisitSummary | None = await write.one_or_none(
        select(AfterVisitSummary).where(AfterVisitSummary.visit_id == visit_id).with_for_update()
    )
    document = _document(write, note, made.summary, made.rendered)
    record = (
        await store.edit(
            write, note.patient_id, kept.record_id, lambda current: {**current.resource, **document}
        )
        if kept
        else await store.put(write, note.patient_id, document, visit_id=visit_id)
    )
    row = kept or AfterVisitSummary(
        visit_id=visit_id, patient_id=note.patient_id, note_id=note.id, record_id=record.id
    )
    await files.keep(write, made.file)
    if kept is not None:
        await files.drop(write, kept.blob_id)
    row.blob_id = made.file.id
    row.content, row.made_at = msgspec.to_builtins(made.summary), write.now()
    if kept is None:
        write.add(row)
        timeline.add(write, visit_id=visit_id, patient_id=note.patient_id, kind="summary.ready")
        await outbox.add(write, SummaryReady(visit_id=visit_id, patient_id=note.patient_id))
    live.publish(
        write, "summary.ready", live.patient(note.patient_id, Permission.SUMMARY_READ), visit_id=str(visit_id)
    )


def _document(write: WriteSession, note: Note, summary: Summary, rendered: bytes) -> dict[str, object]:
    by = Asserter(Source.CLINICIAN, note.patient_id, note.signed_by, write.now())
    # FHIR's Attachment.hash is SHA-1 by definition; it guards against accidents, the sealed blob against people.
    sha1 = base64.b64encode(hashlib.sha1(rendered, usedforsecurity=False).digest()).decode()
    url = f"/api/visits/{note.visit_id}/summary.pdf"
    return document_reference.after_visit_summary(
        summary.labels["title"], url, sha1, len(rendered), summary.language, by
    )


async def _facts(read: ReadSession, note: Note) -> Facts:
    content = msgspec.convert(note.content, NoteContent)
    query = (
        select(Visit, Patient, Account.name, Staff.credentials)
        .join(Patient, Patient.id == Visit.patient_id)
        .join(Account, Account.id == note.signed_by)
        .outerjoin(Staff, Staff.account_id == Account.id)
        .where(Visit.id == note.visit_id)
    )
    row = (await read.execute(query)).one()
    visit: Visit = row.Visit
    patient: Patient = row.Patient
    place = await locations.place(read, visit.location_id)
    clinic = place.clinic
    at = visit.admitted_at or note.saved_at
    complaint = str((visit.intake_summary or {}).get("chief_complaint") or "")
    return Facts(
        language=patient.language,
        clinic=ClinicPart(
            clinic.name,
            place.phone and readable_phone(place.phone),
            readable_phone(place.emergency_number),
        ),
        crisis_number=readable_phone(clinic_settings.parse(clinic.settings).crisis_number),
        patient_name=patient.full_name,
        clinician_name=", ".join(filter(None, (row.name, row.credentials))),
        at=at.astimezone(_zone(patient.time_zone) or place.zone),
        complaint=own_words(complaint),
        note=content,
        medicines=await _medicines(read, note.visit_id, patient.language),
        lay=await _lay(read, [line.code for line in content.diagnoses]),
        signed_on=(note.signed_at or note.saved_at).astimezone(place.zone).date(),
        opening=place.opening(await locations.holidays(read)),
    )


def own_words(complaint: str) -> str | None:
    """What the patient said, without the reason before it, which the intake writes for the clinician."""
    quoted = _QUOTED.search(complaint)
    return (quoted.group(1) if quoted else complaint).strip() or None


def _zone(name: str | None) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


async def _lay(read: ReadSession, codes: list[str]) -> dict[str, Lay]:
    rows = await read.scalars(select(LayTerm).where(LayTerm.code.in_(codes)))
    return {row.code: Lay(row.en, row.es) for row in rows}


async def _medicines(read: ReadSession, visit_id: UUID, language: str) -> list[Medicine]:
    """What was prescribed in the visit, with the directions that were signed, in the patient's language."""
    query = (
        select(Drug.title, Prescription.document)
        .join(Drug, Drug.id == Prescription.drug_id)
        .where(Prescription.visit_id == visit_id, Prescription.document.is_not(None))
        .where(Prescription.status != RxStatus.CANCELLED)
        .order_by(Prescription.signed_at, Prescription.id)
    )
    signed = [
        (row.title, msgspec.json.decode(row.document, type=SignedPrescription))
        for row in await read.execute(query)
    ]
    spanish = words.language(language) == "es"
    return [Medicine(title, each.sig_es if spanish else each.sig_en) for title, each in signed]


async def summary_of(read: ReadSession, visit_id: UUID) -> AfterVisitSummary:
    """The summary, for the visit's own patient or the care team. Raises NotFound, NotYet."""
    query = select(AfterVisitSummary).where(
        AfterVisitSummary.visit_id == visit_id, readable(SUMMARY, read.subject)
    )
    row: AfterVisitSummary | None = await read.one_or_none(query)
    if row is None:
        await get_visible(read, visit_id)
        raise NotYet
    return row
