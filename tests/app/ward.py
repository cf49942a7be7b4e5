"""A ward: the world of the matrix, whose own patient's chart is restricted, and who stands outside and inside."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
from litestar import Litestar
from sqlalchemy.ext.asyncio import AsyncEngine

from chart.reference import SETS
from core.actor import Role, system_actor
from core.database.reference import ensure_loaded
from core.database.session import open_unit
from core.services import Services
from identity.models import Account
from identity.privacy import service as privacy
from identity.privacy.domain import Why
from tests.app.every_route.world import OWN_CANARY, Named, World, make_world
from tests.conftest import make_clinic_row, new_browser
from tests.people import actor_of, make_staff, session_for, sign_in

REASON = "The patient is on the phone and short of breath"


@dataclass
class Ward:
    """The world of the matrix, whose own patient's chart is restricted, and colleagues with nothing to do there."""

    services: Services
    owner: AsyncEngine
    world: World
    named: Account
    officer: Account
    outsiders: dict[Role, Account]
    browsers: dict[UUID, httpx.AsyncClient]

    @property
    def patient_id(self) -> UUID:
        return self.world.own.patient.id

    def browser(self, who: Account) -> httpx.AsyncClient:
        return self.browsers[who.id]

    async def chart(self, who: Account) -> httpx.Response:
        return await self.browser(who).get(f"/api/patients/{self.patient_id}/summary")

    async def open(self, who: Account, reason: str = REASON) -> httpx.Response:
        return await self.browser(who).post(f"/api/patients/{self.patient_id}/open", json={"reason": reason})

    async def as_owner(self, statement: Any) -> None:
        async with self.owner.begin() as connection:
            await connection.execute(statement)


@asynccontextmanager
async def make_ward(services: Services, owner: AsyncEngine, app: Litestar) -> AsyncIterator[Ward]:
    await ensure_loaded(owner, SETS)
    clinic_id = await make_clinic_row(owner)
    world = await make_world(services, clinic_id, await make_clinic_row(owner))
    async with open_unit(services, system_actor(clinic_id)) as unit:
        named = await make_staff(unit.write, Role.CLINICIAN, name="Noor Named")
        officer = await make_staff(unit.write, Role.PRIVACY, name="Olga Officer")
        outsiders = {
            role: await make_staff(unit.write, role, name=f"Out {role}")
            for role in (Role.CLINICIAN, Role.COORDINATOR)
        }
        having = world.people[Role.CLINICIAN]
        assert isinstance(having, Account)
        browsers = {}
        for who in (having, named, officer, *outsiders.values()):
            browsers[who.id] = new_browser(app)
            sign_in(browsers[who.id], await session_for(unit.write, who))
    made = Ward(services, owner, world, named, officer, outsiders, browsers)
    async with open_unit(services, actor_of(outsiders[Role.COORDINATOR])) as unit:
        ends = unit.write.now() + timedelta(days=30)
        await privacy.restrict(unit.write, made.patient_id, Why.STAFF, "Works at the desk", ends, [named.id])
    yield made
    for browser in browsers.values():
        await browser.aclose()


def having(ward: Ward) -> Account:
    """The clinician who has the patient's visit."""
    who = ward.world.people[Role.CLINICIAN]
    assert isinstance(who, Account)
    return who


def tells(answer: httpx.Response) -> bool:
    """Whether an answer tells what the world wrote into the chart: intake, place, thread, message, task, allergy."""
    return OWN_CANARY in answer.text


def is_masked(answer: httpx.Response, ids: Mapping[str, Named]) -> bool:
    """Whether an answer says that there is something restricted, if it speaks of this patient's things at all."""
    spoken = any(str(each) in answer.text for each in ids.values() if isinstance(each, UUID))
    return not spoken or '"restricted":true' in answer.text.replace('" : ', '":')
