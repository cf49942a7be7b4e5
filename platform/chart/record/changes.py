"""What a clinician may change in a resource: UNSET where the request leaves it out, and then it stays as it is."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import msgspec

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
Words = Annotated[str, msgspec.Meta(max_length=1000)]
Code = Annotated[str, msgspec.Meta(min_length=1, max_length=20)]
Severity = Literal["mild", "moderate", "severe"]
Criticality = Literal["low", "high", "unable-to-assess"]
Category = Literal["food", "medication", "environment", "biologic"]
MedicineStatus = Literal["active", "completed", "stopped", "on-hold", "not-taken"]
Unset = msgspec.UnsetType


class ProblemChange(msgspec.Struct, forbid_unknown_fields=True):
    """What changes in a problem; what is left out stays. `version` is the one that was shown."""

    code: Code | Unset | None = msgspec.UNSET
    display: Name | Unset | None = msgspec.UNSET
    active: bool | Unset = msgspec.UNSET
    onset: date | Unset | None = msgspec.UNSET
    visit_id: UUID | None = None
    version: int | None = None


class AllergyChange(msgspec.Struct, forbid_unknown_fields=True):
    """What changes in an allergy; what is left out stays. `code` is RxNorm where it is a medicine."""

    display: Name | Unset | None = msgspec.UNSET
    code: Code | Unset | None = msgspec.UNSET
    reaction: Words | Unset | None = msgspec.UNSET
    severity: Severity | Unset | None = msgspec.UNSET
    criticality: Criticality | Unset = msgspec.UNSET
    category: Category | Unset | None = msgspec.UNSET
    active: bool | Unset = msgspec.UNSET
    visit_id: UUID | None = None
    version: int | None = None


class MedicineChange(msgspec.Struct, forbid_unknown_fields=True):
    """What changes in a medicine; what is left out stays."""

    display: Name | Unset | None = msgspec.UNSET
    code: Code | Unset | None = msgspec.UNSET
    dosage: Words | Unset | None = msgspec.UNSET
    status: MedicineStatus | Unset = msgspec.UNSET
    visit_id: UUID | None = None
    version: int | None = None
