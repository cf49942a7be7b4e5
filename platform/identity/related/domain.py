"""The rules of related persons, with no database."""

from datetime import datetime
from enum import StrEnum

ONESELF = "ONESELF"


class Relationship(StrEnum):
    """What somebody is to a patient: codes of HL7's v3-RoleCode, as FHIR's RelatedPerson.relationship has them.

    `ONESELF` is of the same system and stands for a patient's own account; staff never give it.
    """

    MOTHER = "MTH"
    FATHER = "FTH"
    PARENT = "PRN"
    STEP_PARENT = "STPPRN"
    GRANDPARENT = "GRPRN"
    GUARDIAN = "GUARD"
    SPOUSE = "SPS"
    PARTNER = "DOMPART"
    CHILD = "CHILD"
    SIBLING = "SIB"
    RELATIVE = "EXT"
    POWER_OF_ATTORNEY = "POWATT"
    FRIEND = "FRND"


class Scope(StrEnum):
    """What somebody may do for a patient: `identity.permissions.OF_SCOPE` says which permissions each leaves."""

    FULL = "full"
    SCHEDULING = "scheduling"
    MESSAGES = "messages"


class Proof(StrEnum):
    """How staff made sure that somebody may act for a patient."""

    IN_PERSON = "in_person"
    PHOTO_ID = "photo_id"
    ON_VIDEO = "on_video"
    BIRTH_CERTIFICATE = "birth_certificate"
    COURT_ORDER = "court_order"
    SIGNED_FORM = "signed_form"
    PATIENT_SAID = "patient_said"


class EndedBecause(StrEnum):
    """Why a relation is over: staff or the patient ended it, its date came, or the patient came of age."""

    STAFF = "staff"
    PATIENT = "patient"
    UNTIL = "until"
    OF_AGE = "of_age"


def patient_may_end(relationship: str, proof: str | None, *, for_minor: bool) -> bool:
    """Whether the patient ends a relation without the clinic: no child does, nor what a guardian or a court decides."""
    return not for_minor and relationship != Relationship.GUARDIAN and proof != Proof.COURT_ORDER


def until_problem(until: datetime | None, now: datetime) -> str | None:
    """What is wrong with the end that staff chose."""
    if until is None:
        return None
    if until.tzinfo is None:
        return "zone_missing"
    return "in_the_past" if until <= now else None
