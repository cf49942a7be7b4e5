"""What the routes of prescribing take and give."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import msgspec

from chart.prescribing import composing
from chart.prescribing.drafts import Content, Review
from chart.prescribing.forms import DISPENSED, FORMS, SITES, UNITS, Noun, Words
from chart.prescribing.models import Drug, Pharmacy, Prescription
from chart.prescribing.recording import signed_document
from chart.prescribing.repository import Row
from chart.prescribing.safety import Alert
from chart.prescribing.sig import Sig, problems, suggest, text
from chart.prescribing.sig_words import FREQUENCIES, NOTES, REASONS

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


class SigOut(msgspec.Struct):
    dose: float
    unit: str
    frequency: str
    dose_max: float | None
    days: int | None
    prn: str | None
    site: str | None
    notes: list[str]
    extra: str

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "SigOut":
        sig = msgspec.convert(stored, Sig)
        return cls(**msgspec.structs.asdict(sig) | {"notes": list(sig.notes)})


class UsualSig(msgspec.Struct):
    """Directions to choose with one click, and how they read."""

    sig: SigOut
    text: dict[str, str]


class DrugOut(msgspec.Struct):
    """A medicine. ``label`` is its form in words by language; ``units`` is what its dose may be counted in;
    ``sites`` the keys of places for eyes and ears; ``counted`` whether the quantity follows from the directions.
    """

    id: str
    title: str
    name: str
    brand: str
    strength: str
    form: str
    label: dict[str, str]
    route: str
    schedule: str
    units: list[str]
    dispensed: str
    counted: bool
    sites: list[str]
    usual: list[UsualSig]
    rxcui: str | None

    @classmethod
    def of(cls, drug: Drug, first: dict[str, Any] | None = None) -> "DrugOut":
        """``first`` are directions to offer before the usual ones."""
        form = FORMS[drug.form]
        usual = [each for each in ([first] if first else []) + drug.usual]
        return cls(
            id=drug.id,
            title=drug.title,
            name=drug.name,
            brand=drug.brand,
            strength=drug.strength,
            form=drug.form,
            label={"en": form.label.en, "es": form.label.es},
            route=drug.route,
            schedule=drug.schedule,
            units=list(form.units),
            dispensed=form.dispensed,
            counted=form.counted,
            sites=list(SITES.get(drug.route, {})),
            usual=[UsualSig(SigOut.of(each), sig_texts(each, drug)) for each in usual],
            rxcui=drug.rxcui,
        )


def sig_texts(stored: dict[str, Any], drug: Drug, unread: Iterable[str] = ()) -> dict[str, str]:
    """Directions as they read, by language; empty where they are not known or no rule lets them stand (`problems`)."""
    sig = msgspec.convert(stored, Sig)
    if any(path.startswith("sig.") for path in unread) or problems(sig, drug.form, drug.route):
        return {"en": "", "es": ""}
    return {language: text(sig, drug.form, drug.route, language) for language in ("en", "es")}


class Choice(msgspec.Struct):
    """A key that a sig stores, and what it says by language."""

    key: str
    text: dict[str, str]


class SigWords(msgspec.Struct):
    """What directions are made of. ``units`` and ``dispensed`` say many of a kind."""

    units: list[Choice]
    dispensed: list[Choice]
    frequencies: list[Choice]
    reasons: list[Choice]
    notes: list[Choice]
    sites: dict[str, list[Choice]]


def sig_words() -> SigWords:
    """The whole vocabulary, in the order in which it is offered."""
    each = Noun(Words("each", "unidad"), Words("each", "unidades"))
    dispensed = {name: UNITS.get(name, each) for name in DISPENSED}
    return SigWords(
        units=[_choice(key, noun.many) for key, noun in UNITS.items()],
        dispensed=[_choice(key, noun.many) for key, noun in dispensed.items()],
        frequencies=[_choice(key, each.words) for key, each in FREQUENCIES.items()],
        reasons=[_choice(key, words) for key, words in REASONS.items()],
        notes=[_choice(key, words) for key, words in NOTES.items()],
        sites={route: [_choice(key, words) for key, words in of.items()] for route, of in SITES.items()},
    )


def _choice(key: str, words: Words) -> Choice:
    return Choice(key, {"en": words.en, "es": words.es})


class DrugList(msgspec.Struct):
    items: list[DrugOut]


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
    """A warning; ``effect`` and ``action`` by language."""

    key: str
    kind: str
    severity: str
    other: str
    effect: dict[str, str]
    action: dict[str, str]
    source: str

    @classmethod
    def of(cls, alert: Alert) -> "AlertOut":
        return cls(
            alert.key, alert.kind, alert.severity, alert.other, alert.effect, alert.action, alert.source
        )


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
    sent as it is; ``controlled`` medicines cannot be signed here; ``unrecognised`` are entries of the chart that took
    no part in the check, which is not complete in any case; ``sha256`` is what signing has to quote.
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
    unrecognised: list[str]
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
        unrecognised=review.check.unrecognised,
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
