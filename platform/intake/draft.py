"""What a patient has entered so far: one document, saved as it grows, with every field optional until sent.

Types and sizes are fixed here, so that nothing else can be stored. Whether the content is right is a matter of
`intake.domain.check`, which tells the patient without losing what was typed.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from identity.related.domain import Relationship

# PostgreSQL can store no NUL in text or jsonb.
Short = Annotated[str, Meta(max_length=200, pattern="^[^\\x00]*$")]
Long = Annotated[str, Meta(max_length=5000, pattern="^[^\\x00]*$")]
LinkId = Annotated[str, Meta(max_length=80, pattern="^[a-z0-9._-]+$")]
Key = Annotated[str, Meta(min_length=1, max_length=80, pattern="^[A-Za-z0-9._-]+$")]
AnswerValue = bool | int | float | Long | Annotated[list[Short], Meta(max_length=50)]


class Section(msgspec.Struct, forbid_unknown_fields=True):
    """A part of the document; a field that nobody knows is refused rather than dropped."""


class DraftIdentity(Section):
    """Whether the name and birth date on file are the patient's; `note` says what is wrong."""

    confirmed: Literal["", "yes", "no"] = ""
    note: Short = ""


class DraftAdult(Section):
    """Who is with a child: a relation that the clinic verified, or a name, a relationship and a telephone.

    `phone_given` stands for a number that this device is not told; sent back, the number stays.
    """

    relation_id: Short | None = None
    name: Short = ""
    relationship: Relationship | None = None
    phone: Short = ""
    phone_given: bool = False


class KeptAdult(DraftAdult, forbid_unknown_fields=False):
    """The same as it is kept. `phone_by` is the account that typed the number: nobody else is told it."""

    phone_by: UUID | None = None


class DraftLocation(Section):
    """Where the patient is now. `country` is ISO 3166-1 alpha-2, coordinates are WGS 84 degrees."""

    line: Short = ""
    city: Short = ""
    state: Short = ""
    zip: Short = ""
    country: Annotated[str, Meta(pattern="^[A-Z]{2}$")] = "US"
    latitude: Annotated[float, Meta(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Meta(ge=-180, le=180)] | None = None


class DraftContact(Section):
    """How to reach the patient if the video fails."""

    callback_phone: Short = ""
    reach_by: Short = ""


class DraftAllergy(Section):
    """One allergy: from the record (`record_id`) and confirmed or not, or new (`status` is `new`)."""

    key: Key
    substance: Short = ""
    reaction: Short = ""
    severity: Literal["", "mild", "moderate", "severe"] = ""
    status: Literal["", "confirmed", "removed", "new"] = "new"
    record_id: Short | None = None


class DraftMedicine(Section):
    """One medicine: from the record and still taken or not, or new. `rxcui` is its RxNorm code, if chosen."""

    key: Key
    name: Short = ""
    directions: Short = ""
    rxcui: Short | None = None
    status: Literal["", "confirmed", "removed", "new"] = "new"
    record_id: Short | None = None


class DraftPharmacy(Section):
    """The pharmacy to send to: one that the clinic knows (`id`), or a name in the patient's words."""

    id: Short | None = None
    name: Short = ""


class DraftConsent(Section):
    """Agreement to the text whose SHA-256 is `text_hash`, in `language`, signed by typing one's name."""

    agreed: bool = False
    text_hash: Short = ""
    language: Literal["en", "es"] = "en"
    signature: Short = ""


class IntakeDraft(Section):
    """The whole document."""

    identity: DraftIdentity = msgspec.field(default_factory=DraftIdentity)
    adult: DraftAdult = msgspec.field(default_factory=DraftAdult)
    location: DraftLocation = msgspec.field(default_factory=DraftLocation)
    contact: DraftContact = msgspec.field(default_factory=DraftContact)
    answers: Annotated[dict[LinkId, AnswerValue], Meta(max_length=200)] = {}
    allergies: Annotated[list[DraftAllergy], Meta(max_length=60)] = []
    no_allergies: bool = False
    medicines: Annotated[list[DraftMedicine], Meta(max_length=60)] = []
    no_medicines: bool = False
    pharmacy: DraftPharmacy = msgspec.field(default_factory=DraftPharmacy)
    consent: DraftConsent = msgspec.field(default_factory=DraftConsent)


class KeptDraft(IntakeDraft, forbid_unknown_fields=False):
    """The document as it is kept. A section that a later release added is dropped, so that one can go back."""

    adult: KeptAdult = msgspec.field(default_factory=KeptAdult)


def stored(draft: KeptDraft) -> dict[str, Any]:
    """The document as JSON. The releases before a child's adult refuse the section: where nobody is named, it is
    left out."""
    plain: dict[str, Any] = msgspec.to_builtins(draft)
    if draft.adult == KeptAdult():
        del plain["adult"]
    return plain
