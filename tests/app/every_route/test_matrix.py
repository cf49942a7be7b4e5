"""The permission matrix, generated from the route table: every route, every role, whoever's thing it names.

A new route is in here by being registered. What it must not do: answer someone who is not signed in, answer a role
that has no permission, or answer about another patient or clinic other than about something that does not exist.
"""

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from polyfactory.factories.msgspec_factory import MsgspecFactory
from sqlalchemy.ext.asyncio import AsyncEngine

from app.commands.describe import routes_offline
from chart.reference import SETS
from core.actor import Role
from core.database.reference import ensure_loaded
from core.edge.web import PUBLIC
from core.ids import new_id
from core.services import Services
from identity.permissions import GRANTS, Permission
from tests.app.every_route.world import CANARY, Named, Things, World, make_world
from tests.conftest import make_clinic_row, new_browser
from tests.people import sign_in

pytestmark = pytest.mark.whole

ROLES = (Role.PATIENT, Role.CLINICIAN, Role.COORDINATOR, Role.ADMIN, Role.PRIVACY, Role.GUEST)
_STAFF = (Role.CLINICIAN, Role.COORDINATOR, Role.ADMIN, Role.PRIVACY)
_PARAMETER = re.compile(r"\{([a-z_]+)\}")

# One's own, so naming another's is naming nothing: each has tests of its own in tests/identity.
_OWN_ONLY = {"code_id", "device_id", "passkey_id", "session_id"}
# What the world does not hold yet: no note in it is signed, no intake is open.
_NOT_THERE_YET = {
    "/api/visits/{visit_id}/summary",
    "/api/visits/{visit_id}/summary.pdf",
}
# Where nothing that is made up gets past the check of its fields, whose thing it is would never be asked.
_SENSIBLE: dict[str, Any] = {
    "PUT /api/notes/{note_id}": {"version": 1, "content": {"plan": "Rest"}},
    "PUT /api/admin/people/{account_id}": {
        "given": "Kai",
        "family": "Moss",
        "email": "kai@clinic.example",
        "roles": ["clinician"],
        "version": 1,
    },
    "PUT /api/patients/{patient_id}/problems/{record_id}": {"display": "Eczema", "version": 1},
    "POST /api/patients/{patient_id}/sections/{resource_type}": {"values": {}},
    "POST /api/patients/{patient_id}/restriction": {
        "why": "staff",
        "reason": "Works at the desk",
        "ends_at": "2100-01-01T10:00:00Z",
        "named": [],
    },
    "POST /api/patients/{patient_id}/contacts": {"kind": "home", "value": "(518) 555-0178"},
    "PUT /api/patients/{patient_id}/contacts/{contact_id}": {
        "kind": "home",
        "value": "(518) 555-0178",
        "version": 1,
    },
    "POST /api/patients/{patient_id}/identifiers": {"kind": "MB", "issuer": "Acme Health", "value": "W2"},
    "PUT /api/patients/{patient_id}/identifiers/{identifier_id}": {
        "kind": "MB",
        "issuer": "Acme Health",
        "version": 1,
    },
    "POST /api/patients/{patient_id}/related": {
        "given": "Ana",
        "relationship": "MTH",
        "scope": "full",
        "reason": "She called and asked for it",
    },
    "POST /api/related/{relation_id}/verify": {"proof": "in_person", "note": "Showed her ID at the desk"},
    "POST /api/related/{relation_id}/end": {"reason": "They have separated"},
    "POST /api/patients/{patient_id}/restriction/lift": {"reason": "No longer works here"},
    "POST /api/patients/{patient_id}/open": {"reason": "Called about a fever"},
    "POST /api/visits/{visit_id}/connection": {"attempt_id": str(UUID(int=7)), "samples": [], "drops": []},
    "POST /api/visits/{visit_id}/people": {"kind": "interpreter"},
    "POST /api/visits/{visit_id}/phone": {"own_number": "(518) 555-0190"},
    "POST /api/visits/{visit_id}/phone/ring": {"side": "patient"},
    "POST /api/intake/red-flags": {"rule": "chest_pain", "thread_id": str(UUID(int=7))},
    "POST /api/tasks/{task_id}/outreach": {"channel": "phone", "outcome": "no_answer"},
    "POST /api/tasks/{task_id}/put-off": {"due_at": "2100-01-01T10:00:00Z", "version": 1},
}
_QUERIES = {"GET /api/visits/{visit_id}/intake/consent": {"language": "en"}}


Ids = dict[str, Named]
"""What a path or a body names, by the name of its parameter."""


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    handler: HTTPRouteHandler

    @property
    def permission(self) -> str:
        return str(self.handler.opt["permission"])

    @property
    def parameters(self) -> list[str]:
        return _PARAMETER.findall(self.path)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


ROUTES = [Route(*found) for found in routes_offline()]
GUARDED = [route for route in ROUTES if route.permission != PUBLIC and not route.handler.opt["stream"]]


@pytest.fixture(scope="module")
async def world(services: Services, owner: AsyncEngine) -> World:
    await ensure_loaded(owner, SETS)
    return await make_world(services, await make_clinic_row(owner), await make_clinic_row(owner))


@pytest.fixture(scope="module")
async def browsers(app: Litestar, world: World) -> AsyncIterator[dict[Role | None, httpx.AsyncClient]]:
    """A browser for each role, and one of nobody."""
    made: dict[Role | None, httpx.AsyncClient] = {}
    for role in (None, *ROLES):
        made[role] = new_browser(app)
        if role:
            sign_in(made[role], world.tokens[role])
    yield made
    for browser in made.values():
        await browser.aclose()


