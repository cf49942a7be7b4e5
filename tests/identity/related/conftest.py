"""A family at a clinic: a mother who is no patient, with two children and one telephone, and the clinic's desk."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.registry import all_subscribers
from core.actor import Role
from core.events.relay import drain
from core.ids import new_id
from identity.models import Patient
from tests.identity.conftest import Door
from tests.notices import notices_of
from tests.people import make_staff, session_for, sign_in
from visits import service as visits

PHONE = "+12125550142"
ANA = {"given": "Ana", "family": "Reyes", "birth_date": "1990-04-02", "contact": "(212) 555-0142"}
REASON = "She called and asked for it"
NOTE = "Showed her ID and both birth certificates"


async def make_child(door: Door, given: str, born: date = date(2018, 5, 1), family: str = "Reyes") -> Patient:
    """A patient without an account of their own."""
    async with door.inside() as unit:
        child = Patient(
            id=new_id(),
            given=given,
            family=family,
            birth_date=born,
            time_zone="America/New_York",
            language="en",
            mrn=f"C{new_id().hex[-10:].upper()}",
        )
        unit.write.add(child)
        await unit.write.flush()
    return child


@dataclass
class Family:
    door: Door
    desk: httpx.AsyncClient
    leo: Patient
    mia: Patient

    async def add(self, child: Patient, **more: Any) -> httpx.Response:
        """Add Ana as the mother of a child, or whoever else."""
        body = {**ANA, "relationship": "MTH", "scope": "full", "reason": REASON, **more}
        return await self.desk.post(f"/api/patients/{child.id}/related", json=body)

    async def relate(self, child: Patient, **more: Any) -> str:
        """Add and verify; the relation's id."""
        added = await self.add(child, **more)
        assert added.status_code == 201, added.text
        relation_id = str(added.json()["id"])
        verified = await self.desk.post(
            f"/api/related/{relation_id}/verify", json={"proof": "birth_certificate", "note": NOTE}
        )
        assert verified.status_code == 200, verified.text
        return relation_id

    async def end(self, relation_id: str) -> httpx.Response:
        return await self.desk.post(f"/api/related/{relation_id}/end", json={"reason": "They have separated"})

    async def come_in(self, browser: httpx.AsyncClient) -> dict[str, Any]:
        """Ana signs in on a new device; her session."""
        proof = await self.door.prove(browser, PHONE)
        said = await self.door.identify(browser, proof, "Reyes", birth_date="1990-04-02")
        assert said.status_code == 200, said.text
        return await session(browser)

    async def told(self) -> list[tuple[str, str, str]]:
        """Whom the clinic wrote to: address, kind, text."""
        await drain(self.door.services, all_subscribers(), self.door.clinic.id)
        found = await notices_of(self.door.services, self.door.clinic.id)
        return [(each.to, each.kind, each.text) for each in found]


async def session(browser: httpx.AsyncClient) -> dict[str, Any]:
    answer = await browser.get("/api/session")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def act_for(browser: httpx.AsyncClient, patient: Patient) -> httpx.Response:
    return await browser.post("/api/session/acting-for", json={"patient_id": str(patient.id)})


async def staff_browser(door: Door, browser: httpx.AsyncClient, role: Role) -> httpx.AsyncClient:
    async with door.inside() as unit:
        sign_in(browser, await session_for(unit.write, await make_staff(unit.write, role)))
    return browser


@pytest.fixture
async def family(door: Door, browser: httpx.AsyncClient) -> Family:
    desk = await staff_browser(door, browser, Role.COORDINATOR)
    return Family(door, desk, await make_child(door, "Leo"), await make_child(door, "Mia"))


async def booked(door: Door, patient: Patient) -> UUID:
    """A visit that the patient asked for."""
    async with door.inside() as unit:
        visit = await visits.request(unit.write, patient.id, "rash")
    return visit.id
