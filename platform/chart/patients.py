"""Finding a patient among the clinic's: by name, record number, birth date or telephone number."""

import re
from datetime import date
from uuid import UUID

from sqlalchemy import func, select, text

from chart.schemas import Namesakes, PatientLine, PatientList
from core import audit
from core.db import ReadSession
from core.text import containing, without_accents
from identity.models import Patient
from visits.models import Visit

PAGE = 30
RECENT = 500
"""Of so many latest visits, the patients are the list that stands before anything is typed."""
MAX_QUERY = 100

_BORN = (
    re.compile(r"\b(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})\b"),
    re.compile(r"\b(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})\b"),
)
_PHONE = re.compile(r"[+(]?\d[\d\s().-]{5,}\d")
_SEARCH = text("SELECT id FROM search_patients(cast(:words AS text[]), :born, :digits, :most) AS id")


def parsed(query: str) -> tuple[list[str], date | None, str | None]:
    """What was typed, apart: words of a name or record number, a birth date, digits of a telephone number."""
    query = without_accents(query.replace("\x00", "")[:MAX_QUERY])
    born = None
    for pattern in _BORN:
        if (found := pattern.search(query)) and (born := _date(found)):
            query = query.replace(found.group(), " ")
            break
    digits = None
    if found := _PHONE.search(query):
        digits = re.sub(r"\D", "", found.group())
        query = query.replace(found.group(), " ")
    return query.replace(",", " ").split(), born, digits


def _date(found: re.Match[str]) -> date | None:
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None


async def search(read: ReadSession, query: str) -> PatientList:
    """The patients who fit, by name; with nothing typed, those seen last. Audited as one look at a list."""
    words, born, digits = parsed(query)
    if words or born or digits:
        patterns = [containing(word) for word in words]
        params = {"words": patterns, "born": born, "digits": digits, "most": PAGE + 1}
        ids = list((await read.scalars(_SEARCH, params)).all())
    else:
        ids = await _latest(read)
    lines = await _lines(read, ids[:PAGE])
    await audit.record(read, "patient.search", detail={"found": len(lines)})
    return PatientList([lines[each] for each in ids[:PAGE] if each in lines], len(ids) > PAGE)


async def namesakes(read: ReadSession, patient: Patient) -> Namesakes:
    """How many others have this patient's name. Whoever acts then looks at more than the name."""
    same = (
        func.lower(Patient.family) == func.lower(patient.family),
        func.lower(Patient.given) == func.lower(patient.given),
    )
    query = select(func.count()).where(Patient.clinic_id == read.clinic_id, *same, Patient.id != patient.id)
    others = (await read.execute(query)).scalar_one()
    await audit.record(read, "chart.read", patient_id=patient.id, entity=("patient", patient.id))
    return Namesakes(others)


async def _latest(read: ReadSession) -> list[UUID]:
    """Those seen last. In a young clinic, everybody: those without a visit come after them, by name."""
    visits = select(Visit.patient_id, Visit.requested_at).order_by(Visit.requested_at.desc()).limit(RECENT)
    recent = visits.subquery()
    seen = select(recent.c.patient_id).group_by(recent.c.patient_id)
    ids = list(await read.scalars(seen.order_by(func.max(recent.c.requested_at).desc()).limit(PAGE + 1)))
    return ids if len(ids) > PAGE else await _all_by_visit(read)


async def _all_by_visit(read: ReadSession) -> list[UUID]:
    last = func.max(Visit.requested_at)
    query = select(Patient.id).outerjoin(Visit, Visit.patient_id == Patient.id).group_by(Patient.id)
    ordered = query.order_by(last.desc().nulls_last(), func.lower(Patient.family), Patient.id)
    return list((await read.scalars(ordered.limit(PAGE + 1))).all())


async def _lines(read: ReadSession, ids: list[UUID]) -> dict[UUID, PatientLine]:
    last = select(func.max(Visit.requested_at)).where(Visit.patient_id == Patient.id).scalar_subquery()
    columns = (
        Patient.id,
        Patient.given,
        Patient.family,
        Patient.birth_date,
        Patient.sex,
        Patient.mrn,
        Patient.phone,
    )
    rows = await read.execute(select(*columns, last.label("last_visit_at")).where(Patient.id.in_(ids)))
    return {row.id: PatientLine(**row._mapping) for row in rows}
