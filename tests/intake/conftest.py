"""A patient in the middle of an intake, and what a complete one holds."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest
from litestar import Litestar
from sqlalchemy.ext.asyncio import AsyncEngine

from core.actor import Role, system_actor
from identity.models import Account, Clinic, Patient
from tests.conftest import ORIGIN, ActAs
from tests.people import actor_of, make_clinic, make_patient, make_staff, session_for, sign_in
from visits import service as visits


@dataclass(frozen=True, slots=True)
class World:
    """One clinic with a patient in intake, their browser, and a clinician's browser."""

    clinic: Clinic
    patient: Patient
    clinician: Account
    visit_id: UUID
    browser: httpx.AsyncClient
    staff_browser: httpx.AsyncClient
    app: Litestar

    @property
    def url(self) -> str:
        return f"/api/visits/{self.visit_id}/intake"

    def new_browser(self) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)  # type: ignore[arg-type]  # litestar's own ASGI types
        return httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers={"origin": ORIGIN})

    async def put(self, version: int, draft: dict[str, Any], **more: Any) -> httpx.Response:
        body = {"version": version, "step": "identity", "language": "en", "draft": draft} | more
        return await self.browser.put(self.url, json=body)

    async def consent(self, language: str = "en") -> dict[str, Any]:
        answer = await self.browser.get(f"{self.url}/consent", params={"language": language})
        found: dict[str, Any] = answer.json()
        return found

    async def complete_draft(self) -> dict[str, Any]:
        """Everything answered, nothing alarming."""
        consent = await self.consent()
        return {
            "identity": {"confirmed": "yes"},
            "location": {"line": "5 Pine Rd", "city": "Albany", "state": "NY", "zip": "12207"},
            "contact": {"callback_phone": "(518) 462-5000", "reach_by": "phone"},
            "answers": {
                "safety.now": ["none"],
                "follow.about": "Sleeping badly",
                "trend": "same",
                "follow.medicine": "yes",
                "follow.new": False,
                "pregnant": "no",
            },
            "allergies": [{"key": "n1", "substance": "Latex", "reaction": "Itching"}],
            "medicines": [{"key": "n2", "name": "Melatonin 3 mg", "directions": "At night"}],
            "pharmacy": {"name": "Pine Pharmacy"},
            "consent": {
                "agreed": True,
                "text_hash": consent["hash"],
                "language": "en",
                "signature": "Maria Lopez",
            },
        }


@pytest.fixture
async def world(owner: AsyncEngine, act_as: ActAs, app: Litestar) -> AsyncIterator[World]:
    clinic = await make_clinic(owner)
    async with act_as(system_actor(clinic.id)) as unit:
        patient = await make_patient(unit.write)
        clinician = await make_staff(unit.write, Role.CLINICIAN)
        tokens = await session_for(unit.write, patient), await session_for(unit.write, clinician)
    async with act_as(actor_of(patient)) as unit:
        visit_id = (await visits.request(unit.write, patient.id, "follow-up")).id
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)  # type: ignore[arg-type]  # litestar's own ASGI types
    browsers = [
        httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers={"origin": ORIGIN}) for _ in tokens
    ]
    for browser, token in zip(browsers, tokens, strict=True):
        sign_in(browser, token)
    yield World(clinic, patient, clinician, visit_id, browsers[0], browsers[1], app)
    for browser in browsers:
        await browser.aclose()
