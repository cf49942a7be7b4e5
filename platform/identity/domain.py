"""The rules of identity, with no database: who may be what, how long a sign-in lasts, when a code is good."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, StrEnum, auto

from core.actor import Role

STAFF_ROLES = frozenset({Role.CLINICIAN, Role.COORDINATOR, Role.ADMIN, Role.PRIVACY})

CODE_LIFETIME = timedelta(minutes=10)
CODE_TRIES = 5
RESEND_AFTER = timedelta(seconds=30)
# Whoever asks within this time gets the same digits: each asking keeps them good for ten minutes, twenty at most.
DIGITS_SHARED_FOR = timedelta(minutes=10)
IDENTIFY_TRIES = 5
DEVICE_LIFETIME = timedelta(days=365)
VOUCHED_FOR = timedelta(minutes=30)
REGISTRATION_LIFETIME = timedelta(minutes=30)
CHALLENGE_LIFETIME = timedelta(minutes=5)
CHALLENGE_TRIES = 5
ENROLMENT_LIFETIME = timedelta(minutes=30)
# How long a secret that was shown for an authenticator app waits for the app's first code.
SHOWN_SECRET_LIFETIME = timedelta(minutes=10)
INVITE_LIFETIME = timedelta(days=7)
RESET_LIFETIME = timedelta(hours=1)
# Long enough for whoever is on leave when their address is changed.
FREEZE_LIFETIME = timedelta(days=30)
STEP_UP_LIFETIME = timedelta(minutes=5)


class AccountStatus(StrEnum):
    """`invited` has set no password yet, `disabled` may not sign in; both keep their history."""

    INVITED = "invited"
    ACTIVE = "active"
    DISABLED = "disabled"


class Method(StrEnum):
    """How someone proved who they are when a session began."""

    CODE = "code"
    LINK = "link"
    PASSKEY = "passkey"
    PASSWORD_TOTP = "password_totp"  # noqa: S105  the name of a method, no secret
    PASSWORD_RECOVERY = "password_recovery"  # noqa: S105  the name of a method, no secret


class EndReason(StrEnum):
    """Why a session is over; the browser that held it is told."""

    SIGNED_OUT = "signed_out"
    SIGNED_OUT_EVERYWHERE = "signed_out_everywhere"
    REPLACED = "replaced"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  a reason, no secret
    ROLES_CHANGED = "roles_changed"
    DISABLED = "disabled"
    FACTOR_RESET = "factor_reset"
    CONTACT_CORRECTED = "contact_corrected"
    NOT_ME = "not_me"
    FACTOR_CHANGED = "factor_changed"
    FROZEN = "frozen"
    GUEST_OUT = "guest_out"
    """A guest left the visit, was sent away, or the visit is over."""


AFTER_CALL = timedelta(minutes=10)
"""How long a session that a call kept past its end still lives once the call is over: to finish what was begun."""
IN_CALL_AT_MOST = timedelta(hours=12)
"""How far a call that has connected keeps a session past its end, at most: longer than any call, so that none is cut,
and an end for one that is never reported. The database function `session_ends` has both."""


@dataclass(frozen=True)
class SessionTimes:
    """How long a session lives without use, and at most (but for a call: AFTER_CALL, IN_CALL_AT_MOST)."""

    idle: timedelta
    absolute: timedelta


class Verdict(Enum):
    ACCEPTED = auto()
    WRONG = auto()
    SPENT = auto()


@dataclass(frozen=True)
class CodeState:
    """What decides about a one-time secret: tries left, the end of its life, whether it was used or replaced."""

    tries_left: int
    expires_at: datetime
    used_at: datetime | None = None
    voided_at: datetime | None = None

    def open(self, at: datetime) -> bool:
        return (
            self.used_at is None and self.voided_at is None and self.tries_left > 0 and at < self.expires_at
        )


def judge(state: CodeState, *, proven: bool, at: datetime) -> tuple[Verdict, CodeState]:
    """One attempt at a one-time secret. A spent one answers the same to the right secret and to a wrong one."""
    if not state.open(at):
        return Verdict.SPENT, state
    if proven:
        return Verdict.ACCEPTED, replace(state, used_at=at)
    left = replace(state, tries_left=state.tries_left - 1)
    return Verdict.WRONG, left


def stepped_up(stepped_up_at: datetime | None, at: datetime, lifetime: timedelta = STEP_UP_LIFETIME) -> bool:
    """Whether the second factor was shown recently enough."""
    return stepped_up_at is not None and timedelta(0) <= at - stepped_up_at < lifetime


def valid_staff_roles(roles: Iterable[str]) -> frozenset[Role] | None:
    """The roles as a set, or None when there is none or one that staff cannot have."""
    try:
        chosen = frozenset(Role(role) for role in roles)
    except ValueError:
        return None
    return chosen if chosen and chosen <= STAFF_ROLES else None
