"""Routes of prescribing: medicines, pharmacies, and a prescription from draft to pharmacy."""

from typing import Annotated
from uuid import UUID

from litestar import Response
from litestar.params import QueryParameter

from chart.prescribing import repository
from chart.prescribing.models import Prescription
from chart.prescribing.schemas import (
    AcknowledgementIn,
    BeginPrescription,
    ChangePrescription,
    PharmacyList,
    PharmacyOut,
    PrescriptionLine,
    PrescriptionList,
    PrescriptionOut,
    SignedPrescriptionOut,
    SignPrescription,
    line_out,
    review_out,
    signed_out,
)
from chart.prescribing.schemas_drugs import DrugList, DrugOut, SigWords, sig_words
from chart.prescribing.writing import acknowledging, drafts, signing
from core import audit
from core.database.session import ReadSession, WriteSession
from core.edge.versions import IfMatch, tagged
from core.edge.web import get, post, put
from identity.permissions import Permission
from visits import repository as visits

Query = Annotated[str, QueryParameter(name="q", max_length=100)]


@get("/api/drugs", permission=Permission.TERMINOLOGY_SEARCH)
async def search_drugs(read: ReadSession, words: Query = "") -> DrugList:
    """Medicines by the beginnings of their name, strength, form or brand."""
    return DrugList([DrugOut.of(drug) for drug in await repository.search_drugs(read, words)])


@get("/api/drugs/recent", permission=Permission.PRESCRIPTION_WRITE)
async def recent_drugs(read: ReadSession) -> DrugList:
    """What this clinician prescribes most, each with the directions given last as the first to choose."""
    return DrugList([DrugOut.of(drug, last.sig) for drug, last in await repository.recent(read)])


@get("/api/sig-words", permission=Permission.TERMINOLOGY_SEARCH)
async def list_sig_words(read: ReadSession) -> SigWords:
    """What directions are made of, in both languages."""
    return sig_words()


@get("/api/pharmacies", permission=Permission.PHARMACY_READ)
async def search_pharmacies(read: ReadSession, words: Query = "") -> PharmacyList:
    """Pharmacies by name, street, city, state or ZIP."""
    return PharmacyList([PharmacyOut.of(each) for each in await repository.search_pharmacies(read, words)])


@post("/api/visits/{visit_id:uuid}/prescriptions", permission=Permission.PRESCRIPTION_WRITE, idempotent=True)
async def begin_prescription(write: WriteSession, visit_id: UUID, data: BeginPrescription) -> PrescriptionOut:
    """Begin a prescription in a visit."""
    sig = data.sig.value() if data.sig else None
    return await _reviewed(write, await drafts.begin(write, visit_id, data.drug_id, sig))


@get("/api/visits/{visit_id:uuid}/prescriptions", permission=Permission.PRESCRIPTION_READ)
async def prescriptions_of_visit(read: ReadSession, visit_id: UUID) -> PrescriptionList:
    """The prescriptions of a visit, the latest first."""
    visit = await visits.get_visible(read, visit_id)
    await audit.log(read, "prescription.list", patient_id=visit.patient_id, entity=("visit", visit.id))
    return _list(read, await repository.rows(read, visit_id=visit_id))


@get("/api/prescriptions/{prescription_id:uuid}", permission=Permission.PRESCRIPTION_WRITE)
async def get_prescription(read: ReadSession, prescription_id: UUID) -> Response[PrescriptionOut]:
    """A prescription with its alerts and whatever is missing for signing it."""
    prescription = await repository.get_visible(read, prescription_id)
    await audit.log(
        read,
        "prescription.read",
        patient_id=prescription.patient_id,
        entity=("prescription", prescription.id),
    )
    return tagged(await _reviewed(read, prescription), prescription.version)


@put("/api/prescriptions/{prescription_id:uuid}", permission=Permission.PRESCRIPTION_WRITE)
async def change_prescription(
    write: WriteSession, prescription_id: UUID, data: ChangePrescription, match: IfMatch
) -> Response[PrescriptionOut]:
    """Save a draft anew. 409 ``prescription_stale`` if it was changed elsewhere meanwhile."""
    changed = await drafts.change(write, prescription_id, match.on(data.version), data.content())
    return tagged(await _reviewed(write, changed), changed.version)


@put("/api/prescriptions/{prescription_id:uuid}/acknowledgement", permission=Permission.PRESCRIPTION_WRITE)
async def acknowledge_unread(
    write: WriteSession, prescription_id: UUID, data: AcknowledgementIn
) -> PrescriptionOut:
    """Say that one has read what the check did not understand. 409 ``unread_changed`` if the chart has changed."""
    return await _reviewed(write, await acknowledging.acknowledge(write, prescription_id, data.sha256))


@post(
    "/api/prescriptions/{prescription_id:uuid}/sign",
    permission=Permission.PRESCRIPTION_SIGN,
    status_code=200,
)
async def sign_prescription(
    write: WriteSession, prescription_id: UUID, data: SignPrescription
) -> SignedPrescriptionOut:
    """Sign what was shown, and send it. Signing the same again gives the same answer. 403 `step_up_required`."""
    return signed_out(await signing.sign(write, prescription_id, data.sha256, data.reasons))


@post(
    "/api/prescriptions/{prescription_id:uuid}/cancel",
    permission=Permission.PRESCRIPTION_WRITE,
    status_code=200,
)
async def cancel_prescription(write: WriteSession, prescription_id: UUID) -> PrescriptionLine:
    """Give up a draft, or call back what has not been sent yet. 409 ``prescription_sent`` afterwards."""
    return await _line(write, await drafts.cancel(write, prescription_id))


@post(
    "/api/prescriptions/{prescription_id:uuid}/send-again",
    permission=Permission.PRESCRIPTION_SIGN,
    status_code=200,
)
async def send_prescription_again(write: WriteSession, prescription_id: UUID) -> PrescriptionLine:
    """Try once more to deliver what could not be delivered."""
    return await _line(write, await signing.send_again(write, prescription_id))


async def _reviewed(read: ReadSession, prescription: Prescription) -> PrescriptionOut:
    review = await drafts.review(read, prescription)
    return review_out(review, await _line(read, prescription))


async def _line(read: ReadSession, prescription: Prescription) -> PrescriptionLine:
    return _list(read, await repository.rows(read, prescription_id=prescription.id)).items[0]


def _list(read: ReadSession, rows: repository.Rows) -> PrescriptionList:
    actor = read.actor
    return PrescriptionList([line_out(row, actor.account_id, for_patient=actor.is_patient) for row in rows])


ROUTES = [
    search_drugs,
    recent_drugs,
    list_sig_words,
    search_pharmacies,
    begin_prescription,
    prescriptions_of_visit,
    get_prescription,
    change_prescription,
    acknowledge_unread,
    sign_prescription,
    cancel_prescription,
    send_prescription_again,
]
