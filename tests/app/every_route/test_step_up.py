"""What wants a second factor that was shown lately, asked of every route there is."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from litestar import Litestar
from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from core.actor import Role
from core.database.session import open_unit, operator_unit
from core.ids import new_id
from core.services import Services
from identity.models import StaffChange
from identity.permissions import GRANTS, Permission
from tests.app.every_route.stage import Stage, set_stage
from tests.app.every_route.test_matrix import ROUTES, Route, call
from tests.people import actor_of

SIGNS = {Permission.NOTE_SIGN, Permission.VISIT_FINISH, Permission.PRESCRIPTION_SIGN}
# Nothing is changed by looking something up, and names may not stand in an address.
READS = {"POST /api/admin/audit/search"}
ASKED = [
    route
    for route in ROUTES
    if route.method != "GET"
    and (route.path.startswith(("/api/admin/", "/api/confirmations/")) or route.permission in SIGNS)
    and str(route) not in READS
]


@pytest.fixture(scope="module")
async def stage(services: Services, app: Litestar, owner: AsyncEngine) -> AsyncIterator[Stage]:
    """A clinic at work whose people showed their second factor a day ago."""
    async with AsyncExitStack() as stack:
        stage = await set_stage(services, app, owner, stack)
        async with owner.begin() as connection:
            await connection.execute(
                text(
                    "UPDATE auth_session SET stepped_up_at = now() - interval '1 day' WHERE clinic_id = :clinic"
                ),
                {"clinic": stage.clinic.id},
            )
        yield stage


def test_there_are_such_routes() -> None:
    assert {"PUT /api/admin/people/{account_id}", "PUT /api/admin/clinic"} <= set(map(str, ASKED))
    assert "POST /api/prescriptions/{prescription_id}/send-again" in set(map(str, ASKED))


@pytest.mark.parametrize("route", ASKED, ids=str)
async def test_every_write_of_the_admin_area_and_every_signature_asks_for_the_second_factor(
    route: Route, stage: Stage
) -> None:
    for role in GRANTS[Permission(route.permission)] & set(stage.browsers):
        answer = await call(stage.browsers[role], route, {})
        assert (answer.status_code, answer.json()["code"]) == (403, "step_up_required"), answer.text


@pytest.mark.parametrize("route", ASKED, ids=str)
async def test_none_of_it_is_done_by_an_account_that_waits_for_a_second_person(
    route: Route, stage: Stage
) -> None:
    other = stage.staff[Role.COORDINATOR]
    async with open_unit(stage.services, actor_of(other)) as unit:
        for role in (Role.CLINICIAN, Role.ADMIN):
            unit.write.add(
                StaffChange(id=new_id(), account_id=stage.staff[role].id, change="email", made_by=other.id)
            )
    for role in GRANTS[Permission(route.permission)] & set(stage.browsers):
        answer = await call(stage.browsers[role], route, {})
        assert (answer.status_code, answer.json()["code"]) == (403, "not_confirmed"), answer.text
    async with operator_unit(stage.services, stage.clinic.id) as unit:
        of_clinic = update(StaffChange).where(StaffChange.clinic_id == stage.clinic.id)
        await unit.write.execute(of_clinic.values(confirmed_at=unit.write.now()))
