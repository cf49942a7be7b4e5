"""The OpenAPI document is true: requests that Schemathesis makes from it, valid and not, sent as each role.

Every answer is one that the document declares, none is a 5xx, and what the document forbids is refused. A new route
joins by being registered. The examples are the same every time; EXAMPLES=100 looks for an hour.
"""

import json
import os
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litestar import Litestar
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Err
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy.ext.asyncio import AsyncEngine

from app.commands.describe import openapi_json
from core.actor import Role
from core.services import Services
from tests.app.every_route.test_hostile_input import Attackers, make_attackers
from tests.app.every_route.test_matrix import named
from tests.conftest import ORIGIN

pytestmark = pytest.mark.whole

Operation = APIOperation[Any, Any, Any, Any]

EXAMPLES = int(os.environ.get("EXAMPLES", "4"))
ROLES = (Role.PATIENT, Role.CLINICIAN, Role.COORDINATOR, Role.ADMIN, Role.PRIVACY)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
ENDLESS = "/api/live"
"""The stream: it has no last byte to wait for, and tests of its own."""


def _operations() -> Iterator[Operation]:
    """Every operation of the document but the stream. Raises what Schemathesis finds wrong with the document."""
    for found in schemathesis.openapi.from_dict(json.loads(openapi_json())).get_all_operations():
        if isinstance(found, Err):
            raise found.err()
        if found.ok().path != ENDLESS:
            yield found.ok()


@pytest.fixture(scope="module")
async def attackers(services: Services, app: Litestar, owner: AsyncEngine) -> AsyncIterator[Attackers]:
    async with make_attackers(services, app, owner) as made:
        yield made


@pytest.mark.parametrize("operation", [*_operations()], ids=lambda each: each.label)
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
async def test_answers_are_those_of_the_document(
    operation: Operation, attackers: Attackers, data: st.DataObject
) -> None:
    mode = data.draw(st.sampled_from(GenerationMode))
    own = {
        each.name: attackers.ids.get(each.name, attackers.ids["visit_id"])
        for each in operation.path_parameters
    }
    case = data.draw(operation.as_strategy(generation_mode=mode, path_parameters=own or None))
    if mode is GenerationMode.POSITIVE:
        case.body = named(case.body, attackers.world.own.ids)
    for role in ROLES:
        answer = await _send(attackers, role, case)
        if answer.status_code == 401:
            # What was sent before has ended this session.
            await attackers.sign_in(role)
            answer = await _send(attackers, role, case)
        case.validate_response(answer, checks=CHECKS)


async def _send(attackers: Attackers, role: Role, case: Case[Any]) -> httpx.Response:
    """The request as Schemathesis writes it, by this role's browser: its cookies, and the Origin of our pages."""
    made = requests.Request(**case.as_transport_kwargs(base_url=ORIGIN)).prepare()
    headers = [
        (name.encode(), value if isinstance(value, bytes) else value.encode("latin-1"))
        for name, value in made.headers.items()
        if name.lower() not in ("cookie", "origin")
    ]
    body = made.body
    content = body if isinstance(body, str | bytes) else None
    return await attackers.browsers[role].request(
        case.method, made.url or "", content=content, headers=headers
    )
