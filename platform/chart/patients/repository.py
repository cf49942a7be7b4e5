"""Finding a patient among the clinic's: by name, record number, birth date or phone number."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from msgspec.structs import replace
from sqlalchemy import (
    ARRAY,
    Date,
    FunctionElement,
    Integer,
    Row,
    Select,
    Text,
    Uuid,
    any_,
    bindparam,
    column,
    func,
    select,
)

from chart.patients.finding import sought
from chart.schemas import Namesakes, PatientLine, PatientList
from core import audit
from core.database.session import ReadSession
from core.text.folding import containing
from directory.identifiers import repository as identifiers
from directory.identifiers.domain import searched
from identity.models import Patient
from identity.person.name import PARTS
from identity.readable import CLOSED
from visits.models import Visit

PAGE = 30
RECENT = 500
"""Of so many latest visits, the patients are the list that stands before anything is typed."""


def _lines_of(ids: FunctionElement[UUID]) -> Select[*tuple[Any, ...]]:
    """The lines of the patients whose ids a set gives, in its order; built once, because that takes longest."""
    found = ids.table_valued(column("id", Uuid), with_ordinality="place", name="found").render_derived()
    last = select(func.max(Visit.requested_at)).where(Visit.patient_id == Patient.id).scalar_subquery()
    return (
        select(
            Patient.id,
            *(getattr(Patient, part) for part in PARTS),
            Patient.birth_date,
            Patient.clinical_sex,
            Patient.mrn,
            Patient.phone,
            last.label("last_visit_at"),
            (Patient.id == any_(CLOSED)).label("restricted"),
        )
        .join(found, found.c.id == Patient.id)
        .order_by(found.c.place)
    )


_FITTING = _lines_of(
    func.find_patients(
        bindparam("words", type_=ARRAY(Text)),
        bindparam("born", type_=ARRAY(Date)),
        bindparam("digits", type_=Text),
        bindparam("most", type_=Integer),
    )
)
_BY_ID = _lines_of(func.unnest(bindparam("ids", type_=ARRAY(Uuid))))


async def search(read: ReadSession, query: str) -> PatientList:
    """The patients who fit, by name; with nothing typed, those seen last. An identifier from elsewhere, typed as
    it is, finds its patient too.

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
        rows: Sequence[Row[Any]] = (await read.execute(_FITTING, params)).all()
    elif query.replace("\x00", "").strip():
        rows = []
    else:
        rows = (await read.execute(_BY_ID, {"ids": await _latest(read)})).all()
    rows = [*await _known_elsewhere(read, query, rows), *rows]
    lines = [_line(row) for row in rows[:PAGE]]
    shown, typed = [line.id for line in lines], {"patient": query.strip()}
    await audit.log(read, "patient.search", patients=shown, sought=typed, detail={"found": len(lines)})
    return PatientList(lines, len(rows) > PAGE)


async def _known_elsewhere(read: ReadSession, query: str, found: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
    """Who has exactly this identifier of somebody else's, beside whom was found. A name has no digit, and is not
    looked for there."""
    key = searched(query)
    known = await identifiers.patients_with(read, key) if key else []
    more = [each for each in known if all(each != row.id for row in found)]
    return (await read.execute(_BY_ID, {"ids": more})).all() if more else []


def _line(row: Row[Any]) -> PatientLine:
    line = PatientLine(**row._mapping)
    return replace(line, clinical_sex="unknown", phone=None, last_visit_at=None) if line.restricted else line


async def namesakes(read: ReadSession, patient: Patient) -> Namesakes:
    """How many others have this patient's name. Whoever acts then looks at more than the name."""
    same = (
        func.lower(Patient.family) == func.lower(patient.family),
        func.lower(Patient.given) == func.lower(patient.given),
    )
    query = select(func.count()).where(Patient.clinic_id == read.clinic_id, *same, Patient.id != patient.id)
    others = (await read.execute(query)).scalar_one()
    await audit.log(read, "chart.read", patient_id=patient.id, entity=("patient", patient.id))
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
