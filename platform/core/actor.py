"""Who acts: the person behind a request, or the system behind a job."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a person is in a clinic. One account may hold several of the staff's roles."""

    PATIENT = "patient"
    CLINICIAN = "clinician"
    COORDINATOR = "coordinator"
    ADMIN = "admin"
    PRIVACY = "privacy"
    GUEST = "guest"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person signed in to one clinic, or the system at work for it.

    ``account_id`` and ``session_id`` are None for the system only. ``patient_id`` is the patient for whom somebody acts
    who signed in as a patient does; None until they said for whom. ``relationship`` is what they are to that patient
    (HL7 v3-RoleCode), None for the patient in person. ``keeps`` are the permissions that this leaves of the role's,
    None for all of them.
    """

    clinic_id: UUID
    roles: frozenset[Role]
    account_id: UUID | None = None
    patient_id: UUID | None = None
    session_id: UUID | None = None
    name: str = ""
    locale: str = "en"
    relationship: str | None = None
    keeps: frozenset[str] | None = None

    @property
    def own_account(self) -> UUID:
        """The account of the person who acts. Raises RuntimeError for the system, whom no route knows."""
        if self.account_id is None:
            raise RuntimeError("the system has no account")
        return self.account_id

    @property
    def own_patient(self) -> UUID:
        """The patient who acts, or for whom somebody acts. Raises RuntimeError for others: ask the route's permission
        first."""
        if self.patient_id is None:
            raise RuntimeError("only a patient is a patient")
        return self.patient_id

    @property
    def is_patient(self) -> bool:
        """On the patient's side: the patient, or who acts for them."""
        return Role.PATIENT in self.roles

    @property
    def is_proxy(self) -> bool:
        """Acts for a patient who is somebody else."""
        return self.relationship is not None

    @property
    def is_staff(self) -> bool:
        return bool(self.roles & {Role.CLINICIAN, Role.COORDINATOR, Role.ADMIN, Role.PRIVACY})

    def has(self, *roles: Role) -> bool:
        """True if the actor holds any of the roles."""
        return not self.roles.isdisjoint(roles)


def system_actor(clinic_id: UUID) -> Actor:
    """The system, at work for one clinic."""
    return Actor(clinic_id=clinic_id, roles=frozenset({Role.SYSTEM}), name="Carethread")