@cache
def example_body(route: Route) -> Any:
    """A body of the right shape, the same one each time."""
    if str(route) in _SENSIBLE:
        return _SENSIBLE[str(route)]
    field = route.handler.parsed_fn_signature.parameters.get("data")
    if field is None or not (
        isinstance(field.annotation, type) and issubclass(field.annotation, msgspec.Struct)
    ):
        return None
    factory = MsgspecFactory.create_factory(field.annotation)
    factory.seed_random(1)
    return msgspec.to_builtins(factory.build())


def named(value: Any, ids: Mapping[str, Named]) -> Any:
    if isinstance(value, dict):
        return {key: str(ids[key]) if key in ids else named(each, ids) for key, each in value.items()}
    if isinstance(value, list):
        return [named(each, ids) for each in value]
    return value


async def call(browser: httpx.AsyncClient, route: Route, ids: Ids) -> httpx.Response:
    path = _PARAMETER.sub(lambda match: str(ids.get(match[1], UUID(int=7))), route.path)
    body, query = named(example_body(route), ids), _QUERIES.get(str(route))
    return await browser.request(route.method, path, json=body, params=query)


def same_answer(left: httpx.Response, right: httpx.Response) -> bool:
    """Whether two answers tell the same: the status, the code and the fields, not the request's id."""
    told = [{**answer.json(), "request_id": ""} for answer in (left, right)]
    return left.status_code == right.status_code and told[0] == told[1]


def absent(named: Named) -> Named:
    """What names nothing, of the same kind."""
    return new_id() if isinstance(named, UUID) else 2**62


def strangers(things: Things, own: Things) -> Iterator[Ids]:
    """All ids foreign, and each one alone among one's own."""
    yield dict(things.ids)
    for name in things.ids:
        yield {**own.ids, name: things.ids[name]}


def test_every_permission_is_in_the_table_and_asked_for() -> None:
    assert set(GRANTS) == set(Permission)
    unused = set(Permission) - {route.permission for route in ROUTES}
    assert not unused, "nobody asks for these"


@pytest.mark.parametrize("route", GUARDED, ids=str)
async def test_nobody_and_the_wrong_roles_are_kept_out(
    route: Route, world: World, browsers: dict[Role | None, httpx.AsyncClient]
) -> None:
    answer = await call(browsers[None], route, dict(world.own.ids))
    assert answer.status_code == 401, answer.text
    for role in ROLES:
        if role not in GRANTS[Permission(route.permission)]:
            answer = await call(browsers[role], route, dict(world.own.ids))
            assert answer.status_code == 403, f"{role}: {answer.text}"
            assert CANARY not in answer.text


@pytest.mark.parametrize("route", [route for route in GUARDED if route.parameters], ids=str)
async def test_what_is_not_ones_own_does_not_exist(
    route: Route, world: World, browsers: dict[Role | None, httpx.AsyncClient]
) -> None:
    names = set(route.parameters) - _OWN_ONLY
    assert names <= set(world.own.ids), f"the world has no {names - set(world.own.ids)}: add it to world.py"
    for role in GRANTS[Permission(route.permission)] & set(ROLES):
        others = [world.foreign] if role in _STAFF else [world.foreign, world.other]
        for things in others:
            for ids in strangers(things, world.own):
                if not any(ids[name] != world.own.ids[name] for name in names):
                    continue
                nothing = {
                    name: absent(ids[name]) if ids[name] != world.own.ids[name] else ids[name] for name in ids
                }
                answer = await call(browsers[role], route, ids)
                missing = await call(browsers[role], route, nothing)
                assert answer.status_code in (403, 404), f"{role}: {answer.status_code} {answer.text}"
                assert same_answer(answer, missing), (
                    f"{role}: {answer.text} is told apart from {missing.text}"
                )
                assert CANARY not in answer.text


@pytest.mark.parametrize("route", [route for route in GUARDED if not route.parameters], ids=str)
async def test_lists_and_bodies_show_nothing_of_another_clinic(
    route: Route, world: World, browsers: dict[Role | None, httpx.AsyncClient]
) -> None:
    if route.method != "GET" and not (example_body(route) or {}).keys() & world.own.ids:
        return
    foreign = {str(each) for each in world.foreign.ids.values() if isinstance(each, UUID)}
    for role in GRANTS[Permission(route.permission)] & set(ROLES):
        answer = await call(browsers[role], route, dict(world.foreign.ids))
        if route.method == "GET":
            assert not any(each in answer.text for each in foreign)
        else:
            assert answer.status_code >= 400, f"{role}: {answer.text}"


@pytest.mark.parametrize("route", [route for route in GUARDED if route.method == "GET"], ids=str)
async def test_ones_own_is_there(
    route: Route, world: World, browsers: dict[Role | None, httpx.AsyncClient]
) -> None:
    if route.path in _NOT_THERE_YET or set(route.parameters) & _OWN_ONLY:
        return
    for role in GRANTS[Permission(route.permission)] & set(ROLES):
        answer = await call(browsers[role], route, dict(world.own.ids))
        assert answer.status_code not in (401, 403, 404), f"{role}: {answer.status_code} {answer.text}"
        # Nobody's record stays in the browser's cache when they have left.
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
