"""What goes over the wire about people in a visit."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from identity.schemas import Locale
from visits.people.domain import MAX_NAME, Agreement, GuestKind, GuestStatus
from visits.schemas import Body

Secret = Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{43}$")]
Name = Annotated[str, Meta(max_length=MAX_NAME)]


class Invite(Body, kw_only=True):
    """Somebody to ask into the visit. `contact` is a telephone number or an e-mail address to send the link to."""

    kind: GuestKind
    name: Name | None = None
    language: Locale = "en"
    contact: Annotated[str, Meta(max_length=254)] | None = None


class OpenLink(Body):
    """A guest's link as its page has it: the secret after the `#`."""

    token: Secret


class EnterByLink(OpenLink, kw_only=True):
    """Coming in by a link: who one is, and that one has read what being here means."""

    name: Name
    agrees: bool


class There(msgspec.Struct):
    """A while in the call; `until` is null as long as it lasts."""

    since: datetime
    until: datetime | None


class GuestOut(msgspec.Struct, kw_only=True):
    """A guest as the clinic and the patient see them. `account_id` is by what they are known in the call.

    `contact` is where the link was sent, masked, and told to staff alone. `there`: each time they were in the call.
    """

    id: UUID
    account_id: UUID | None
    kind: GuestKind
    status: GuestStatus
    name: str | None
    language: str
    contact: str | None
    invited_by: str
    invited_at: datetime
    expires_at: datetime
    entered_at: datetime | None
    agreed_at: datetime | None
    agreement: Agreement | None
    admitted_at: datetime | None
    ended_at: datetime | None
    there: list[There]


class PeopleOut(msgspec.Struct):
    """Who was asked into a visit, the first invited first; `most` may be let in at once."""

    guests: list[GuestOut]
    most: int


class GuestInvitedOut(msgspec.Struct):
    """A new guest and their link, which is shown this once. `sent`: it goes to their contact too."""

    guest: GuestOut
    link: str
    sent: bool


class GuestLinkOut(msgspec.Struct, kw_only=True):
    """What a link that may still be used leads to. `entered`: by this very browser, which may come in again."""

    clinic: str
    invited_by: str
    kind: GuestKind
    name: str | None
    language: str
    entered: bool


class Companion(msgspec.Struct):
    """Somebody else in the visit, as a guest is told: a patient's name is theirs to say."""

    account_id: UUID
    role: Literal["clinician", "guest"]
    name: str
    kind: GuestKind | None


class GuestSelf(msgspec.Struct, kw_only=True):
    """A guest's own place: whether the patient agreed, whether they are let in, and who else is there."""

    visit_id: UUID
    account_id: UUID
    clinic: str
    clinician: str | None
    kind: GuestKind
    name: str
    status: GuestStatus
    agreed: bool
    companions: list[Companion]
