"""What the resources have in common that we write ourselves. Pure; each passes `chart.record.bindings.check`."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from chart.domain import Resource, Source, concept_of


class Asserter(NamedTuple):
    """Who says so, and when: the patient, or a clinician by account."""

    source: Source
    patient_id: UUID
    account_id: UUID | None
    at: datetime

    @property
    def reference(self) -> dict[str, str]:
        if self.source is Source.PATIENT or self.account_id is None:
            return {"reference": f"Patient/{self.patient_id}"}
        return {"reference": f"Practitioner/{self.account_id}"}


def verified(by: Asserter, system: str) -> Resource:
    """The verification status of a new fact: what a patient tells is unconfirmed."""
    if by.source is Source.PATIENT:
        return concept_of(system, "unconfirmed", "Unconfirmed")
    return concept_of(system, "confirmed", "Confirmed")


def named(display: str, system: str, code: str | None) -> Resource:
    """A concept by its name, and by its code where it has one."""
    return concept_of(system, code, display) if code else {"text": display}
