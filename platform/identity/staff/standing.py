"""Which changes to a member of staff let one person act under another's name, and who may confirm them. No database."""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from core.actor import Role


class Change(StrEnum):
    """What was done to an account. Until it is confirmed nothing is signed with it."""

    INVITED = "invited"
    ENABLED = "enabled"
    EMAIL = "email"
    SECOND_FACTOR = "second_factor"
    ROLES = "roles"
    NAME = "name"
    CREDENTIALS = "credentials"
    NPI = "npi"
    DEA = "dea"
    LICENSES = "licenses"


# Who signs, and who could confirm: the rest of the staff puts no name under anything.
GUARDED = frozenset({Role.CLINICIAN, Role.ADMIN})
# What stands under a note or prescription, or says what may be prescribed and where.
SIGNED = frozenset({Change.NAME, Change.CREDENTIALS, Change.NPI, Change.DEA, Change.LICENSES})
# What an account still has of it when it comes to sign: the other changes were steps on the way.
_LASTING = SIGNED | {Change.EMAIL, Change.SECOND_FACTOR}


@dataclass(frozen=True)
class Standing:
    """What a signature of this person rests on."""

    name: str
    email: str
    roles: frozenset[str]
    credentials: str
    npi: str
    dea: str
    licences: frozenset[str]

    def value(self, change: Change) -> str | None:
        """What a second person reads and compares; None for what has no value to read, '' for what is not there."""
        values = {
            Change.NAME: self.name,
            Change.EMAIL: self.email,
            Change.ROLES: ", ".join(sorted(self.roles)),
            Change.CREDENTIALS: self.credentials,
            Change.NPI: self.npi,
            Change.DEA: self.dea,
            Change.LICENSES: ", ".join(sorted(self.licences)),
        }
        return values.get(change)

    def held(self) -> set[Change]:
        """What of it somebody else could have put there: everything that has a value, and the second factor."""
        return {change for change in _LASTING if self.value(change) != ""}

    def gained(self, before: "Standing") -> set[Change]:
        """What this allows or claims that it did not before. Losing a role, a number or a state needs nobody else."""
        found = {
            Change.NAME: self.name != before.name,
            Change.EMAIL: self.email != before.email,
            Change.ROLES: bool((self.roles - before.roles) & GUARDED),
            Change.CREDENTIALS: self.credentials not in ("", before.credentials),
            Change.NPI: self.npi not in ("", before.npi),
            Change.DEA: self.dea not in ("", before.dea),
            Change.LICENSES: not self.licences <= before.licences,
        }
        return {change for change, so in found.items() if so}


def watched(roles: Iterable[str]) -> frozenset[Change]:
    """The changes that want a second person while somebody has these roles."""
    held = set(roles)
    if Role.CLINICIAN in held:
        return frozenset(Change)
    return frozenset(Change) - SIGNED if Role.ADMIN in held else frozenset()


def to_confirm(before: Standing, after: Standing, *, by_oneself: bool) -> set[Change]:
    """What is put on record to be confirmed, whoever it is: it counts once the roles are `watched` ones.

    Roles and particulars may be changed one after the other, so whoever gains a watched role is asked about all that
    had not been watched. Of one's own account one changes the address freely: whoever did that signed in as oneself,
    with both factors.
    """
    found = after.gained(before)
    if by_oneself:
        return found & SIGNED
    newly = watched(after.roles) - watched(before.roles)
    return found | (newly & after.held())


def may_confirm(
    who: UUID, *, is_admin: bool, account_id: UUID, made_by: UUID, admins: Set[UUID]
) -> str | None:
    """Why this person may not confirm this change, or None. `admins` are those who could confirm.

    Raises nothing; the codes are `not_yourself`, `made_it_yourself`, `ask_your_admin`. A clinician stands in where no
    administrator is left but the one who made the change and the one whom it concerns.
    """
    if who == account_id:
        return "not_yourself"
    if who == made_by:
        return "made_it_yourself"
    if not is_admin and admins - {account_id, made_by}:
        return "ask_your_admin"
    return None
