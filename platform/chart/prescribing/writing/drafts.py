"""Writing a prescription: begin, change, look at what speaks against it, give it up."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

import msgspec
from sqlalchemy import select

from chart import signatures
from chart.prescribing import recording, repository
from chart.prescribing.access import check_is_prescriber, check_may_prescribe
from chart.prescribing.announce import publish_change
from chart.prescribing.domain import MAX_NOTE, NUMBERS, RxStatus, SignedAcknowledgement
from chart.prescribing.medicines.sig import Sig, problems
from chart.prescribing.models import Drug, Prescription
from chart.prescribing.safety import chart_check
from chart.prescribing.transmission.newrx import can_be_sent
from chart.prescribing.writing import acknowledging, composing
from chart.prescribing.writing.composing import Parties
from chart.terminology.models import Icd10Code
from core import audit
from core.database.session import ReadSession, WriteSession
from core.errors import Conflict, Invalid, Stale
from core.ids import new_id
from identity.models import Patient
from visits import repository as visits


@dataclass(frozen=True, slots=True)
class Content:
    """What the clinician may change in a draft. ``quantity`` None follows the directions; ``unread`` are the paths of
    fields whose text is no number yet.
    """

    sig: Sig
    quantity: Decimal | None
    days_supply: int | None
    refills: int
    substitutions_allowed: bool
    note: str
    diagnosis: str | None
    pharmacy_id: UUID | None
    unread: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Review:
    """A prescription with all that is to be seen before signing it.

    ``missing`` names what a pharmacy would lack, ``wrong`` the fields that could not be sent as they are, each with a
    code; ``sha256`` is of the document that would be signed, None while something is missing or wrong, or the
    medicine cannot be signed here. ``acknowledged``: the prescriber has read what the check did not understand.
    """

    prescription: Prescription
    of: Parties
    check: chart_check.Check
    acknowledged: SignedAcknowledgement | None
    missing: list[str]
    wrong: dict[str, str]
    document: bytes | None

    @property
    def sha256(self) -> str | None:
        return signatures.sha256(self.document) if self.document is not None else None


async def begin(write: WriteSession, visit_id: UUID, drug_id: str, sig: Sig | None) -> Prescription:
    """A draft with the medicine's usual directions and the patient's pharmacy.

    Raises NotFound, Forbidden, Conflict, and Invalid for a medicine we do not know.
    """
    visit = await visits.get_visible(write, visit_id)
    check_may_prescribe(write.actor, visit)
    drug = await repository.drug(write, drug_id)
    if drug is None:
        raise Invalid({"drug_id": "drug_unknown"})
    preferred = await write.scalar(
        select(Patient.preferred_pharmacy_id).where(Patient.id == visit.patient_id)
    )
    pharmacy = await repository.pharmacy(write, preferred)
    sig = sig or msgspec.convert(drug.usual[0], Sig)
    if wrong := _written(sig, drug) or composing.supply_problems(sig, drug, None, None, 0):
        raise Invalid(wrong)
    prescription = Prescription(
        id=new_id(),
        patient_id=visit.patient_id,
        visit_id=visit.id,
        prescriber_id=write.actor.account_id,
        drug_id=drug.id,
        pharmacy_id=pharmacy.id if pharmacy else None,
        version=1,
        status=RxStatus.DRAFT,
        sig=msgspec.to_builtins(sig),
        quantity=None,
        days_supply=None,
        refills=0,
        substitutions_allowed=True,
        note="",
        diagnosis=None,
        unread=[],
        updated_at=write.now(),
        overrides=[],
        tries=0,
    )
    write.add(prescription)
    await write.flush()
    await _record(write, prescription, "prescription.draft")
    return prescription


async def change(write: WriteSession, prescription_id: UUID, version: int, content: Content) -> Prescription:
    """Save the draft anew. Raises Invalid by field, Conflict `prescription_stale`, `prescription_signed`."""
    prescription = await _draft(write, prescription_id)
    if prescription.version != version:
        raise Stale("prescription_stale", version=prescription.version)
    drug = await _drug_of(write, prescription)
    await _check_content(write, content, drug)
    prescription.sig = msgspec.to_builtins(content.sig)
    prescription.quantity = content.quantity
    prescription.days_supply = content.days_supply
    prescription.refills = content.refills
    prescription.substitutions_allowed = content.substitutions_allowed
    prescription.note = content.note.strip()
    prescription.diagnosis = content.diagnosis
    prescription.pharmacy_id = content.pharmacy_id
    prescription.unread = sorted(content.unread)
    prescription.version += 1
    prescription.updated_at = write.now()
    await write.flush()
    publish_change(write, prescription)
    return prescription


async def cancel(write: WriteSession, prescription_id: UUID) -> Prescription:
    """Give up a draft, or call back what is signed and not yet on its way. Twice is once.

    Raises Conflict `prescription_sent` once a worker has it.
    """
    prescription = await repository.for_update(write, prescription_id)
    check_is_prescriber(write.actor, prescription)
    if prescription.status == RxStatus.CANCELLED:
        return prescription
    if prescription.status not in {RxStatus.DRAFT, RxStatus.SIGNED}:
        raise Conflict("prescription_sent", status=prescription.status)
    prescription.move(RxStatus.CANCELLED)
    prescription.updated_at = write.now()
    await write.flush()
    if prescription.document is not None:
        await recording.keep(write, prescription)
    await _record(write, prescription, "prescription.cancel")
    return prescription


async def of_visit(read: ReadSession, visit_id: UUID) -> dict[UUID, str]:
    """What was begun in a visit and neither signed nor given up: each draft's id and medicine."""
    query = (
        select(Prescription.id, Drug.title)
        .join(Drug, Drug.id == Prescription.drug_id)
        .where(Prescription.visit_id == visit_id, Prescription.status == RxStatus.DRAFT)
        .order_by(Prescription.created_at)
    )
    return {row.id: row.title for row in await read.execute(query)}


