"""What the routes of prescribing take and give."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from chart.prescribing.medicines.sig import Sig, suggest
from chart.prescribing.models import Pharmacy, Prescription
from chart.prescribing.recording import signed_document
from chart.prescribing.repository import Row
from chart.prescribing.safety.rules import Alert
from chart.prescribing.schemas_drugs import DrugOut, SigOut, sig_texts
from chart.prescribing.writing import acknowledging, composing
from chart.prescribing.writing.drafts import Content, Review

Key = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
Count = Annotated[int, msgspec.Meta(ge=-(2**31), le=2**31 - 1)]
Typed = Annotated[str, msgspec.Meta(max_length=1000)]
Sha256 = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class SigIn(msgspec.Struct, forbid_unknown_fields=True):
    """Directions, see sig.Sig."""

    dose: float
    unit: Key
    frequency: Key
    dose_max: float | None = None
    days: Count | None = None
    prn: Key | None = None
    site: Key | None = None
    notes: Annotated[list[Key], msgspec.Meta(max_length=12)] = []
    extra: Typed = ""

    def value(self) -> Sig:
        return Sig(
            dose=self.dose,
            unit=self.unit,
            frequency=self.frequency,
            dose_max=self.dose_max,
            days=self.days,
            prn=self.prn,
            site=self.site,
            notes=tuple(dict.fromkeys(self.notes)),
            extra=self.extra,
        )


class BeginPrescription(msgspec.Struct, forbid_unknown_fields=True):
    """A medicine; without directions it gets its usual ones."""

    drug_id: Key
    sig: SigIn | None = None


class ChangePrescription(msgspec.Struct, forbid_unknown_fields=True):
    """The whole draft as it should be, and the version that it was written on. ``quantity`` None follows the sig.

    ``unread`` are the paths of fields that hold text which is no number: the draft is kept, and cannot be signed.
    """

    version: Count
    sig: SigIn
    quantity: float | None = None
    days_supply: Count | None = None
    refills: Count = 0
    substitutions_allowed: bool = True
    note: Typed = ""
    diagnosis: Key | None = None
    pharmacy_id: UUID | None = None
    unread: Annotated[list[Key], msgspec.Meta(max_length=12)] = []

    def content(self) -> Content:
        return Content(
            sig=self.sig.value(),
            quantity=None if self.quantity is None else Decimal(repr(self.quantity)),
            days_supply=self.days_supply,
            refills=self.refills,
            substitutions_allowed=self.substitutions_allowed,
            note=self.note,
            diagnosis=self.diagnosis,
            pharmacy_id=self.pharmacy_id,
            unread=frozenset(self.unread),
        )


class SignPrescription(msgspec.Struct, forbid_unknown_fields=True):
    """The fingerprint of the document that was shown, and a reason for each alert that is overridden, by its key."""

    sha256: Sha256
    reasons: Annotated[
        dict[Annotated[str, msgspec.Meta(max_length=200)], Typed], msgspec.Meta(max_length=50)
    ] = {}


class PharmacyOut(msgspec.Struct):
    id: UUID
    name: str
    line: str
    city: str
    state: str
    zip: str
    phone: str

    @classmethod
    def of(cls, pharmacy: Pharmacy) -> "PharmacyOut":
        return cls(
            pharmacy.id,
            pharmacy.name,
            pharmacy.line,
            pharmacy.city,
            pharmacy.state,
            pharmacy.zip,
            pharmacy.phone,
        )


class PharmacyList(msgspec.Struct):
    items: list[PharmacyOut]


class AlertOut(msgspec.Struct):
    """A warning; ``effect`` and ``action`` by language; ``ended_on`` where ``other`` is not taken any more."""

    key: str
    kind: str
    severity: str
    other: str
    effect: dict[str, str]
    action: dict[str, str]
    source: str
    ended_on: date | None

    @classmethod
    def of(cls, alert: Alert) -> "AlertOut":
        return cls(
            alert.key,
            alert.kind,
            alert.severity,
            alert.other,
            alert.effect,
            alert.action,
            alert.source,
            alert.ended_on,
        )


class UnreadOut(msgspec.Struct):
    """An entry of the chart that the check did not understand: see chart_check.Unread."""

    kind: Literal["allergy", "medicine"]
    text: str
    parts: list[str]
    known: bool


class AcknowledgementIn(msgspec.Struct, forbid_unknown_fields=True):
    """The fingerprint of the entries that were read (``unread_sha256``); None takes the acknowledgement back."""

    sha256: Sha256 | None


class PrescriptionLine(msgspec.Struct):
    """A prescription in a list. ``failure`` is rejected or unreachable; ``pharmacy_words`` what the pharmacy wrote
    when it refused (for the care team only).
    """

    id: UUID
    visit_id: UUID
    patient_id: UUID
    drug: str
    sig_text: dict[str, str]
    quantity: float
    unit: str
    refills: int
    status: str
    failure: str | None
    pharmacy_words: str | None
    pharmacy: PharmacyOut | None
    prescriber: str
    mine: bool
    created_at: datetime
    signed_at: datetime | None
    sent_at: datetime | None
    answered_at: datetime | None


class PrescriptionList(msgspec.Struct):
    items: list[PrescriptionLine]


def line_out(row: Row, account_id: UUID | None, *, for_patient: bool) -> PrescriptionLine:
    """A row as its reader may have it. What was signed is shown as it was signed."""
    prescription, drug, pharmacy, prescriber = row
    if prescription.document is not None:
        signed = signed_document(prescription)
        texts = {"en": signed.sig_en, "es": signed.sig_es}
        quantity, unit = float(signed.quantity), signed.unit
    else:
        effective = composing.effective_quantity(prescription, drug)
        texts = sig_texts(prescription.sig, drug, prescription.unread)
        quantity, unit = effective.value, effective.unit
    return PrescriptionLine(
        id=prescription.id,
        visit_id=prescription.visit_id,
        patient_id=prescription.patient_id,
        drug=drug.title,
        sig_text=texts,
        quantity=quantity,
        unit=unit,
        refills=prescription.refills,
        status=prescription.status,
        failure=prescription.failure,
        pharmacy_words=None if for_patient else prescription.pharmacy_words,
        pharmacy=PharmacyOut.of(pharmacy) if pharmacy else None,
        prescriber=prescriber,
        mine=prescription.prescriber_id == account_id,
        created_at=prescription.created_at,
        signed_at=prescription.signed_at,
        sent_at=prescription.sent_at,
        answered_at=prescription.answered_at,
    )


class PrescriptionOut(msgspec.Struct):
    """A prescription with all that is to be seen before signing it.

    ``patient_language`` is what the directions will be read in; ``quantity`` is what the clinician wrote (None: as
    suggested); ``missing`` names what a pharmacy would lack, ``wrong`` has a code for each field that could not be
    sent as it is; ``controlled`` medicines cannot be signed here; ``not_understood`` are entries of the chart that the
    check did not understand, in whole or in part: they want an acknowledgement (of ``unread_sha256``) before signing,
    given at ``acknowledged_at``; ``denied`` are entries that say what the patient is not allergic to;
    ``sha256`` is what signing has to quote.
    """

    line: PrescriptionLine
    patient_language: str
    version: int
    drug: DrugOut
    sig: SigOut
    quantity: float | None
    days_supply: int | None
    suggested_quantity: float
    suggested_days: int | None
    substitutions_allowed: bool
    note: str
    diagnosis: str | None
    alerts: list[AlertOut]
    not_understood: list[UnreadOut]
    unread_sha256: str | None
    acknowledged_at: datetime | None
    denied: list[str]
    missing: list[str]
    wrong: dict[str, str]
    controlled: bool
    sha256: str | None


def review_out(review: Review, line: PrescriptionLine) -> PrescriptionOut:
    prescription, drug = review.prescription, review.of.drug
    suggested = suggest(
        msgspec.convert(prescription.sig, Sig), drug.form, float(drug.pack) if drug.pack else None
    )
    return PrescriptionOut(
        line=line,
        patient_language=review.of.patient.language,
        version=prescription.version,
        drug=DrugOut.of(drug),
        sig=SigOut.of(prescription.sig),
        quantity=float(prescription.quantity) if prescription.quantity is not None else None,
        days_supply=prescription.days_supply,
        suggested_quantity=suggested.value,
        suggested_days=suggested.days,
        substitutions_allowed=prescription.substitutions_allowed,
        note=prescription.note,
        diagnosis=prescription.diagnosis,
        alerts=[AlertOut.of(alert) for alert in review.check.alerts],
        not_understood=[
            msgspec.convert(msgspec.to_builtins(each), UnreadOut) for each in review.check.unread
        ],
        unread_sha256=acknowledging.fingerprint(review.check.unread),
        acknowledged_at=review.acknowledged.at if review.acknowledged else None,
        denied=review.check.denied,
        missing=review.missing,
        wrong=review.wrong,
        controlled=bool(drug.schedule),
        sha256=review.sha256,
    )


class SignedPrescriptionOut(msgspec.Struct):
    """The one signature of a prescription: the same however often it is asked for."""

    prescription_id: UUID
    signed_at: datetime
    sha256: str
    signature: bytes
    message_id: str


def signed_out(prescription: Prescription) -> SignedPrescriptionOut:
    """Raises ValueError if the prescription is not signed."""
    signed_at, digest = prescription.signed_at, prescription.sha256
    signature, message_id = prescription.signature, prescription.message_id
    if signed_at is None or digest is None or signature is None or message_id is None:
        raise ValueError("not signed")
    return SignedPrescriptionOut(prescription.id, signed_at, digest, signature, message_id)
