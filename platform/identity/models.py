"""Identity's tables. Secrets live apart from people, so that loading a person never loads a secret."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import (
    BigInteger,
    Computed,
    Date,
    DateTime,
    ForeignKey,
    Interval,
    LargeBinary,
    SmallInteger,
    Text,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database.models import Base, Tenant
from core.ids import new_id
from identity.person.name import Name, name_in, shown

Json = dict[str, Any]

_INSTANT = DateTime(timezone=True)


class Clinic(Base):
    """A tenant. Readable by anyone who knows its slug: this row is what the public page shows.

    `hours` maps the days `mon` ... `sun` to a list of `["HH:MM", "HH:MM"]` pairs in `time_zone`;
    `settings` is `identity.clinic.settings.ClinicSettings` as JSON, `address` `identity.person.address.Address`.
    """

    __tablename__ = "clinic"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    time_zone: Mapped[str] = mapped_column(Text)
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text))
    hours: Mapped[Json] = mapped_column(JSONB, default=dict)
    emergency_number: Mapped[str] = mapped_column(Text, default="911")
    phone: Mapped[str | None] = mapped_column(Text)
    address: Mapped[Json | None] = mapped_column(JSONB)
    settings: Mapped[Json] = mapped_column(JSONB, default=dict)
    demo: Mapped[bool] = mapped_column(default=False)
    """Made by `carethread seed`, with people who do not exist."""
    created_at: Mapped[datetime] = mapped_column(_INSTANT, server_default=func.now())


class Holiday(Base):
    """A day on which the clinic is closed, by its own calendar."""

    __tablename__ = "holiday"

    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinic.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    name: Mapped[str] = mapped_column(Text)


class ConsentText(Tenant, Base):
    """One published version of what a patient agrees to. Never changed: a new text is a new version."""

    __tablename__ = "consent_text"

    version: Mapped[int]
    body_en: Mapped[str] = mapped_column(Text)
    body_es: Mapped[str] = mapped_column(Text)
    published_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))


class Account(Tenant, Base):
    """Someone who can sign in: a patient, or staff with one or more roles; never both on one account.

    `status` is `invited`, `active` or `disabled`; `phone` is E.164; `email` is lower case. Patients of one family may
    share a contact. A contact is in dispute (`phone_disputed_at`) once somebody who reads it said that it is theirs
    alone. Until `vouched_until` the clinic, which asked for proof, lets the patient in on a new device by a code alone.
    """

    __tablename__ = "account"

    name: Mapped[str] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    locale: Mapped[str] = mapped_column(Text, default="en")
    status: Mapped[str] = mapped_column(Text, default="active")
    phone_disputed_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    email_disputed_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    vouched_until: Mapped[datetime | None] = mapped_column(_INSTANT)


class Named:
    """The columns of `identity.person.name.Name`; '' means 'none'."""

    family: Mapped[str] = mapped_column(Text, default="")
    given: Mapped[str] = mapped_column(Text, default="")
    second: Mapped[str] = mapped_column(Text, default="")
    prefix: Mapped[str] = mapped_column(Text, default="")
    suffix: Mapped[str] = mapped_column(Text, default="")
    used_name: Mapped[str] = mapped_column(Text, default="")

    @property
    def name(self) -> Name:
        return name_in(self)

    @property
    def full_name(self) -> str:
        """The name as it is shown and signed."""
        return shown(self.name)

    def rename(self, name: Name) -> None:
        for part, text in msgspec.structs.asdict(name).items():
            setattr(self, part, text)


class Staff(Named, Base):
    """What staff are beyond an account: `licences` are US states (two letters), `npi`, `dea` federal numbers.

    `account.name` shows the name; `name_guessed` marks parts that an upgrade took from it by guessing.

    `version` counts an administrator's changes, so that none overwrites what its writer has not seen. `frozen_at`
    is set while somebody said that the account was taken from them. `npi_shared` and `dea_shared` mark a number that
    a colleague had too before numbers had to be one person's: the unique indexes pass over it.
    """

    __tablename__ = "staff"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinic.id"))
    npi: Mapped[str | None] = mapped_column(Text)
    npi_shared: Mapped[bool] = mapped_column(default=False)
    dea: Mapped[str | None] = mapped_column(Text)
    dea_shared: Mapped[bool] = mapped_column(default=False)
    title: Mapped[str | None] = mapped_column(Text)
    credentials: Mapped[str | None] = mapped_column(Text)
    licences: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    name_guessed: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    frozen_at: Mapped[datetime | None] = mapped_column(_INSTANT)


class Gendered:
    """The columns of `identity.person.gender.Gender`; 'unknown' means 'not recorded'."""

    birth_sex: Mapped[str] = mapped_column(Text, default="unknown")
    clinical_sex: Mapped[str] = mapped_column(Text, default="unknown")
    gender_identity: Mapped[str] = mapped_column(Text, default="unknown")
    pronouns: Mapped[str] = mapped_column(Text, default="unknown")
    pronouns_other: Mapped[str] = mapped_column(Text, default="")


class Patient(Named, Gendered, Tenant, Base):
    """The master of a patient's demographics; FHIR Patient is projected from it at the edge.

    `account_id` is the account of the patient in person, whose contacts it shares; who may act for the patient stands
    in `related_person` alone. `sex` is FHIR AdministrativeGender (male, female, other), `declined` by whoever would
    rather not say, or `unknown` while nobody has answered: what care depends on is `clinical_sex`. `address` is
    `identity.person.address.Address` as JSON; `language` is BCP 47; `mrn` is the clinic's own number.
    """

    __tablename__ = "patient"

    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), unique=True)
    birth_date: Mapped[date] = mapped_column(Date)
    sex: Mapped[str] = mapped_column(Text, default="unknown")
    phone: Mapped[str | None] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    address: Mapped[Json | None] = mapped_column(JSONB)
    time_zone: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text, default="en")
    mrn: Mapped[str] = mapped_column(Text)
    preferred_pharmacy_id: Mapped[UUID | None]
    search_key: Mapped[str] = mapped_column(
        Text,
        Computed("patient_key(given, family, second, prefix, suffix, used_name, mrn)", persisted=True),
        deferred=True,
    )


class AuthSession(Tenant, Base):
    """A signed-in browser. The token itself is only in the browser's cookie; here is its SHA-256.

    `patient_id` is the patient for whom somebody acts who signed in as a patient does; empty until they said.
    """

    __tablename__ = "auth_session"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    method: Mapped[str] = mapped_column(Text)
    device: Mapped[str] = mapped_column(Text)
    idle: Mapped[timedelta] = mapped_column(Interval)
    last_seen_at: Mapped[datetime] = mapped_column(_INSTANT)
    expires_at: Mapped[datetime] = mapped_column(_INSTANT)
    stepped_up_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    ended_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    ended_because: Mapped[str | None] = mapped_column(Text)
    trusted_device_id: Mapped[UUID | None]
    patient_id: Mapped[UUID | None]


class OneTimeCode(Tenant, Base):
    """A six-digit code and a link, either of which proves that someone reads this phone or mailbox.

    Made alike for known and unknown contacts, so that asking tells nobody who is a patient here.
    Each request has a row of its own with its own tries; requests for one contact within minutes share their digits,
    which are as old as `digits_at` (empty: nothing was sent). `sealed` holds code and link until the row is over.
    `purpose` says what it may be used for; `account_id` is whose it is, where somebody is known.
    `registration_hash` lets whoever has proven the contact say who they are, with `identify_tries` wrong answers, or
    register, once.
    """

    __tablename__ = "one_time_code"

    channel: Mapped[str] = mapped_column(Text)
    contact: Mapped[str] = mapped_column(Text)
    locale: Mapped[str] = mapped_column(Text)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary)
    link_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    tries_left: Mapped[int] = mapped_column(SmallInteger)
    expires_at: Mapped[datetime] = mapped_column(_INSTANT)
    used_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    voided_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    registration_hash: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    registered_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    purpose: Mapped[str] = mapped_column(Text, default="sign_in")
    digits_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    identify_tries: Mapped[int] = mapped_column(SmallInteger, default=5)


class Password(Base):
    """Argon2id hash of a staff account's password."""

    __tablename__ = "password"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinic.id"))
    hash: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(_INSTANT)


