"""Who acts for a patient, on every route: what the relation's scope says, and nothing once it has ended."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
from litestar import Litestar
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from chart.reference import SETS
from core.actor import Role, system_actor
from core.database.reference import ensure_loaded
from core.database.session import open_unit
from core.ids import new_id
from core.services import Services
from identity.models import Account, Patient
from identity.patients import service as patients
from identity.permissions import ABOUT_ACCOUNT, GRANTS, OF_SCOPE, Permission
from identity.person.contacts import Channel, Contact
from identity.related.models import RelatedPerson
from tests.app.every_route.test_matrix import GUARDED, Route, call
from tests.app.every_route.world import CANARY, OWN_CANARY, World, make_world
from tests.conftest import make_clinic_row, new_browser
from tests.people import session_for, sign_in

OF_PATIENT = [route for route in GUARDED if Role.PATIENT in GRANTS[Permission(route.permission)]]
ENDS_THE_SESSION = {"/api/session/end", "/api/session/end-all", "/api/sessions/{session_id}/end"}
NARROW = [scope for scope, kept in OF_SCOPE.items() if kept is not None]


@dataclass
class Proxies:
    """Browsers that act for the world's own patient, by scope, and one whose relation has ended."""

    world: World
    by_scope: dict[str, httpx.AsyncClient]
    former: httpx.AsyncClient


async def _proxy(services: Services, app: Litestar, patient: Patient, scope: str) -> httpx.AsyncClient:
    """Somebody who acts for the patient, signed in."""
    async with open_unit(services, system_actor(patient.clinic_id)) as unit:
        contact = Contact(Channel.EMAIL, f"{new_id()}@example.org")
        account = await patients.make_account(unit.write, name="Ana Reyes", contact=contact, language="en")
        unit.write.add(_relation(patient, account, scope))
        await unit.write.flush()
        token = await session_for(unit.write, account)
    browser = new_browser(app)
    sign_in(browser, token)
    return browser


def _relation(patient: Patient, account: Account, scope: str) -> RelatedPerson:
    return RelatedPerson(
        patient_id=patient.id,
        account_id=account.id,
        name="Ana Reyes",
        relationship="MTH",
        scope=scope,
        starts_at=patient.created_at,
        verified_at=patient.created_at,
        verified_by=account.id,
        proof="in_person",
    )


@pytest.fixture(scope="module")
async def proxies(services: Services, app: Litestar, owner: AsyncEngine) -> AsyncIterator[Proxies]:
    await ensure_loaded(owner, SETS)
    world = await make_world(services, await make_clinic_row(owner), await make_clinic_row(owner))
    patient = world.own.patient
    by_scope = {scope: await _proxy(services, app, patient, scope) for scope in OF_SCOPE}
    for browser in by_scope.values():
        assert (await browser.get("/api/session")).json()["patient_id"] == str(patient.id)
    former = await _proxy(services, app, patient, "full")
    account_id = (await former.get("/api/session")).json()["account_id"]
    async with owner.begin() as connection:
        await connection.execute(
            text(
                "UPDATE related_person SET ended_at = now(), ended_because = 'staff', ended_by = account_id "
                "WHERE account_id = :account"
            ),
            {"account": account_id},
        )
    yield Proxies(world, by_scope, former)
    for browser in (*by_scope.values(), former):
        await browser.aclose()


@pytest.mark.parametrize("route", OF_PATIENT, ids=str)
async def test_a_scope_opens_no_route_of_another(route: Route, proxies: Proxies) -> None:
    for scope in NARROW:
        kept = OF_SCOPE[scope]
        assert kept is not None
        if Permission(route.permission) in kept:
            continue
        answer = await call(proxies.by_scope[scope], route, dict(proxies.world.own.ids))
        assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted"), (scope, answer.text)
        assert OWN_CANARY not in answer.text


@pytest.mark.parametrize("route", OF_PATIENT, ids=str)
async def test_whoever_acted_once_is_left_with_their_account(route: Route, proxies: Proxies) -> None:
    if route.path in ENDS_THE_SESSION:
        return
    answer = await call(proxies.former, route, dict(proxies.world.own.ids))
    assert CANARY not in answer.text
    if Permission(route.permission) not in ABOUT_ACCOUNT:
        assert (answer.status_code, answer.json()["code"]) == (403, "choose_patient")


@pytest.mark.parametrize("route", OF_PATIENT, ids=str)
async def test_a_full_proxy_sees_nothing_of_another_patient(route: Route, proxies: Proxies) -> None:
    if route.path in ENDS_THE_SESSION or not set(route.parameters) & set(proxies.world.other.ids):
        return
    answer = await call(proxies.by_scope["full"], route, dict(proxies.world.other.ids))
    assert answer.status_code >= 400
    assert answer.json()["code"] != "choose_patient"
    assert CANARY not in answer.text
