"""Two people in a call, who tell how it goes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from core.actor import Role, system_actor
from core.database.session import open_unit
from tests.people import make_staff
from tests.visits.conftest import HOME, Browser, ClinicAtWork

HERE = {"location": HOME, "callback_phone": "(212) 555-0142"}
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36"
JSON = dict[str, Any]


@dataclass
class InCall:
    """A visit in whose call the patient and Ruth are, their browsers, and a coordinator's."""

    clinic: ClinicAtWork
    visit_id: UUID
    patient: Browser
    doctor: Browser
    support: Browser
    patients_attempt: str
    doctors_attempt: str

    def sample(self, at_ms: int = 1000, **changes: object) -> JSON:
        """What the patient's page measured of Ruth."""
        measured = {"path": "direct", "transport": "udp", "loss": 0.01, "round_trip_ms": 40, "fps": 24}
        return {"participant_id": str(self.clinic.ruth.id), "at_ms": at_ms, **measured, **changes}

    async def send(self, browser: Browser | None = None, /, **batch: object) -> httpx.Response:
        body = {"attempt_id": self.patients_attempt, **batch}
        return await (browser or self.patient).post(f"/api/visits/{self.visit_id}/connection", json=body)

    async def seen(self) -> JSON:
        answer = await self.support.get(f"/api/visits/{self.visit_id}/connection")
        assert answer.status_code == 200, answer.text
        found: JSON = answer.json()
        return found


@pytest.fixture
async def call(clinic: ClinicAtWork) -> InCall:
    visit = await clinic.admitted()
    patient, doctor = await clinic.browser(clinic.patient), await clinic.browser(clinic.ruth)
    patient.headers["user-agent"] = CHROME
    joined: list[Mapping[str, str]] = []
    for browser, body in ((patient, HERE), (doctor, {})):
        answer = await browser.post(f"/api/visits/{visit.id}/join", json=body)
        assert answer.status_code == 200, answer.text
        joined.append(answer.json())
    support = await clinic.browser(clinic.coordinator)
    first, second = (each["attempt_id"] for each in joined)
    return InCall(clinic, visit.id, patient, doctor, support, first, second)


async def an_administrator(clinic: ClinicAtWork) -> Browser:
    async with open_unit(clinic.services, system_actor(clinic.clinic_id)) as unit:
        admin = await make_staff(unit.write, Role.ADMIN, name="Grace Lin")
    return await clinic.browser(admin)


async def begin_earlier(owner: AsyncEngine, attempt_id: str, by: timedelta) -> None:
    """Let an attempt have begun that long before now."""
    async with owner.begin() as connection:
        await connection.execute(
            text(
                "UPDATE call_attempt SET requested_at = requested_at - cast(:by AS interval) WHERE id = :id"
            ),
            {"by": by, "id": UUID(attempt_id)},
        )
