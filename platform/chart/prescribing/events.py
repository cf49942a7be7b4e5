"""What happens to prescriptions, for the other slices. Ids only; ordered by prescription."""

from uuid import UUID

from chart.prescribing.domain import Failure, RxStatus
from core.events.outbox import Event


class PrescriptionEvent(Event, frozen=True, kw_only=True):
    """Something about one prescription."""

    prescription_id: UUID
    visit_id: UUID
    patient_id: UUID


class PrescriptionSigned(PrescriptionEvent, frozen=True, kw_only=True, tag="prescription.signed"):
    """Signed, and about to be sent."""


class PrescriptionStatus(PrescriptionEvent, frozen=True, kw_only=True, tag="prescription.status"):
    """Its state at the pharmacy is another now."""

    status: RxStatus


class PrescriptionFailed(PrescriptionEvent, frozen=True, kw_only=True, tag="prescription.failed"):
    """Refused or undeliverable."""

    failure: Failure


class PrescriptionUnconfirmed(PrescriptionEvent, frozen=True, kw_only=True, tag="prescription.unconfirmed"):
    """The pharmacy has not confirmed it in time: said once of each."""


class ScriptReceived(Event, frozen=True, kw_only=True, tag="script.received"):
    """A pharmacy wrote to us about a prescription; the message is kept sealed."""

    prescription_id: UUID
    script_message_id: UUID
