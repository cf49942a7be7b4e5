"""Loading medicines, pharmacies and prescriptions. Fetching is authorizing."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, or_, select

from chart.prescribing.access import PRESCRIPTION
from chart.prescribing.domain import RxStatus
from chart.prescribing.medicines.formulary import fold
from chart.prescribing.models import Drug, Pharmacy, Prescription
from core.database.session import ReadSession, WriteSession
from core.text.folding import containing
from identity.models import Account
from identity.readable import fetch, fetch_locked, readable

MAX_DRUGS = 20
MAX_PHARMACIES = 20
MAX_RECENT = 8


async def search_drugs(read: ReadSession, words: str) -> Sequence[Drug]:
    """Medicines each of whose names begins with every word; where there are none, those spelled alike."""
    tokens = fold(words).split()[:6]
    if not tokens:
        return []
    # fold() leaves letters, digits and points, none of which mean anything to LIKE.
    prefix = [Drug.search.like(f"% {token}%") for token in tokens]
    first = Drug.name.ilike(f"{tokens[0]}%")
    query = select(Drug).where(Drug.offered, *prefix).order_by(first.desc(), Drug.rank).limit(MAX_DRUGS)
    found = (await read.scalars(query)).all()
    if found or len(tokens[0]) < 4:
        return found
    likeness = func.word_similarity(tokens[0], Drug.search)
    alike = (
        select(Drug).where(Drug.offered, likeness > 0.4).order_by(likeness.desc(), Drug.rank).limit(MAX_DRUGS)
    )
    return (await read.scalars(alike)).all()


async def drug(read: ReadSession, drug_id: str) -> Drug | None:
    found: Drug | None = await read.one_or_none(select(Drug).where(Drug.id == drug_id))
    return found


async def recent(read: ReadSession) -> Sequence[tuple[Drug, Prescription]]:
    """What this clinician signs most, each with its latest prescription: the favourites that keep themselves."""
    mine = (
        select(
            Prescription.drug_id,
            func.count().label("times"),
            func.max(Prescription.signed_at).label("last"),
        )
        .where(Prescription.prescriber_id == read.actor.account_id, Prescription.signed_at.is_not(None))
        .group_by(Prescription.drug_id)
        .order_by(func.count().desc(), func.max(Prescription.signed_at).desc())
        .limit(MAX_RECENT)
        .subquery()
    )
    query = (
        select(Drug, Prescription)
        .join(mine, mine.c.drug_id == Drug.id)
        .join(
            Prescription,
            (Prescription.drug_id == mine.c.drug_id)
            & (Prescription.signed_at == mine.c.last)
            & (Prescription.prescriber_id == read.actor.account_id),
        )
        .where(Drug.offered)
        .order_by(mine.c.times.desc(), mine.c.last.desc())
    )
    rows = await read.execute(query)
    return [(row.Drug, row.Prescription) for row in rows]


async def search_pharmacies(read: ReadSession, words: str) -> Sequence[Pharmacy]:
    """Pharmacies that have every word in their name, street, city, state or ZIP; all of them for no words."""
    query = select(Pharmacy)
    for token in words.split()[:6]:
        like = containing(token)
        query = query.where(
            or_(
                Pharmacy.name.ilike(like),
                Pharmacy.line.ilike(like),
                Pharmacy.city.ilike(like),
                Pharmacy.state.ilike(like),
                Pharmacy.zip.like(like),
            )
        )
    return (await read.scalars(query.order_by(Pharmacy.name).limit(MAX_PHARMACIES))).all()


async def pharmacy(read: ReadSession, pharmacy_id: UUID | None) -> Pharmacy | None:
    if pharmacy_id is None:
        return None
    found: Pharmacy | None = await read.one_or_none(select(Pharmacy).where(Pharmacy.id == pharmacy_id))
    return found


async def get_visible(read: ReadSession, prescription_id: UUID) -> Prescription:
    """The prescription, if the actor may see it. Raises NotFound."""
    return await fetch(read, PRESCRIPTION, prescription_id)


async def for_update(write: WriteSession, prescription_id: UUID) -> Prescription:
    """The same, locked until the transaction ends."""
    return await fetch_locked(write, PRESCRIPTION, prescription_id)


Row = tuple[Prescription, Drug, Pharmacy | None, str]
"""A prescription, its medicine, its pharmacy, and the name of its prescriber."""
Rows = Sequence[Row]


async def rows(
    read: ReadSession,
    *,
    prescription_id: UUID | None = None,
    visit_id: UUID | None = None,
) -> Rows:
    """Prescriptions that the actor may see, the latest first; what was given up as a draft is left out."""
    query = (
        select(Prescription, Drug, Pharmacy, Account.name)
        .join(Drug, Drug.id == Prescription.drug_id)
        .join(Account, Account.id == Prescription.prescriber_id)
        .outerjoin(Pharmacy, Pharmacy.id == Prescription.pharmacy_id)
        .where(readable(PRESCRIPTION, read.subject))
        .order_by(Prescription.created_at.desc(), Prescription.id.desc())
        .limit(200)
    )
    if prescription_id is not None:
        query = query.where(Prescription.id == prescription_id)
    else:
        query = query.where(
            or_(Prescription.status != RxStatus.CANCELLED, Prescription.document.is_not(None))
        )
    if visit_id is not None:
        query = query.where(Prescription.visit_id == visit_id)
    found = await read.execute(query)
    return [(row.Prescription, row.Drug, row.Pharmacy, row.name) for row in found]
