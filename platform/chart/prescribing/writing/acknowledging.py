"""The clinician's word that they read what the safety check did not understand. It is part of what they sign."""

from datetime import datetime
from uuid import UUID

import msgspec

from chart import signatures
from chart.prescribing import repository
from chart.prescribing.access import check_is_prescriber
from chart.prescribing.announce import publish_change
from chart.prescribing.domain import RxStatus, SignedAcknowledgement
from chart.prescribing.models import Prescription
from chart.prescribing.safety import chart_check
from chart.prescribing.safety.chart_check import Unread
from core import audit
from core.database.session import WriteSession
from core.errors import Conflict


class _Shown(msgspec.Struct):
    unread: list[Unread]


def fingerprint(unread: list[Unread]) -> str | None:
    """The SHA-256 of the entries as they are shown; None where there are none."""
    return signatures.sha256(signatures.canonical(_Shown(unread))) if unread else None


def kept(prescription: Prescription, unread: list[Unread]) -> SignedAcknowledgement | None:
    """The acknowledgement of exactly these entries; one of others does not count."""
    if not prescription.acknowledged or not unread:
        return None
    found = msgspec.convert(prescription.acknowledged, SignedAcknowledgement)
    return found if found.sha256 == fingerprint(unread) else None


async def acknowledge(write: WriteSession, prescription_id: UUID, shown: str | None) -> Prescription:
    """Keep that the prescriber has read the entries whose fingerprint is ``shown``; None takes it back.

    The same again changes nothing. Raises Forbidden, NotFound, Conflict `prescription_signed`, `unread_changed` where
    the chart has other entries by now.
    """
    prescription = await repository.for_update(write, prescription_id)
    check_is_prescriber(write.actor, prescription)
    if prescription.status != RxStatus.DRAFT:
        raise Conflict("prescription_signed", status=prescription.status)
    if shown is None:
        if prescription.acknowledged is not None:
            await _keep(write, prescription, None)
        return prescription
    drug = await repository.drug(write, prescription.drug_id)
    if drug is None:
        raise RuntimeError("the foreign key of prescription.drug_id does not hold")
    unread = (await chart_check.run(write, prescription, drug)).unread
    if fingerprint(unread) != shown:
        raise Conflict("unread_changed")
    if kept(prescription, unread) is None:
        await _keep(write, prescription, _said(unread, shown, write.actor.account_id, write.now()))
    return prescription


def _said(unread: list[Unread], shown: str, by: UUID | None, at: datetime) -> SignedAcknowledgement:
    if by is None:
        raise RuntimeError("only a person acknowledges")
    return SignedAcknowledgement(
        sha256=shown, by=by, at=at, entries=[msgspec.to_builtins(each) for each in unread]
    )


async def _keep(write: WriteSession, prescription: Prescription, said: SignedAcknowledgement | None) -> None:
    prescription.acknowledged = msgspec.to_builtins(said) if said else None
    prescription.updated_at = write.now()
    await write.flush()
    await audit.log(
        write,
        "prescription.acknowledge",
        patient_id=prescription.patient_id,
        entity=("prescription", prescription.id),
        detail={"entries": len(said.entries) if said else 0},
    )
    publish_change(write, prescription)