async def discard(write: WriteSession, prescription_id: UUID) -> None:
    """Give up a draft of a visit that its clinician is finishing, whoever began it."""
    prescription = await repository.for_update(write, prescription_id)
    if prescription.status != RxStatus.DRAFT:
        raise Conflict("prescription_signed", status=prescription.status)
    prescription.move(RxStatus.CANCELLED)
    prescription.updated_at = write.now()
    await write.flush()
    await _record(write, prescription, "prescription.cancel")


async def review(read: ReadSession, prescription: Prescription) -> Review:
    """Everything that is to be seen before signing; for a signed one, what was signed."""
    drug = await _drug_of(read, prescription)
    of = await composing.load_parties(read, prescription, drug)
    today = composing.today(read, of.place)
    missing, wrong, document = composing.missing(of, today), {}, prescription.document
    check, acknowledged = chart_check.Check(), None
    if prescription.status == RxStatus.DRAFT:
        check = await chart_check.run(read, prescription, drug)
        acknowledged = acknowledging.kept(prescription, check.unread)
    if document is None:
        wrong = composing.problems_of(prescription, drug)
        if not missing and not wrong and not drug.schedule:
            composed = composing.document(prescription, of, today, acknowledged)
            # What cannot be sent cannot be signed.
            if can_be_sent(composed):
                document = signatures.canonical(composed)
            else:
                missing = ["message"]
    return Review(prescription, of, check, acknowledged, missing, wrong, document)


async def _draft(write: WriteSession, prescription_id: UUID) -> Prescription:
    prescription = await repository.for_update(write, prescription_id)
    check_is_prescriber(write.actor, prescription)
    if prescription.status != RxStatus.DRAFT:
        raise Conflict("prescription_signed", status=prescription.status)
    return prescription


async def _drug_of(read: ReadSession, prescription: Prescription) -> Drug:
    drug = await repository.drug(read, prescription.drug_id)
    if drug is None:
        raise RuntimeError("the foreign key of prescription.drug_id does not hold")
    return drug


def _written(sig: Sig, drug: Drug) -> dict[str, str]:
    """What is wrong with directions, by path."""
    return {f"sig.{field}": code for field, code in problems(sig, drug.form, drug.route).items()}


async def _check_content(read: ReadSession, content: Content, drug: Drug) -> None:
    """Raises Invalid with every field that is wrong."""
    wrong = _written(content.sig, drug)
    wrong |= composing.supply_problems(
        None if wrong else content.sig, drug, content.quantity, content.days_supply, content.refills
    )
    if content.unread - NUMBERS:
        wrong["unread"] = "unknown_field"
    note = content.note.strip()
    if len(note) > MAX_NOTE:
        wrong["note"] = "too_long"
    elif note and not note.isprintable():
        wrong["note"] = "control_characters"
    if content.diagnosis is not None:
        known = select(Icd10Code.code).where(Icd10Code.code == content.diagnosis)
        if await read.one_or_none(known) is None:
            wrong["diagnosis"] = "unknown_code"
    if content.pharmacy_id is not None and await repository.pharmacy(read, content.pharmacy_id) is None:
        wrong["pharmacy_id"] = "pharmacy_unknown"
    if wrong:
        raise Invalid(wrong)


async def _record(write: WriteSession, prescription: Prescription, action: str) -> None:
    await audit.log(
        write, action, patient_id=prescription.patient_id, entity=("prescription", prescription.id)
    )
    publish_change(write, prescription)
