"""What an administrator's screens take and give."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec

from identity.clinic.settings import ClinicSettings
from identity.person.address import Address, AddressForm
from identity.person.name import Name
from identity.schemas import Days, Locale, Short

StaffRole = Literal["clinician", "coordinator", "admin", "privacy"]
Version = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
ConsentBody = Annotated[str, msgspec.Meta(max_length=20_000)]


class PersonForm(Name, kw_only=True, forbid_unknown_fields=True):
    """A member of staff; empty text means 'none'."""

    email: Short
    roles: list[StaffRole]
    locale: Locale = "en"
    title: Annotated[str, msgspec.Meta(max_length=60)] = ""
    credentials: Annotated[str, msgspec.Meta(max_length=60)] = ""
    npi: Annotated[str, msgspec.Meta(max_length=10)] = ""
    dea: Annotated[str, msgspec.Meta(max_length=9)] = ""
    licences: Annotated[list[str], msgspec.Meta(max_length=60)] = msgspec.field(default_factory=list)


class PersonChange(PersonForm, kw_only=True):
    """`version` is the one that was on screen."""

    version: Version


class PersonOut(Name, kw_only=True):
    """A member of staff as an administrator sees them; `second_factor` is empty when none is set up.

    `waits_for` are the changes that a second person has to confirm (`standing.Change`). `name` is the name as it is
    shown; `name_guessed` says that nobody has looked at its parts yet.
    """

    id: UUID
    name: str
    email: str
    roles: list[str]
    status: str
    locale: str
    title: str
    credentials: str
    npi: str
    dea: str
    licences: list[str]
    second_factor: list[str]
    last_seen_at: datetime | None
    myself: bool
    version: int
    frozen: bool
    name_guessed: bool
    waits_for: list[str]


class InvitedOut(PersonOut, kw_only=True):
    """`link` sets their password, shown this once to be handed over; null where it is on its way by e-mail."""

    link: str | None


class ChangeOut(msgspec.Struct):
    """One change that waits: what, by whom, when. `change` is a `standing.Change`.

    `becomes` is the new value and `was` the one before, '' for none; null where there is nothing to read or to compare:
    a step such as an invitation, or what was there already when the account came to sign.
    """

    id: UUID
    change: str
    made_by: str
    made_at: datetime
    was: str | None
    becomes: str | None


class ConfirmationOut(msgspec.Struct):
    """A colleague who signs nothing until a second person confirms `changes`; the rest is how the account stands now.

    `set_up` is false until they have come with a second factor: before, nothing is confirmed. `refusal` says why it is
    not this person's to confirm: `not_yourself`, `made_it_yourself`, `ask_your_admin`; null where it is.
    """

    account_id: UUID
    name: str
    credentials: str
    email: str
    roles: list[str]
    npi: str
    dea: str
    licences: list[str]
    changes: list[ChangeOut]
    set_up: bool
    frozen: bool
    refusal: str | None


class ConfirmChanges(msgspec.Struct, forbid_unknown_fields=True):
    """All changes that were shown, by id."""

    changes: Annotated[list[UUID], msgspec.Meta(min_length=1, max_length=200)]


class FreezeOut(msgspec.Struct):
    """Whose account it is."""

    name: str


class PeoplePage(msgspec.Struct):
    """`next` continues the list, as `after`."""

    people: list[PersonOut]
    next: str | None


class ClinicForm(msgspec.Struct, forbid_unknown_fields=True):
    """A clinic's settings, as a whole. Times of `hours` are local to `time_zone`. An `address` that is
    absent stays, as one may that is not split yet; a new one has all parts."""

    name: Short
    time_zone: Short
    languages: list[Locale]
    hours: Days
    emergency_number: Annotated[str, msgspec.Meta(max_length=20)]
    phone: Annotated[str, msgspec.Meta(max_length=30)]
    settings: ClinicSettings
    address: AddressForm | msgspec.UnsetType | None = msgspec.UNSET


class ConsentOut(msgspec.Struct):
    """A published consent text."""

    version: int
    body_en: str
    body_es: str
    published_at: datetime


class ConsentForm(msgspec.Struct, forbid_unknown_fields=True):
    body_en: ConsentBody
    body_es: ConsentBody


class ClinicOut(msgspec.Struct):
    """A clinic as its administrator sees it."""

    slug: str
    name: str
    time_zone: str
    languages: list[str]
    hours: Days
    emergency_number: str
    phone: str
    address: Address | None
    settings: dict[str, Any]
    consent: ConsentOut | None


class AuditFilter(msgspec.Struct, forbid_unknown_fields=True):
    """What to look for in the audit; what is empty does not narrow. `action` is a beginning, as `chart.`."""

    who: Short = ""
    patient: Short = ""
    action: Short = ""
    since: datetime | None = None
    until: datetime | None = None


class AuditSearch(AuditFilter):
    """A page of what is found: the newest, or those `before` a number."""

    before: Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)] | None = None


class AuditEntry(msgspec.Struct):
    """One thing that somebody did or saw. `who` is empty for the system and for people not signed in.

    `patient_id` is whom it is about, and of a list the patient who is looked for. `shown` is how many patients a list
    or a file showed, and `searched` says that words were looked for: `AuditEntryDetail` names both.
    """

    seq: int
    at: datetime
    account_id: UUID | None
    who: str
    roles: list[str]
    action: str
    patient_id: UUID | None
    patient: str
    mrn: str
    entity_type: str
    entity_id: UUID | None
    reason: str
    detail: dict[str, Any]
    shown: int
    searched: bool


class ShownPatient(msgspec.Struct):
    """A patient whom a list or a file showed."""

    id: UUID
    name: str
    mrn: str


class AuditEntryDetail(msgspec.Struct):
    """All of one entry: whom it showed, by name, and the words that were looked for, by field.

    `sought` is None when the key that sealed the words is gone.
    """

    entry: AuditEntry
    patients: list[ShownPatient]
    sought: dict[str, str] | None


class RefusalAlert(msgspec.Struct):
    """Somebody was refused `refused` times within an hour, or more: each hour raises one alert at most."""

    seq: int
    at: datetime
    who: str
    email: str
    roles: list[str]
    refused: int


class AuditPage(msgspec.Struct):
    """The newest first; `next` continues, as `before`."""

    entries: list[AuditEntry]
    next: int | None
