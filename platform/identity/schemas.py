"""What identity's routes take and give, for everybody who signs in. Times are instants in UTC."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec

from identity.person.address import Address
from identity.person.name import Name

Short = Annotated[str, msgspec.Meta(max_length=200)]
Secret = Annotated[str, msgspec.Meta(max_length=200)]
Locale = Literal["en", "es"]
Sex = Literal["male", "female", "other", "declined", "unknown"]
Outcome = Literal["signed_in", "identify", "register"]
Days = dict[str, list[list[str]]]


class SessionClinic(msgspec.Struct):
    """The clinic that somebody is signed in to."""

    id: UUID
    slug: str
    name: str
    time_zone: str
    languages: list[str]
    emergency_number: str
    phone: str | None


class ActsForChoice(msgspec.Struct):
    """A patient for whom somebody may act; `relationship` is ONESELF for the patient in person."""

    patient_id: UUID
    name: str
    relationship: str
    scope: str


class SessionOut(msgspec.Struct):
    """Who is signed in, and until when. `permissions` says which screens and buttons make sense.

    `waits_for` are changes to the account that a second person has to confirm before it signs anything. A call with
    somebody in it keeps the session until `in_call_expires_at` at most, and `after_call_seconds` after its end.
    `live_after` is the number of the newest live event: what is fetched from here on is as new, so `/api/live?after=`
    misses nothing.

    On the patient's side the session acts for `patient_id`: the patient in person where `relationship` is None, else
    `patient_name`, to whom the person is `relationship`. It is None until somebody with several `patients`, or none,
    has said for whom they act.
    """

    session_id: UUID
    account_id: UUID
    patient_id: UUID | None
    patient_name: str | None
    relationship: str | None
    patients: list[ActsForChoice]
    name: str
    locale: str
    roles: list[str]
    permissions: list[str]
    clinic: SessionClinic
    method: str
    idle_seconds: int
    idle_expires_at: datetime
    absolute_expires_at: datetime
    in_call_expires_at: datetime
    after_call_seconds: int
    stepped_up_until: datetime | None
    waits_for: list[str]
    live_after: int


class OpenSession(msgspec.Struct):
    """A browser in which the person is signed in. `device` is like 'Chrome on Windows', or empty."""

    id: UUID
    device: str
    method: str
    began_at: datetime
    last_seen_at: datetime
    current: bool


class TotpCode(msgspec.Struct, forbid_unknown_fields=True):
    code: Short


class AskCode(msgspec.Struct, forbid_unknown_fields=True):
    """`contact` is a phone number as people write it, or an e-mail address."""

    contact: Short
    locale: Locale = "en"


class CodeAsked(msgspec.Struct):
    """The same for everybody. `masked` shows where the code went, `resend_at` when to ask for another."""

    code_id: UUID
    channel: str
    masked: str
    expires_at: datetime
    resend_at: datetime


class TypedCode(msgspec.Struct, forbid_unknown_fields=True):
    code: Short


class SignInCode(msgspec.Struct, forbid_unknown_fields=True):
    """`somebody_else`: not the person who signs in on this device as a rule."""

    code: Short
    somebody_else: bool = False


class LinkToken(msgspec.Struct, forbid_unknown_fields=True):
    token: Secret


class CodeAccepted(msgspec.Struct):
    """`signed_in`; or, with the token that the next step needs, `identify` on a device that is not known, and
    `register` for a contact that nobody has here."""

    outcome: Outcome
    registration: str | None = None
    masked: str | None = None
    until: datetime | None = None


class Register(Name, kw_only=True, forbid_unknown_fields=True):
    """A new patient. `birth_date` is YYYY-MM-DD, `time_zone` an IANA name. A single name is `family` or `given`, with
    the other one empty; `sex` is `declined` by whoever would rather not say, and `unknown` unless it is answered.
    `number_is_new` says that the contact was a stranger's before: their account is not opened by it any more."""

    registration: Secret
    birth_date: date
    language: Locale = "en"
    time_zone: Short | None = None
    sex: Sex = "unknown"
    number_is_new: bool = False


class StaffPassword(msgspec.Struct, forbid_unknown_fields=True):
    email: Short
    password: Secret


class StaffStep(msgspec.Struct):
    """What comes after the password: `second_factor` by one of `methods`, or `enrol`."""

    step: Literal["second_factor", "enrol"]
    challenge: str
    methods: list[str]


class ChallengeToken(msgspec.Struct, forbid_unknown_fields=True):
    challenge: Secret


class ChallengeCode(msgspec.Struct, forbid_unknown_fields=True):
    challenge: Secret
    code: Short


class EnrolmentOut(msgspec.Struct):
    """For an authenticator app: the secret to type, the address, and the address as a QR code: an SVG path in a
    square of `qr_size` by `qr_size`."""

    secret: str
    uri: str
    qr_size: int
    qr_path: str


class RecoveryCodes(msgspec.Struct):
    """Shown this once."""

    recovery_codes: list[str]


class ForgotPassword(msgspec.Struct, forbid_unknown_fields=True):
    email: Short


class InviteOut(msgspec.Struct):
    """Whom a link is for; `purpose` is `invite` or `reset`."""

    purpose: str
    name: str
    email: str
    expires_at: datetime


class AcceptInvite(msgspec.Struct, forbid_unknown_fields=True):
    token: Secret
    password: Secret


class PasskeyOptions(msgspec.Struct):
    """`options` go to `navigator.credentials` as they are."""

    challenge: str
    options: dict[str, Any]


class PasskeyAnswer(msgspec.Struct, forbid_unknown_fields=True):
    """What the browser answered, as `PublicKeyCredential.toJSON()` gives it."""

    challenge: Secret
    credential: dict[str, Any]


class NewPasskey(msgspec.Struct, forbid_unknown_fields=True):
    """A new passkey; `enrolment` is the challenge of the enrolment step where nobody is signed in yet."""

    challenge: Secret
    credential: dict[str, Any]
    name: Annotated[str, msgspec.Meta(max_length=60)] = ""
    enrolment: Secret | None = None


class PasskeyName(msgspec.Struct, forbid_unknown_fields=True):
    name: Annotated[str, msgspec.Meta(max_length=60)]


class PasskeyOut(msgspec.Struct):
    id: UUID
    name: str
    created_at: datetime
    last_used_at: datetime | None


class InBoth(msgspec.Struct, frozen=True):
    """One text in the languages that the screens speak."""

    en: str
    es: str


class HolidayOut(msgspec.Struct):
    """A day on which the clinic is closed."""

    day: date
    name: InBoth


class ClinicPage(msgspec.Struct):
    """What a clinic shows to everybody. `opens_at` is the next opening when it is closed now.

    `holidays` are the days of the next month, today among them, on which it is closed beside its weekly `hours`.
    """

    slug: str
    name: str
    time_zone: str
    languages: list[str]
    hours: Days
    open_now: bool
    opens_at: datetime | None
    holidays: list[HolidayOut]
    emergency_number: str
    crisis_number: str
    poison_number: str
    phone: str | None
    address: Address | None
    welcome: dict[str, str]
    passkeys: bool
    demo: bool
