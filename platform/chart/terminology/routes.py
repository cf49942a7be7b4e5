"""Searching for a diagnosis, and what can be measured."""

from chart.schemas import LoincTerm
from chart.terminology import loinc, search
from core.actor import Actor
from core.database.session import ReadSession
from core.edge.web import get
from identity.permissions import Permission


@get("/api/terminology/icd10", permission=Permission.TERMINOLOGY_SEARCH)
async def search_icd10(read: ReadSession, q: str = "") -> list[search.Diagnosis]:
    """Up to 20 ICD-10-CM codes for what was typed, best first."""
    return await search.diagnoses(read, q)


@get("/api/terminology/measurements", permission=Permission.TERMINOLOGY_SEARCH)
async def measurements(actor: Actor) -> list[LoincTerm]:
    """The measurements that can be entered or shown, with unit (UCUM) and plausible limits."""
    return [
        LoincTerm(
            term.code, term.short, term.short_es, term.unit, float(term.low), float(term.high), term.category
        )
        for term in loinc.terms().values()
        if term.low is not None and term.high is not None
    ]


ROUTES = [search_icd10, measurements]
