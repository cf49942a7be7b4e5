"""What the routes of related persons take and give. Times are instants."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec

from identity.person.name import Part
from identity.reasons import Reason
from identity.related.domain import EndedBecause, Proof, Relationship, Scope


class AddRelated(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Somebody beside a patient. The parts are those of `identity.person.name.Name`; `contact` is the telephone or
    e-mail address by which they sign in, and `birth_date` what they are asked for on a new device. `sees_restricted`:
    also while the chart is restricted."""

    given: Part = ""
    family: Part = ""
    second: Part = ""
    prefix: Part = ""
    suffix: Part = ""
    used_name: Part = ""
    birth_date: date | None = None
    contact: Annotated[str, msgspec.Meta(max_length=200)] = ""
    relationship: Relationship
    scope: Scope
    sees_restricted: bool = False
    until: datetime | None = None
    reason: Reason


class VerifyRelated(msgspec.Struct, forbid_unknown_fields=True):
    """How staff made sure, and what they saw or heard."""

    proof: Proof
    note: Reason


class EndRelated(msgspec.Struct, forbid_unknown_fields=True):
    reason: Reason


class RelatedOut(msgspec.Struct, kw_only=True):
    """Somebody beside a patient, as staff see them. `acts`: whether they act for the patient now; `of_age` is when a
    relation to a child ends by itself. A relation that is not verified opens nothing. `childs_account`: the child
    has an account of their own that the same telephone or mailbox opens, so whoever reads it signs in as the child."""

    id: UUID
    name: str
    birth_date: date | None
    phone: str | None
    email: str | None
    signs_in: bool
    relationship: Relationship
    scope: Scope
    sees_restricted: bool
    acts: bool
    childs_account: bool
    since: datetime
    until: datetime | None
    for_minor: bool
    of_age: date | None
    added_by: str
    add_reason: str
    verified_at: datetime | None
    verified_by: str
    proof: Proof | None
    proof_note: str
    ended_at: datetime | None
    ended_by: str
    ended_because: EndedBecause | None
    end_reason: str


class ActFor(msgspec.Struct, forbid_unknown_fields=True):
    """For whom the session acts from now on."""

    patient_id: UUID


class WhoActs(msgspec.Struct):
    """Somebody who may act for a patient, as the patient's side sees them. `may_end`: whether the reader ends it
    without the clinic; `of_age` is when a relation to a child ends by itself."""

    id: UUID
    name: str
    relationship: Relationship
    scope: Scope
    until: datetime | None
    of_age: date | None
    may_end: bool
