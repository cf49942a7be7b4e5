"""Nothing that a client sends makes a 500 (case 47): every route, with everybody's session, whatever is sent.

The routes come from the route table and their parameters from the OpenAPI schema, so that a new one joins by itself.
"""

import json
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litestar import Litestar
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from app.commands.describe import openapi_json, routes_offline
from chart.reference import SETS
from core.actor import Role, system_actor
from core.database.reference import ensure_loaded
from core.database.session import open_unit
from core.edge.web import PUBLIC
from core.services import Services
from identity.domain import AccountStatus
from identity.models import Account, Clinic, Patient
from identity.permissions import GRANTS, Permission
from tests.app.every_route.hostile import WORDS, Attack, Operation, attacks, encoded, with_words
from tests.app.every_route.test_matrix import ROLES, Route, example_body, named
from tests.app.every_route.world import World, make_world
from tests.conftest import make_clinic_row, new_browser
from tests.people import make_staff, session_for, sign_in

pytestmark = pytest.mark.whole

# Enough to find what is wrong within minutes of its being written; EXAMPLES=300 looks for an hour.
EXAMPLES = int(os.environ.get("EXAMPLES", "6"))
IDS = (
    "visit_id", "patient_id", "note_id", "thread_id", "record_id", "prescription_id", "pharmacy_id",
    "task_id", "account_id", "clinician_id",
)  # fmt: skip
# Stands in an example's body for the id that the world will have.
PLACES = {name: uuid5(NAMESPACE_URL, name) for name in IDS}
INNARDS = re.compile(r"traceback|asyncpg|sqlalchemy|msgspec|SELECT .* FROM|INSERT INTO|\.py\b")


def _operations() -> list[tuple[Operation, str]]:
    """Every route of ours but the stream, with its permission."""
    paths = json.loads(openapi_json())["paths"]
    found = []
    for method, path, handler in routes_offline():
        if handler.opt["stream"] or path.startswith("/api/schema"):
            continue
        described = paths.get(path, {}).get(method.lower(), {}).get("parameters", [])
        queries = tuple(each["name"] for each in described if each["in"] == "query")
        route = Route(method, path, handler)
        example = named(example_body(route), PLACES)
        found.append((Operation(method, path, example, queries), route.permission))
    return found


OPERATIONS = _operations()


class Attackers:
    """Somebody of each role, signed in; whoever is signed out by what they did comes back."""

    def __init__(self, services: Services, app: Litestar, world: World, ids: dict[str, str]) -> None:
        self.services = services
        self.world = world
        self.ids = ids
        self.browsers = {role: new_browser(app) for role in (None, *ROLES)}

    async def sign_in(self, role: Role) -> None:
        who = self.world.people[role]
        account_id = who.account_id if isinstance(who, Patient) else who.id
        async with open_unit(self.services, system_actor(self.world.own.patient.clinic_id)) as unit:
            # Staff may have disabled a patient's account, as they may.
            await unit.write.execute(
                update(Account).where(Account.id == account_id).values(status=AccountStatus.ACTIVE)
            )
            token = await session_for(unit.write, who)
        self.browsers[role].cookies.clear()
        sign_in(self.browsers[role], token)

    async def send(self, role: Role | None, operation: Operation, attack: Attack) -> httpx.Response:
        path = operation.path
        for name in operation.parameters:
            value = attack.path.get(name, self.ids.get(name, self.ids["visit_id"]))
            path = path.replace(f"{{{name}}}", quote(value, safe="", errors="replace"))
        content = attack.content
        for name, place in PLACES.items():
            content = content and content.replace(str(place).encode(), self.ids[name].encode())
        headers = {"content-type": "application/json"} | attack.headers
        return await self.browsers[role].request(
            operation.method,
            path,
            params=httpx.QueryParams(attack.query),
            content=content,
            headers=[(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
        )


@asynccontextmanager
async def make_attackers(services: Services, app: Litestar, owner: AsyncEngine) -> AsyncIterator[Attackers]:
    """A world, and somebody of each role who is signed in there."""
    await ensure_loaded(owner, SETS)
    clinic_id = await make_clinic_row(owner)
    world = await make_world(services, clinic_id, await make_clinic_row(owner))
    async with open_unit(services, system_actor(clinic_id)) as unit:
        # Whom an administrator may disable without ending the test.
        spare = await make_staff(unit.write)
        slug = await unit.read.scalar(select(Clinic.slug))
    ids = {name: str(value) for name, value in world.own.ids.items()}
    made = Attackers(services, app, world, ids | {"account_id": str(spare.id), "slug": slug})
    for role in ROLES:
        await made.sign_in(role)
    yield made
    for browser in made.browsers.values():
        await browser.aclose()


@pytest.fixture(scope="module")
async def attackers(services: Services, app: Litestar, owner: AsyncEngine) -> AsyncIterator[Attackers]:
    async with make_attackers(services, app, owner) as made:
        yield made


def _roles(permission: str) -> st.SearchStrategy[Role | None]:
    """Mostly somebody who may, sometimes anybody."""
    may = [None] if permission == PUBLIC else sorted(GRANTS[Permission(permission)] & set(ROLES))
    return st.sampled_from([*may, *may, *may, *may, None, *ROLES])


@pytest.mark.parametrize(("operation", "permission"), OPERATIONS, ids=lambda each: str(each))
@settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
async def test_nothing_that_a_client_sends_makes_a_500(
    operation: Operation, permission: str, attackers: Attackers, data: st.DataObject
) -> None:
    await _is_told(attackers, data.draw(_roles(permission)), operation, data.draw(attacks(operation)))


@pytest.mark.parametrize(
    ("operation", "permission"), [each for each in OPERATIONS if each[0].example], ids=str
)
async def test_every_hostile_word_is_answered_in_every_field(
    operation: Operation, permission: str, attackers: Attackers
) -> None:
    """By whoever may, in a body that is otherwise right."""
    role = None if permission == PUBLIC else min(GRANTS[Permission(permission)] & set(ROLES))
    bodies = {encoded(with_words(operation.example, word)) for word in WORDS}
    for body in sorted(bodies):
        await _is_told(attackers, role, operation, Attack(content=body))


async def _is_told(attackers: Attackers, role: Role | None, operation: Operation, attack: Attack) -> None:
    """What is wrong, if anything is, and nothing about what is inside."""
    answer = await attackers.send(role, operation, attack)
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert answer.headers["content-type"].startswith("application/problem+json")
        assert answer.json()["code"]
        assert not INNARDS.search(answer.text), answer.text
    if role and answer.status_code == 401:
        await attackers.sign_in(role)
