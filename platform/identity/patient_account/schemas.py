"""What the routes around a patient's account take and give. Times are instants in UTC."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from identity.person.address import Address, AddressForm
from identity.person.gender import Gender, GenderForm
from identity.person.name import Name, Part
from identity.schemas import Locale, Secret, Sex, Short

Proof = Literal["called_back", "photo_id", "in_person", "on_video", "known_details"]
Change = Literal["disable", "enable", "correct_contact", "confirm_contact", "correct_person", "let_in"]
Channel = Literal["sms", "email"]


class Identify(msgspec.Struct, forbid_unknown_fields=True):
    """Who one is, on a device that is not known. `answer` is a last name, ZIP code on file, or record number;
    `remember` makes the device known."""

    registration: Secret
    birth_date: date
    answer: Short
    remember: bool = True


class AskOther(msgspec.Struct, forbid_unknown_fields=True):
    registration: Secret
    locale: Locale = "en"


class OtherAsked(msgspec.Struct):
    """The same whether there is another contact or not."""

    code_id: UUID
    expires_at: datetime
    resend_at: datetime


class OtherCode(msgspec.Struct, forbid_unknown_fields=True):
    registration: Secret
    code: Short
    remember: bool = True


class StepUpTo(msgspec.Struct, forbid_unknown_fields=True):
    """Which of one's own contacts gets the code."""

    channel: Channel


class KnownDevice(msgspec.Struct):
    """A browser that signs in by a code alone. `device` is like 'Chrome on Windows', or empty."""

    id: UUID
    device: str
    last_used_at: datetime
    current: bool


class SecurityEventOut(msgspec.Struct):
    """Something that was done in another session. `device` is where, or empty."""

    id: UUID
    change: str
    device: str
    at: datetime


class SecurityEventsSeen(msgspec.Struct, forbid_unknown_fields=True):
    """Those that were on screen, by id."""

    events: Annotated[list[UUID], msgspec.Meta(min_length=1, max_length=50)]


class PatientContact(msgspec.Struct):
    channel: Channel
    value: str
    disputed_at: datetime | None


class AccountChangeOut(msgspec.Struct):
    """What a member of staff did, by what proof."""

    id: UUID
    change: Change
    proof: Proof
    note: str
    by: str
    at: datetime


class PatientAccount(Name, kw_only=True):
    """A patient's account, for whoever looks after it. `vouched_until` is set while a code alone lets them in."""

    status: str
    contacts: list[PatientContact]
    birth_date: date
    sex: str
    gender: Gender
    address: Address | None
    known_devices: int
    passkeys: int
    open_sessions: int
    last_seen_at: datetime | None
    vouched_until: datetime | None
    changes: list[AccountChangeOut]


class Proven(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """How staff made sure with whom they speak, and what was said."""

    proof: Proof
    note: Annotated[str, msgspec.Meta(max_length=1000)]


class CorrectContact(Proven, kw_only=True):
    """The contact from now on; empty takes it away. `passkeys_too` removes the passkeys: another may have added one."""

    channel: Channel
    contact: Annotated[str, msgspec.Meta(max_length=200)]
    passkeys_too: bool = False


class ConfirmContact(Proven, kw_only=True):
    channel: Channel


class CorrectPerson(Proven, kw_only=True):
    """The parts are those of `identity.person.name.Name`. What is absent of `gender` and `address` stays;
    null takes an address away."""

    given: Part = ""
    family: Part = ""
    second: Part = ""
    prefix: Part = ""
    suffix: Part = ""
    used_name: Part = ""
    birth_date: date
    sex: Sex
    gender: GenderForm | msgspec.UnsetType = msgspec.UNSET
    address: AddressForm | msgspec.UnsetType | None = msgspec.UNSET
