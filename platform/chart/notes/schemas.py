"""What the note's routes take and give."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from chart.notes.domain import NoteContent, NoteStatus
from identity.privacy.domain import Sensitive

Sha256 = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class SaveNote(msgspec.Struct, forbid_unknown_fields=True):
    """The whole content, and the version that it was written on."""

    version: int
    content: NoteContent


class ReadyNote(msgspec.Struct, forbid_unknown_fields=True):
    """The version that its author wants to sign."""

    version: int


class SignNote(msgspec.Struct, forbid_unknown_fields=True):
    """The fingerprint of the document that was shown."""

    sha256: Sha256


class FinishVisit(msgspec.Struct, forbid_unknown_fields=True):
    """The fingerprint of the document that was shown, and the unsigned prescriptions that are given up."""

    sha256: Sha256
    discard_drafts: Annotated[list[UUID], msgspec.Meta(max_length=100)] = []


class MarkNote(msgspec.Struct, forbid_unknown_fields=True):
    """`category` None takes the mark back."""

    category: Sensitive | None


class AddendumIn(msgspec.Struct, forbid_unknown_fields=True):
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=20_000)]


class AddendumOut(msgspec.Struct):
    id: UUID
    author: str
    text: str
    signed_at: datetime
    sha256: str


class NoteOut(msgspec.Struct):
    """A note as it stands. `editable`: the reader may write in it. `mine`: they may mark it as `sensitive`."""

    id: UUID
    visit_id: UUID
    patient_id: UUID
    version: int
    status: NoteStatus
    content: NoteContent
    author: str
    saved_at: datetime
    saved_by: str
    editable: bool
    mine: bool
    sensitive: Sensitive | None
    sha256: str | None
    signed_at: datetime | None
    signed_by: str | None
    addenda: list[AddendumOut]


class SavedOut(msgspec.Struct):
    """What a save gave: the version to write the next one on."""

    version: int
    status: NoteStatus
    saved_at: datetime


class UnsignedPrescription(msgspec.Struct):
    """A prescription that was begun in the visit and would never be sent."""

    id: UUID
    drug: str


class ReadyOut(msgspec.Struct):
    """The exact text that will be signed (`document`, canonical JSON) and its SHA-256; and what else is unsigned.

    `version` is a newer one where the adult with a child was named since. `adult`: the line about them as it should be,
    where the clinician wrote another.
    """

    version: int
    document: str
    sha256: str
    unsigned: list[UnsignedPrescription]
    adult: str | None


class SignedOut(msgspec.Struct):
    """The one signature of a note; `signature` is base64 of Ed25519 over the statement."""

    note_id: UUID
    visit_id: UUID
    version: int
    signed_at: datetime
    signed_by: UUID
    sha256: str
    signature: bytes


class NoteVersionOut(msgspec.Struct):
    version: int
    saved_at: datetime
    saved_by: str
    content: NoteContent
