"""Finding a patient among the clinic's: by name, record number, birth date or phone number."""

from uuid import UUID

from sqlalchemy import func, select, text

from chart.finding import sought
from chart.schemas import Namesakes, PatientLine, PatientList
from core import audit
from core.db import ReadSession
from core.text import containing
from identity.models import Patient
from visits.models import Visit

PAGE = 30
RECENT = 500
"""Of so many latest visits, the patients are the list that stands before anything is typed."""

_SEARCH = text(
    "SELECT id FROM find_patients(cast(:words AS text[]), cast(:born AS date[]), :digits, :most) AS id"
)


async def search(read: ReadSession, query: str) -> PatientList:
    """The patients who fit, by name; with nothing typed, those seen last.

    The audit names each of them, and keeps what was typed, sealed.
    """
    wanted = sought(query, read.now().date())
    if wanted:
        params = {
            "words": [containing(key) for key in wanted.keys],
            "born": list(wanted.born) or None,
            "digits": wanted.digits,
            "most": PAGE + 1,
        }
        ids = list((await read.scalars(_SEARCH, params)).all())
    elif query.replace("\x00", "").strip():
        ids = []
    else:
        ids = await _latest(read)
    lines = await _lines(read, ids[:PAGE])
    typed, detail = {"patient": query.strip()}, {"found": len(lines)}
    await audit.record(read, "patient.search", patients=lines, sought=typed, detail=detail)
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
