"""From draft to signed: the bytes shown are the bytes signed, once, and then they are on their way."""

from collections.abc import Mapping
from uuid import UUID, uuid5

from chart import signatures
from chart.prescribing import recording, repository
from chart.prescribing.access import check_is_prescriber
from chart.prescribing.announce import announce_change, publish_change
from chart.prescribing.domain import (
    MAX_REASON,
    RxStatus,
)
from chart.prescribing.events import PrescriptionSigned
from chart.prescribing.models import Prescription
from chart.prescribing.safety.rules import Alert, Severity
from chart.prescribing.writing import drafts
from core import audit
from core.database.session import WriteSession
from core.errors import Conflict, Invalid, Problem

WAKE = "carethread:prescribing"
"""Published when there is something to send."""


async def sign(
    write: WriteSession, prescription_id: UUID, shown: str, reasons: Mapping[str, str]
) -> Prescription:
    """Sign the document whose SHA-256 is ``shown``; a second signing of the same answers with the first one.

    ``reasons`` answers alerts by their key; every high one needs one. Raises Conflict `prescription_changed`,
    `prescription_signed`, `demographics_missing` (with `missing`), `acknowledgement_required` while nobody has read
    what the check did not understand, Problem 422 `controlled_not_possible`, Invalid.
    """
    prescription = await repository.for_update(write, prescription_id)
    check_is_prescriber(write.actor, prescription)
    if prescription.status != RxStatus.DRAFT:
        if prescription.sha256 == shown:
            return prescription
        raise Conflict("prescription_signed", status=prescription.status)
    review = await drafts.review(write, prescription)
    if review.of.drug.schedule:
        raise Problem(422, "controlled_not_possible", schedule=review.of.drug.schedule)
    if review.wrong:
        raise Invalid(review.wrong)
    if review.missing:
        raise Conflict("demographics_missing", missing=review.missing)
    if review.check.unread and review.acknowledged is None:
        raise Conflict("acknowledgement_required")
    if review.sha256 != shown:
        raise Conflict("prescription_changed", version=prescription.version)
    overrides = _answered(review.check.alerts, reasons)
    await _seal(write, prescription, review.document or b"", overrides)
    await announce_change(
        write,
        prescription,
        PrescriptionSigned(
            prescription_id=prescription.id,
            visit_id=prescription.visit_id,
            patient_id=prescription.patient_id,
        ),
        sha256=shown,
    )
    write.wake(WAKE)
    return prescription


async def _seal(
    write: WriteSession, prescription: Prescription, document: bytes, overrides: list[dict[str, str]]
) -> None:
    now, digest = write.now(), signatures.sha256(document)
    signed = signatures.statement("prescription", prescription.id, digest, now, write.actor.account_id)
    prescription.move(RxStatus.SIGNED)
    prescription.document, prescription.sha256 = document, digest
    prescription.signature = write.services.keyring.signer.sign(signed)
    prescription.signed_at = prescription.updated_at = prescription.next_try_at = now
    prescription.overrides = list(overrides)
    # The NewRx has one name for good, so that the pharmacy knows it again however often it is sent.
    prescription.message_id = uuid5(prescription.id, digest).hex
    await recording.keep(write, prescription)
    for override in overrides:
        await audit.log(
            write,
            "prescription.override",
            patient_id=prescription.patient_id,
            entity=("prescription", prescription.id),
            detail={part: override[part] for part in ("kind", "rule", "severity")},
            reason=override["reason"],
        )


def _answered(alerts: list[Alert], reasons: Mapping[str, str]) -> list[dict[str, str]]:
    """The alerts that were answered, as they are kept. Raises Invalid for a high one without a reason."""
    wrong, answered = {}, []
    for alert in alerts:
        reason = " ".join(reasons.get(alert.key, "").split())
        if len(reason) > MAX_REASON:
            wrong[f"reasons.{alert.key}"] = "too_long"
        elif "\x00" in reason or not reason.isprintable():
            wrong[f"reasons.{alert.key}"] = "control_characters"
        elif not reason and alert.severity is Severity.HIGH:
            wrong[f"reasons.{alert.key}"] = "reason_required"
        elif reason:
            kept = {"key": alert.key, "kind": alert.kind, "rule": alert.rule, "severity": alert.severity}
            answered.append({name: str(value) for name, value in kept.items()} | {"reason": reason})
    if wrong:
        raise Invalid(wrong)
    return answered


async def send_again(write: WriteSession, prescription_id: UUID) -> Prescription:
    """After it could not be delivered: try again under the same name. Raises Conflict for any other state."""
    prescription = await repository.for_update(write, prescription_id)
    check_is_prescriber(write.actor, prescription)
    if prescription.status in {RxStatus.SIGNED, RxStatus.SENDING}:
        return prescription
    if prescription.status != RxStatus.ERROR or prescription.failure != "unreachable":
        raise Conflict("prescription_not_resendable", status=prescription.status)
    prescription.move(RxStatus.SENDING)
    prescription.failure, prescription.pharmacy_words = None, None
    # One try has been made, so the next one asks the pharmacy what it knows before it sends.
    prescription.tries, prescription.leased_until = 1, None
    prescription.next_try_at = prescription.updated_at = write.now()
    await write.flush()
    await audit.log(
        write,
        "prescription.send_again",
        patient_id=prescription.patient_id,
        entity=("prescription", prescription.id),
    )
    publish_change(write, prescription)
    write.wake(WAKE)
    return prescription
