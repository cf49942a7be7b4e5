"""What a patient can come for: choosing, and how an administrator changes it. None commits."""

from collections.abc import Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from core import audit, live
from core.actor import Role
from core.database import named_locks
from core.database.session import ReadSession, WriteSession
from core.errors import Conflict, Invalid, Stale
from core.ids import new_id
from identity.clinic import clinics
from identity.models import Account, Patient
from identity.person.age import years_old
from visits.announce import publish_slots
from visits.timeline import STAFF
from visits.visit_types import repository
from visits.visit_types.domain import fits_age
from visits.visit_types.models import VisitType
from visits.visit_types.schemas import VisitTypeForm

MAX_TYPES = 100
"""So many types a clinic can have, retired ones included."""


async def offered_to(read: ReadSession, patient: Patient, code: str) -> VisitType:
    """The type with this code. Raises Invalid for `reason_code`: `reason_not_offered`, `reason_not_for_age`."""
    found = await repository.by_code(read, code)
    if found is None or found.retired_at is not None:
        raise Invalid({"reason_code": "reason_not_offered"})
    if not fits_age(found, await age_of(read, patient)):
        raise Invalid({"reason_code": "reason_not_for_age"})
    return found


async def age_of(read: ReadSession, patient: Patient) -> int:
    """Whole years, by today's date where the patient lives."""
    zone = ZoneInfo(patient.time_zone or (await clinics.current(read)).time_zone)
    return years_old(patient.birth_date, read.now().astimezone(zone).date())


async def add(write: WriteSession, form: VisitTypeForm, questionnaires: Sequence[str]) -> VisitType:
    """Add a type at the end of the list. Raises Invalid by field, Conflict `too_many_visit_types`."""
    await _check(write, form, questionnaires)
    await _lock_list(write)
    there = await repository.every(write)
    if len(there) >= MAX_TYPES:
        raise Conflict("too_many_visit_types", most=MAX_TYPES)
    made = VisitType(
        id=new_id(),
        position=max((each.position for each in there), default=0) + 1,
        icon="dots",
        version=1,
    )
    made.code = f"type-{made.id.hex[-12:]}"
    _fill(write, made, form)
    write.add(made)
    await _told(write, made, "visit_type.add")
    return made


async def change(
    write: WriteSession, type_id: UUID, version: int, form: VisitTypeForm, questionnaires: Sequence[str]
) -> VisitType:
    """Change a type. What is booked already keeps its time. Raises Invalid by field, Stale `visit_type_changed`."""
    found = await repository.for_update(write, type_id)
    if found.version != version:
        raise Stale("visit_type_changed", version=found.version)
    await _check(write, form, questionnaires)
    _fill(write, found, form)
    found.version += 1
    await _told(write, found, "visit_type.change")
    return found


async def order(write: WriteSession, ids: Sequence[UUID]) -> None:
    """Offer the types in this order. Raises Conflict `visit_type_changed` unless each is named once."""
    await _lock_list(write)
    rows = {each.id: each for each in await repository.every(write)}
    if len(ids) != len(rows) or set(ids) != rows.keys():
        raise Conflict("visit_type_changed")
    for position, type_id in enumerate(ids, 1):
        rows[type_id].position = position
    await write.flush()
    await audit.log(write, "visit_type.order", entity=("clinic", write.clinic_id))
    _tell(write)


async def _lock_list(write: WriteSession) -> None:
    """Of two administrators who add or reorder at once, the second sees the first one's list."""
    await named_locks.hold(write, f"visit_type:{write.clinic_id}")


async def _check(write: WriteSession, form: VisitTypeForm, questionnaires: Sequence[str]) -> None:
    low, high = form.min_years, form.max_years
    wrong = {
        "title_en": None if form.title_en.strip() else "required",
        "title_es": None if form.title_es.strip() else "required",
        "max_years": "ages_reversed" if low is not None and high is not None and high < low else None,
        "questionnaire": None if form.questionnaire in questionnaires else "unknown_option",
        "offered_by": await _clinicians_problem(write, form.offered_by),
    }
    if any(wrong.values()):
        raise Invalid({field: code for field, code in wrong.items() if code})


async def _clinicians_problem(write: WriteSession, ids: Sequence[UUID]) -> str | None:
    if not ids:
        return None
    found = await write.scalar(
        select(func.count()).where(
            Account.clinic_id == write.clinic_id,
            Account.id.in_(ids),
            Account.roles.any_() == str(Role.CLINICIAN),
        )
    )
    return None if found == len(set(ids)) else "clinician_unknown"


def _fill(write: WriteSession, row: VisitType, form: VisitTypeForm) -> None:
    row.title_en, row.title_es = form.title_en.strip(), form.title_es.strip()
    row.hint_en, row.hint_es = form.hint_en.strip(), form.hint_es.strip()
    row.minutes, row.buffer_before, row.buffer_after = form.minutes, form.buffer_before, form.buffer_after
    row.min_years, row.max_years = form.min_years, form.max_years
    row.offered_by = sorted(set(form.offered_by))
    row.questionnaire = form.questionnaire
    row.retired_at = (row.retired_at or write.now()) if form.retired else None


async def _told(write: WriteSession, row: VisitType, action: str) -> None:
    await write.flush()
    await audit.log(write, action, entity=("visit_type", row.id), detail={"code": row.code})
    _tell(write)


def _tell(write: WriteSession) -> None:
    """Open pages show the new names and times."""
    live.publish(write, "visit_types.changed", to=[live.role(Role.PATIENT), *STAFF])
    publish_slots(write)
