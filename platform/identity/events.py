"""What identity tells the other slices: ids only."""

from uuid import UUID

from core.events.outbox import Event
from identity.domain import EndReason


class CodeRequested(Event, frozen=True, tag="identity.code_requested"):
    """A one-time code awaits delivery: `identity.codes.deliveries.take_code` gives what to send and where."""

    code_id: UUID


class Invited(Event, frozen=True, tag="identity.invited"):
    """A link to set a password awaits delivery: `identity.codes.deliveries.take_invite`."""

    invite_id: UUID


class ResetAsked(Event, frozen=True, tag="identity.reset_asked"):
    """Somebody says that staff of this address forgot the password: `invites.send_reset`. `email` is sealed."""

    asked_id: UUID
    email: str


class SessionEnded(Event, frozen=True, tag="identity.session_ended"):
    """A sign-in is over before its time."""

    session_id: UUID
    account_id: UUID
    because: EndReason


class SecurityChanged(Event, frozen=True, tag="identity.security_changed"):
    """How an account signs in was changed: its owner should hear of it. `change` is a code.

    `former` is the contact that it signs in by no more, sealed (`patient_account.sealed_contact`): whoever took the
    account over reads the new one.
    """

    account_id: UUID
    change: str
    former: str | None = None


class PatientSecurityChanged(Event, frozen=True, tag="identity.patient_security_changed"):
    """How a patient signs in was changed, or they came in on a new device. `change` is a code.

    They hear of it at `former`, which is theirs no more, and at their other contacts except `spare`, which whoever did
    it reads. Both are sealed.
    """

    account_id: UUID
    change: str
    former: str | None = None
    spare: str | None = None


class DuplicateSuspected(Event, frozen=True, tag="identity.duplicate_suspected"):
    """A patient registered who has the name and birth date of another: they may be one person with two charts."""

    patient_id: UUID


class ContactDisputed(Event, frozen=True, tag="identity.contact_disputed"):
    """Somebody who reads a patient's phone or mailbox says that it is theirs alone: the clinic finds out."""

    account_id: UUID
    patient_id: UUID


class AccountNotMine(Event, frozen=True, tag="identity.account_not_mine"):
    """A patient says that somebody else was in their account: the clinic calls."""

    account_id: UUID
    patient_id: UUID


class AccountFrozen(Event, frozen=True, tag="identity.account_frozen"):
    """Somebody said that an account of the staff was taken from them: administrators should hear of it."""

    account_id: UUID
