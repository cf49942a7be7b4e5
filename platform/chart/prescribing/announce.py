"""Saying what happened to a prescription: the thread of its visit, the audit, the other slices, the open screens."""

from chart.prescribing.events import PrescriptionEvent
from chart.prescribing.models import Prescription
from core import audit, live
from core.actor import Role
from core.database.session import WriteSession
from core.events import outbox
from identity.permissions import Permission
from visits import timeline

_CARE_TEAM = [live.role(Role.CLINICIAN), live.role(Role.COORDINATOR)]


async def announce_change(
    write: WriteSession, prescription: Prescription, event: PrescriptionEvent, **detail: str
) -> None:
    """Record it where it belongs, in this transaction."""
    await write.flush()
    timeline.add(
        write,
        visit_id=prescription.visit_id,
        patient_id=prescription.patient_id,
        kind=event.name,
        ref=prescription.id,
    )
    await audit.log(
        write,
        event.name,
        patient_id=prescription.patient_id,
        entity=("prescription", prescription.id),
        detail=detail,
    )
    await outbox.add(write, event)
    publish_change(write, prescription)


def publish_change(write: WriteSession, prescription: Prescription) -> None:
    """The care team's screens; the patient's too from the signing on."""
    audience = list(_CARE_TEAM)
    if prescription.document is not None:
        audience += live.patient(prescription.patient_id, Permission.PRESCRIPTION_READ)
    live.publish(
        write,
        "prescription.changed",
        audience,
        prescription_id=str(prescription.id),
        visit_id=str(prescription.visit_id),
        patient_id=str(prescription.patient_id),
    )
