"""Who sees something of a patient is on record as having seen that patient's: held against every route that there is.

A new route is in here by being registered. What counts is the answer: if it tells something of a patient to somebody of
the clinic, the audit row of the same request names the patient, also where the answer is a refusal that tells it.
"""

from collections.abc import AsyncIterator

import httpx
import pytest
from litestar import Litestar
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from chart.reference import SETS
from core.actor import Role, system_actor
from core.database.reference import ensure_loaded
from core.database.session import open_unit
from core.services import Services
from identity.permissions import GRANTS, Permission
from tests.app.every_route.test_matrix import GUARDED, Route, call
from tests.app.every_route.world import CANARY, World, make_world
from tests.conftest import make_clinic_row, new_browser
from tests.people import make_staff, session_for, sign_in

STAFF = (Role.CLINICIAN, Role.COORDINATOR)
_NAMED_PATIENT = text(
    "SELECT count(*) FROM audit_event WHERE request_id = :request AND patient_id = :patient"
)


@pytest.fixture(scope="module")
async def world(services: Services, owner: AsyncEngine) -> World:
    await ensure_loaded(owner, SETS)
    return await make_world(services, await make_clinic_row(owner), await make_clinic_row(owner))


@pytest.fixture(scope="module")
async def colleagues(
    app: Litestar, services: Services, world: World
) -> AsyncIterator[dict[Role, httpx.AsyncClient]]:
    """Browsers of staff who have nothing to do with the patient."""
    async with open_unit(services, system_actor(world.own.patient.clinic_id)) as unit:
        people = {role: await make_staff(unit.write, role) for role in STAFF}
        tokens = {role: await session_for(unit.write, who) for role, who in people.items()}
    made = {role: new_browser(app) for role in STAFF}
    for role, browser in made.items():
        sign_in(browser, tokens[role])
    yield made
    for browser in made.values():
        await browser.aclose()


def tells_of_the_patient(answer: httpx.Response, world: World) -> bool:
    """Whether it holds a word or the id of the patient's; what colleagues are called is no secret among them."""
    told = answer.text.replace(world.own.clinician.name, "")
    return CANARY in told or str(world.own.patient.id) in told


async def named_in_audit(services: Services, world: World, answer: httpx.Response) -> bool:
    patient = world.own.patient
    async with open_unit(services, system_actor(patient.clinic_id)) as unit:
        values = {"request": answer.headers["x-request-id"], "patient": patient.id}
        return bool(await unit.read.scalar(_NAMED_PATIENT, values))


@pytest.mark.parametrize("route", [route for route in GUARDED if route.parameters], ids=str)
async def test_a_curious_colleague_is_on_record(
    route: Route, services: Services, world: World, colleagues: dict[Role, httpx.AsyncClient]
) -> None:
    for role in GRANTS[Permission(route.permission)] & set(STAFF):
        answer = await call(colleagues[role], route, dict(world.own.ids))
        if tells_of_the_patient(answer, world):
            assert await named_in_audit(services, world, answer), (
                f"{role}: {answer.status_code} {answer.text}"
            )


@pytest.mark.parametrize("path", ["/api/threads", "/api/tasks", "/api/visits"])
async def test_a_list_of_one_patient_is_on_record_as_theirs(
    path: str, services: Services, world: World, colleagues: dict[Role, httpx.AsyncClient]
) -> None:
    for role in STAFF:
        answer = await colleagues[role].get(path, params={"patient_id": str(world.own.patient.id)})
        assert str(world.own.patient.id) in answer.text
        assert await named_in_audit(services, world, answer), role
