"""What the pharmacy says, and what that makes of a prescription: kept sealed, once, whatever order it comes in."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from chart.prescribing import recording, repository
from chart.prescribing.announce import announce_change
from chart.prescribing.domain import TRANSITIONS, Failure, RxStatus
from chart.prescribing.events import PrescriptionFailed, PrescriptionStatus
from chart.prescribing.models import Prescription, ScriptMessage
from chart.prescribing.script.messages import Error, Message, Verify
from core.database.session import ReadSession, WriteSession
from core.ids import new_id


async def keep_sent(write: WriteSession, prescription_id: UUID, message_id: str, data: bytes) -> None:
    """The NewRx, once."""
    await _keep(write, prescription_id, "out", "NewRx", message_id, None, data)


async def keep_received(
    write: WriteSession, prescription_id: UUID, message: Message, data: bytes
) -> UUID | None:
    """A message of the pharmacy; None if it has come before."""
    kind, header = type(message).__name__, message.header
    return await _keep(write, prescription_id, "in", kind, header.message_id, header.relates_to, data)


async def _keep(
    write: WriteSession,
    prescription_id: UUID,
    direction: str,
    kind: str,
    message_id: str,
    relates_to: str | None,
    data: bytes,
) -> UUID | None:
    """A row of script_message, its bytes sealed; None if that message has a row."""
    row_id = new_id()
    statement = (
        insert(ScriptMessage)
        .values(
            id=row_id,
            clinic_id=write.clinic_id,
            created_at=write.now(),
            prescription_id=prescription_id,
            direction=direction,
            kind=kind,
            message_id=message_id,
            relates_to=relates_to,
            sealed=write.services.keyring.seal(data, _context(row_id)),
        )
        .on_conflict_do_nothing(index_elements=["clinic_id", "direction", "message_id"])
        .returning(ScriptMessage.id)
    )
    kept: UUID | None = await write.scalar(statement)
    return kept


def _context(row_id: UUID) -> str:
    return f"script_message:{row_id}"


async def opened(read: ReadSession, row_id: UUID) -> bytes:
    """The bytes of a kept message."""
    sealed = await read.scalar(select(ScriptMessage.sealed).where(ScriptMessage.id == row_id))
    return read.services.keyring.open(sealed, _context(row_id))


async def take_answer(write: WriteSession, prescription_id: UUID, message: Message, data: bytes) -> None:
    """The answer to what we sent: keep it, and draw the consequence."""
    prescription = await repository.for_update(write, prescription_id)
    await keep_received(write, prescription_id, message, data)
    await apply(write, prescription, message)


async def apply(write: WriteSession, prescription: Prescription, message: Message) -> None:
    """What a message makes of a prescription. One that comes late, twice or out of order changes nothing."""
    if isinstance(message, Error):
        words = message.description or f"Error {message.code}"
        await _fail(write, prescription, Failure.REJECTED, words)
    elif isinstance(message, Verify):
        await _advance(write, prescription, RxStatus.ACCEPTED)
    else:
        await _advance(write, prescription, RxStatus.SENT)


async def give_up(write: WriteSession, prescription: Prescription) -> None:
    """Nobody answered, often enough."""
    await _fail(write, prescription, Failure.UNREACHABLE, None)


async def _advance(write: WriteSession, prescription: Prescription, to: RxStatus) -> None:
    if to not in TRANSITIONS[prescription.status]:
        return
    now = write.now()
    prescription.move(to)
    prescription.failure = prescription.pharmacy_words = None
    prescription.leased_until, prescription.updated_at = None, now
    prescription.sent_at = prescription.sent_at or now
    if to is RxStatus.ACCEPTED:
        prescription.answered_at = now
    await _tell_status(write, prescription)


async def _fail(write: WriteSession, prescription: Prescription, failure: Failure, words: str | None) -> None:
    if RxStatus.ERROR not in TRANSITIONS[prescription.status]:
        return
    prescription.move(RxStatus.ERROR)
    prescription.failure, prescription.pharmacy_words = failure, words
    prescription.leased_until, prescription.updated_at = None, write.now()
    prescription.answered_at = write.now() if failure is Failure.REJECTED else None
    await _tell_status(write, prescription)
    await announce_change(
        write,
        prescription,
        PrescriptionFailed(
            prescription_id=prescription.id,
            visit_id=prescription.visit_id,
            patient_id=prescription.patient_id,
            failure=failure,
        ),
        failure=failure,
    )


async def _tell_status(write: WriteSession, prescription: Prescription) -> None:
    await write.flush()
    await recording.keep(write, prescription)
    await announce_change(
        write,
        prescription,
        PrescriptionStatus(
            prescription_id=prescription.id,
            visit_id=prescription.visit_id,
            patient_id=prescription.patient_id,
            status=prescription.status,
        ),
        status=prescription.status,
    )
