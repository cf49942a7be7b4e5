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
_SIGNED = frozenset({Change.NAME, Change.CREDENTIALS, Change.NPI, Change.DEA, Change.LICENSES})


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


def to_confirm(changes: Iterable[Change], roles: Iterable[str], *, by_oneself: bool) -> list[Change]:
    """Those that want a second person, for somebody with these roles.

    Of one's own account one changes the address freely: whoever did that signed in as oneself, with both factors.
    """
    held = set(roles)
    if not held & GUARDED:
        return []
    wanted = set(changes)
    if Role.CLINICIAN not in held:
        wanted -= _SIGNED
    if by_oneself:
        wanted &= _SIGNED
    return sorted(wanted)


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
