"""What a person's own profile takes and gives."""

from datetime import date
from uuid import UUID

import msgspec

from identity.person.address import Address, AddressForm
from identity.person.gender import GenderIdentity, Pronouns, PronounWords
from identity.person.name import Name, Part
from identity.schemas import Locale, Secret, Short


class OwnPatient(Name, kw_only=True):
    """What the clinic knows of a patient's person."""

    id: UUID
    mrn: str
    birth_date: date
    sex: str
    gender_identity: str
    pronouns: str
    pronouns_other: str
    address: Address | None
    time_zone: str | None


class OwnStaff(msgspec.Struct):
    title: str | None
    credentials: str | None
    npi: str | None
    licences: list[str]


class Security(msgspec.Struct):
    """How the person can sign in."""

    password: bool
    authenticator: bool
    recovery_codes_left: int
    passkeys: int
    passkeys_available: bool


class Profile(msgspec.Struct):
    """The person who is signed in."""

    account_id: UUID
    name: str
    email: str | None
    phone: str | None
    locale: str
    roles: list[str]
    patient: OwnPatient | None
    staff: OwnStaff | None
    security: Security


class ChangeProfile(msgspec.Struct, forbid_unknown_fields=True):
    """What somebody may change of themselves; absent fields stay. `pronouns_other` goes with `pronouns`."""

    locale: Locale | msgspec.UnsetType = msgspec.UNSET
    used_name: Part | msgspec.UnsetType = msgspec.UNSET
    time_zone: Short | msgspec.UnsetType = msgspec.UNSET
    gender_identity: GenderIdentity | msgspec.UnsetType = msgspec.UNSET
    pronouns: Pronouns | msgspec.UnsetType = msgspec.UNSET
    pronouns_other: PronounWords | msgspec.UnsetType = msgspec.UNSET
    address: AddressForm | msgspec.UnsetType | None = msgspec.UNSET


class NewContact(msgspec.Struct, forbid_unknown_fields=True):
    contact: Short


class ChangePassword(msgspec.Struct, forbid_unknown_fields=True):
    current: Secret
    new: Secret
