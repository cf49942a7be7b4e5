"""What the demo's outbox page shows beside the notices: the staff's current codes. Only in a demo."""

from datetime import date

import msgspec
from sqlalchemy import select, text

from app.demo.cast.people import PASSWORD, SLUG, patients
from app.demo.cast.sign_ins import sign_ins
from core.database.session import ReadSession
from core.edge.web import PUBLIC, get
from core.errors import NotFound
from identity.models import Patient


class DemoStaffOut(msgspec.Struct):
    """How a member of the demo's staff signs in. The code is accepted in `good_in` seconds; 0 is now."""

    name: str
    role: str
    email: str
    code: str
    good_in: int


class DemoPatientOut(msgspec.Struct):
    """How a patient of the demo signs in: with the number, a code from the outbox, and on a new device with the birth
    date and the last name."""

    name: str
    phone: str
    language: str
    birth_date: date
    family: str


class DemoPeople(msgspec.Struct):
    """Everyone to try Carethread as."""

    slug: str
    password: str
    staff: list[DemoStaffOut]
    patients: list[DemoPatientOut]


@get("/api/demo/people", permission=PUBLIC)
async def demo_people(read: ReadSession) -> DemoPeople:
    """The demo's people and their current codes. Not there unless this is a demo."""
    if not read.services.settings.demo:
        raise NotFound
    clinic_id = await read.scalar(text("SELECT id FROM clinic WHERE slug = :slug AND demo"), {"slug": SLUG})
    if clinic_id is None:
        raise NotFound
    await read.enter_clinic(clinic_id)
    staff = [
        DemoStaffOut(each.name, each.role, each.email, each.code, each.good_in)
        for each in await sign_ins(read)
    ]
    people = [
        DemoPatientOut(row.full_name, row.phone or "", row.language, row.birth_date, row.family)
        for row in await read.scalars(
            select(Patient)
            .where(Patient.phone.in_([each.phone for each in patients()]))
            .order_by(Patient.phone, Patient.id)
        )
    ]
    return DemoPeople(SLUG, PASSWORD, staff, people)