class Authenticator(Base):
    """A staff account's TOTP secret and the last time step that was accepted (RFC 6238, 5.2).

    Both secrets are sealed. `pending` was shown as a QR code and counts only once a code of it was given, before
    `pending_until`.
    """

    __tablename__ = "authenticator"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinic.id"))
    secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    pending: Mapped[bytes | None] = mapped_column(LargeBinary)
    pending_until: Mapped[datetime | None] = mapped_column(_INSTANT)
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)


class RecoveryCode(Tenant, Base):
    """One of ten codes that stand in for a lost second factor, each usable once."""

    __tablename__ = "recovery_code"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    code_hash: Mapped[bytes] = mapped_column(LargeBinary)
    used_at: Mapped[datetime | None] = mapped_column(_INSTANT)


class Credential(Tenant, Base):
    """A passkey (WebAuthn public key credential)."""

    __tablename__ = "credential"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(Text)
    transports: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    last_used_at: Mapped[datetime | None] = mapped_column(_INSTANT)


class Challenge(Tenant, Base):
    """A step begun and not finished: a password given and a second factor awaited, or a passkey ceremony.

    Single use and short-lived. `account_id` is empty while a passkey has yet to say whose it is.
    """

    __tablename__ = "challenge"

    purpose: Mapped[str] = mapped_column(Text)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    webauthn: Mapped[bytes | None] = mapped_column(LargeBinary)
    tries_left: Mapped[int] = mapped_column(SmallInteger)
    expires_at: Mapped[datetime] = mapped_column(_INSTANT)
    used_at: Mapped[datetime | None] = mapped_column(_INSTANT)


class Invite(Tenant, Base):
    """A link by e-mail that lets staff set a password: `purpose` is `invite` or `reset`."""

    __tablename__ = "invite"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    purpose: Mapped[str] = mapped_column(Text)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    invited_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    expires_at: Mapped[datetime] = mapped_column(_INSTANT)
    used_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    voided_at: Mapped[datetime | None] = mapped_column(_INSTANT)


class StaffChange(Tenant, Base):
    """A change to somebody's account that counts once a second person has confirmed it: `confirmations.Change`.

    Neither the account's owner nor `made_by` confirms it. Without `confirmed_by` it was the operator who did. `was` and
    `becomes` are what a second person reads; NULL where there is nothing to read.
    """

    __tablename__ = "staff_change"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    change: Mapped[str] = mapped_column(Text)
    was: Mapped[str | None] = mapped_column(Text)
    becomes: Mapped[str | None] = mapped_column(Text)
    made_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(_INSTANT)


class FreezeLink(Tenant, Base):
    """A link by e-mail, good once, by which its reader freezes an account of theirs. Only its SHA-256 is here."""

    __tablename__ = "freeze_link"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    expires_at: Mapped[datetime] = mapped_column(_INSTANT)
    used_at: Mapped[datetime | None] = mapped_column(_INSTANT)
