"""Whoever takes over somebody's account cannot keep its owner from hearing of it."""

from typing import Any
from uuid import UUID

import httpx

from core.actor import Role, system_actor
from core.database.session import open_unit
from core.services import Services
from identity.codes import deliveries
from messaging.notices.demo_outbox import OutboxItem
from tests.conftest import Deliver
from tests.notices import notices_of
from tests.people import account_of, make_patient, make_staff, parts_of, session_for, sign_in


async def notices(services: Services, clinic_id: UUID) -> list[OutboxItem]:
    return [
        each for each in await notices_of(services, clinic_id) if each.kind in ("security", "staff_security")
    ]


async def test_a_patients_old_number_hears_that_there_is_a_new_one(
    client: httpx.AsyncClient, services: Services, clinic_id: Any, deliver: Deliver
) -> None:
    async with open_unit(services, system_actor(clinic_id)) as unit:
        patient = await make_patient(unit.write)
        sign_in(client, await session_for(unit.write, patient))
    asked = await client.post("/api/me/contact", json={"contact": "+12125550199"})
    code_id = asked.json()["code_id"]
    async with open_unit(services, system_actor(clinic_id)) as unit:
        delivery = await deliveries.take_code(unit.write, code_id)
    assert delivery is not None
    taken = await client.post(f"/api/me/contact/{code_id}/check", json={"code": delivery.code})
    assert taken.json()["phone"] == "+12125550199"
    await deliver()
    assert [each.to for each in await notices(services, clinic_id)] == [patient.phone]


async def test_a_clinicians_old_mailbox_hears_that_an_admin_gave_them_another(
    client: httpx.AsyncClient, services: Services, clinic_id: Any, deliver: Deliver, app: Any
) -> None:
    """Else an administrator could have the password reset to a mailbox of their own, and sign as the clinician."""
    async with open_unit(services, system_actor(clinic_id)) as unit:
        admin = await make_staff(unit.write, Role.ADMIN)
        doctor = await make_staff(unit.write, email="dana@clinic.example")
        sign_in(client, await session_for(unit.write, await account_of(unit.write, admin)))
    form = {**parts_of(doctor.name), "email": "admin@elsewhere.example", "roles": ["clinician"], "version": 1}
    changed = await client.put(f"/api/admin/people/{doctor.id}", json=form)
    assert changed.status_code == 200, changed.text
    await deliver()
    assert [each.to for each in await notices(services, clinic_id)] == ["dana@clinic.example"]
