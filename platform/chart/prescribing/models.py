"""Tables of prescribing: medicines, pharmacies, prescriptions, and every message that went over the wire."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, Numeric, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chart.prescribing.domain import RxStatus, check_move
from core.database.models import Base, Tenant, text_enum

Json = dict[str, Any]


class Drug(Base):
    """A medicine that can be prescribed: see formulary.Product. Public, the same for all clinics.

    ``usual`` is a list of sig.Sig; ``rank`` is its place among equals; ``search`` is what words are looked up in.
    One that is not ``offered`` any more stays for the prescriptions that name it.
    """

    __tablename__ = "drug"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    title: Mapped[str]
    name: Mapped[str]
    brand: Mapped[str]
    ingredients: Mapped[list[str]] = mapped_column(ARRAY(Text))
    strength: Mapped[str]
    form: Mapped[str]
    route: Mapped[str]
    schedule: Mapped[str]
    classes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    usual: Mapped[list[Json]] = mapped_column(JSONB)
    pack: Mapped[Decimal | None] = mapped_column(Numeric)
    rxcui: Mapped[str | None]
    ndc: Mapped[str | None]
    rank: Mapped[int]
    search: Mapped[str]
    offered: Mapped[bool] = mapped_column(default=True)


class Pharmacy(Tenant, Base):
    """A pharmacy that the clinic can send to. ``phone`` (maybe with an extension) and ``fax`` are as
    identity.person.contacts has them."""

    __tablename__ = "pharmacy"

    ncpdp_id: Mapped[str]
    npi: Mapped[str]
    name: Mapped[str]
    line: Mapped[str]
    city: Mapped[str]
    state: Mapped[str]
    zip: Mapped[str]
    phone: Mapped[str]
    fax: Mapped[str | None]


class Prescription(Tenant, Base):
    """One prescription from draft to pharmacy. See domain.TRANSITIONS for its life.

    ``quantity`` None follows the directions. ``unread`` are the paths of fields that hold text which is no number: what
    is stored for them is what stood there before, and is not meant. From signing on, ``document`` holds the bytes
    signed (domain.SignedPrescription), ``signature`` is Ed25519 over domain.statement, ``message_id`` names the NewRx
    for good, and a trigger refuses any change to them. ``overrides`` are the alerts that were answered with a reason.
    ``acknowledged`` says who read what the check did not understand (domain.SignedAcknowledgement).
    ``unconfirmed_at`` is when people were asked to look after it, because the pharmacy had been silent for too long.
    ``failure`` and ``pharmacy_words`` say why it is in error. ``record_id`` is its MedicationRequest.
    """

    __tablename__ = "prescription"

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"))
    prescriber_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    drug_id: Mapped[str] = mapped_column(ForeignKey("drug.id"))
    pharmacy_id: Mapped[UUID | None] = mapped_column(ForeignKey("pharmacy.id"))
    version: Mapped[int]
    status: Mapped[RxStatus] = mapped_column(text_enum(RxStatus))
    sig: Mapped[Json] = mapped_column(JSONB)
    quantity: Mapped[Decimal | None] = mapped_column(Numeric)
    days_supply: Mapped[int | None]
    refills: Mapped[int]
    substitutions_allowed: Mapped[bool]
    note: Mapped[str]
    diagnosis: Mapped[str | None]
    unread: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    updated_at: Mapped[datetime]
    overrides: Mapped[list[Json]] = mapped_column(JSONB, default=list)
    acknowledged: Mapped[Json | None] = mapped_column(JSONB(none_as_null=True))
    document: Mapped[bytes | None] = mapped_column(LargeBinary)
    sha256: Mapped[str | None]
    signature: Mapped[bytes | None] = mapped_column(LargeBinary)
    signed_at: Mapped[datetime | None]
    message_id: Mapped[str | None]
    record_id: Mapped[UUID | None]
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]
    leased_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    unconfirmed_at: Mapped[datetime | None]
    failure: Mapped[str | None]
    pharmacy_words: Mapped[str | None]

    def move(self, to: RxStatus) -> None:
        """Change the status: the only place that does. Raises domain.IllegalMove."""
        check_move(self.status, to)
        self.status = to


class ScriptMessage(Tenant, Base):
    """A message as it went over the wire: ``direction`` is 'out' or 'in', ``sealed`` its bytes, encrypted.

    One row for each message, however often it was sent or came: (clinic, direction, message_id) is unique.
    """

    __tablename__ = "script_message"

    prescription_id: Mapped[UUID] = mapped_column(ForeignKey("prescription.id"))
    direction: Mapped[str]
    kind: Mapped[str]
    message_id: Mapped[str]
    relates_to: Mapped[str | None]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
