"""Who acts for a patient reaches what their relation leaves them, and a restricted chart closes what is about its
patient, beneath the code too."""

from datetime import timedelta

from sqlalchemy import func, select

from core.actor import Role, system_actor
from core.database.session import open_unit
from core.ids import new_id
from directory.contact_points.models import ContactPoint
from directory.identifiers import repository as identifiers
from directory.identifiers.models import PatientIdentifier
from identity.privacy import service as privacy
from identity.privacy.domain import Why
from identity.related.models import RelatedPerson
from tests.people import actor_of, make_staff
from tests.visits.conftest import Browser, ClinicAtWork

PHONE = {"kind": "home", "value": "(518) 555-0177"}


async def acting(clinic: ClinicAtWork, scope: str) -> tuple[str, Browser]:
    """A child, and the browser of a parent who acts for them alone, within a scope."""
    child, parent = await clinic.another_patient("Leo"), await clinic.another_patient("Ana")
    async with open_unit(clinic.services, system_actor(clinic.clinic_id)) as unit:
        unit.write.add(
            RelatedPerson(
                id=new_id(),
                patient_id=child.id,
                account_id=parent.account_id,
                name="Ana Lopez",
                relationship="MTH",
                scope=scope,
                starts_at=unit.write.now() - timedelta(hours=1),
                verified_at=unit.write.now(),
                verified_by=clinic.coordinator.id,
                proof="in_person",
            )
        )
    browser = await clinic.browser(parent)
    answer = await browser.post("/api/session/acting-for", json={"patient_id": str(child.id)})
    assert answer.status_code == 200, answer.text
    return f"/api/patients/{child.id}", browser


async def test_a_parent_changes_how_their_child_is_reached(clinic: ClinicAtWork) -> None:
    child, parent = await acting(clinic, "full")
    added = await parent.post(f"{child}/contacts", json=PHONE)
    assert [each["value"] for each in added.json()][-1] == "+15185550177"
    assert (await parent.get(f"{child}/identifiers")).status_code == 200
    assert (await parent.get(f"/api/patients/{clinic.patient.id}/contacts")).status_code == 404


async def test_who_only_books_or_writes_for_a_patient_reads_neither(clinic: ClinicAtWork) -> None:
    for scope in ("scheduling", "messages"):
        child, parent = await acting(clinic, scope)
        assert (await parent.get(f"{child}/contacts")).status_code == 403
        assert (await parent.post(f"{child}/contacts", json=PHONE)).status_code == 403
        assert (await parent.get(f"{child}/identifiers")).status_code == 403


async def test_a_restricted_chart_closes_contacts_and_identifiers_and_is_not_found_by_them(
    clinic: ClinicAtWork,
) -> None:
    staff = await clinic.browser(clinic.coordinator)
    of = f"/api/patients/{clinic.patient.id}"
    member = {"kind": "MB", "issuer": "Acme Health", "value": "W12345678"}
    assert (await staff.post(f"{of}/contacts", json=PHONE)).status_code == 201
    assert (await staff.post(f"{of}/identifiers", json=member)).status_code == 201
    async with open_unit(clinic.services, system_actor(clinic.clinic_id)) as unit:
        desk = await make_staff(unit.write, Role.COORDINATOR, name="Dee Desk")
    async with open_unit(clinic.services, actor_of(desk)) as unit:
        ends = unit.write.now() + timedelta(days=30)
        await privacy.restrict(unit.write, clinic.patient.id, Why.STAFF, "Works at the desk", ends, [])
    for path in ("contacts", "identifiers"):
        closed = await staff.get(f"{of}/{path}")
        assert (closed.status_code, closed.json()["code"]) == (403, "chart_restricted")
    async with open_unit(clinic.services, actor_of(clinic.coordinator)) as unit:
        for model in (ContactPoint, PatientIdentifier):
            assert await unit.read.scalar(select(func.count()).select_from(model)) == 0
        assert await identifiers.patients_with(unit.read, "W12345678") == []
