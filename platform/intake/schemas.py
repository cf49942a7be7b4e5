"""What intake's routes take and give."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from core.rules.conditions import Condition
from core.rules.text import Text
from identity.related.domain import Relationship
from intake.draft import DraftAdult, IntakeDraft
from intake.questionnaires.facts import Facts
from intake.summary.build import QuestionLine, Summary
from intake.words.lexicon import Words
from visits.schemas import AdultOut

FlagId = Annotated[str, Meta(max_length=80)]


class ReasonOut(msgspec.Struct, frozen=True):
    """A reason for a visit, to choose from."""

    code: str
    icon: str
    title: Text
    hint: Text


class RedFlagRule(msgspec.Struct, frozen=True):
    """A red-flag rule as the web evaluates it."""

    id: str
    version: int
    level: str
    line: str
    title: Text
    advice: Text
    when: Condition
    ask: Text


class HelpNumbers(msgspec.Struct, frozen=True):
    """The phone numbers for help where the patient is; empty where there is no such line."""

    emergency: str
    crisis: str
    poison: str
    violence: str
    assault: str


class RedFlagAnswer(msgspec.Struct, forbid_unknown_fields=True):
    """A patient's answer to a rule's question beside a message; the thread, if it has begun.

    `said_at` is when by the device's clock, as an answer may wait there for a connection.
    """

    rule: str
    yes: bool = True
    thread_id: UUID | None = None
    said_at: Annotated[dt.datetime, Meta(tz=True)] | None = None


class RedFlags(msgspec.Struct, frozen=True):
    """What a device needs to see red flags in answers and in words, also without a network."""

    rules: list[RedFlagRule]
    words: Words
    numbers: HelpNumbers


class IntakeFault(msgspec.Struct, frozen=True):
    """What is wrong with one field of the draft, as in a problem's `fields`."""

    path: str
    code: str
    params: dict[str, str | int | float]


class IntakeFlag(msgspec.Struct, frozen=True):
    """A red flag raised in this intake. `changed_at`: since when the answers no longer raise it."""

    id: str
    level: str
    active: bool
    raised_at: dt.datetime
    acknowledged_at: dt.datetime | None
    changed_at: dt.datetime | None


class IntakePerson(msgspec.Struct, frozen=True):
    """Whom the clinic takes the patient to be, to be confirmed."""

    name: str
    birth_date: dt.date


class IntakeAdult(msgspec.Struct, frozen=True):
    """Somebody whom the clinic verified beside a child. Their number is not told: who asks may live apart from them."""

    relation_id: UUID
    name: str
    relationship: Relationship
    phone_known: bool
    oneself: bool


class HomeAddress(msgspec.Struct, frozen=True):
    """The home address on file, offered as the place where the patient may be now."""

    line: str
    city: str
    state: str
    zip: str
    country: str


class IntakeSaved(msgspec.Struct, frozen=True, kw_only=True):
    """The state after a save."""

    version: int
    step: str
    saved_at: dt.datetime | None
    submitted_at: dt.datetime | None
    faults: list[IntakeFault]
    flags: list[IntakeFlag]
    numbers: HelpNumbers


class IntakeOut(IntakeSaved, frozen=True, kw_only=True):
    """Everything that the patient's device needs to go through the intake, also without a network.

    `adults` are offered to be with a child; null for a patient of age, who is asked for none. `named` is whom the
    visit names by now, which may have been said since the form was sent.
    """

    visit_id: UUID
    visit_status: str
    reason: str
    language: Literal["en", "es"]
    draft: IntakeDraft
    person: IntakePerson
    adults: list[IntakeAdult] | None
    named: DraftAdult | None
    home: HomeAddress | None
    facts: Facts
    clinic_name: str
    clinic_phone: str | None
    questionnaire: dict[str, Any]


class SaveIntake(msgspec.Struct, forbid_unknown_fields=True):
    """A save: the whole draft, made from `version`. `acknowledged` names the red flags that were read."""

    version: Annotated[int, Meta(ge=0, le=2**31 - 1)]
    step: Annotated[str, Meta(max_length=100, pattern="^[a-z0-9._:-]*$")]
    language: Literal["en", "es"]
    draft: IntakeDraft
    acknowledged: Annotated[list[FlagId], Meta(max_length=100)] = []


class SubmitIntake(msgspec.Struct, forbid_unknown_fields=True):
    """Sending the form as it was saved at `version`."""

    version: Annotated[int, Meta(ge=1, le=2**31 - 1)]


class NameAdult(msgspec.Struct, forbid_unknown_fields=True):
    """Who is with the child, said anew."""

    adult: DraftAdult


class IntakeSent(msgspec.Struct, frozen=True):
    """Where the visit is now."""

    visit_id: UUID
    visit_status: str


class ConsentToRead(msgspec.Struct, frozen=True):
    """The text to agree to. `hash` names it in the agreement."""

    version: int
    language: str
    text: str
    hash: str


class SummaryFlag(msgspec.Struct, frozen=True):
    """A red flag as the clinic sees it, with why it was raised.

    `active` is False when the patient changed the answer later: `changed_at`.
    """

    id: str
    level: str
    title: str
    source: str
    because: Text | None
    active: bool
    raised_at: dt.datetime
    acknowledged_at: dt.datetime | None
    changed_at: dt.datetime | None


class IntakeSummaryOut(msgspec.Struct, frozen=True, kw_only=True):
    """The intake for the clinician. `pregnant`: yes, maybe, no or na; null where it was not asked."""

    visit_id: UUID
    reason: str
    version: int
    submitted_at: dt.datetime | None
    identity_note: str
    location: dict[str, str]
    latitude: float | None
    longitude: float | None
    callback_phone: str
    reach_by: str
    adult: AdultOut | None
    pregnant: str | None
    summary: Summary
    questions: list[QuestionLine]
    flags: list[SummaryFlag]
    consent_version: int | None
    consent_agreed_at: dt.datetime | None
