"""A surface that is not our web application's: FHIR's media types and OperationOutcome, through the real edge."""

from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest
from litestar import Litestar

from app.asgi import build_app
from core import json
from core.actor import system_actor
from core.crypto import NoSigner
from core.database.engine import no_engine
from core.database.session import ReadSession, WriteSession, open_unit
from core.edge.surfaces import Surface
from core.edge.web import get, post
from core.errors import Conflict, Problem
from core.services import Services
from identity.permissions import Permission
from tests.conftest import new_browser
from tests.people import make_patient, session_for, sign_in

FHIR_JSON = "application/fhir+json"
ELSEWHERE = {"origin": "https://elsewhere.example"}


class Outcome(msgspec.Struct):
    """An OperationOutcome, as far as this test needs one."""

    issue: list[dict[str, str]]
    resourceType: str = "OperationOutcome"


def outcome(problem: Problem, request_id: str) -> bytes:
    return json.encode(Outcome([{"severity": "error", "code": problem.code, "diagnostics": request_id}]))


FHIR = Surface(error_type=FHIR_JSON, error_body=Outcome, render=outcome, body_types=frozenset({FHIR_JSON}))


@get("/api/test-fhir/weight", permission=Permission.SESSION, surface=FHIR, media_type=FHIR_JSON)
async def weight(read: ReadSession) -> dict[str, Any]:
    return {"resourceType": "Observation", "valueQuantity": {"value": Decimal("1.10")}}


@post("/api/test-fhir/weight", permission=Permission.SESSION, surface=FHIR, media_type=FHIR_JSON)
async def refused(write: WriteSession) -> dict[str, Any]:
    raise Conflict("conflict")


@pytest.fixture(scope="module")
async def fhir_app(services: Services) -> Litestar:
    system, signer = no_engine("the system's database"), NoSigner("the audit's key")
    app = build_app(replace(services, system=system, audit_signer=signer))
    for route in (weight, refused):
        app.register(route)
    return app


@pytest.fixture
async def browser(
    fhir_app: Litestar, services: Services, clinic_id: UUID
) -> AsyncIterator[httpx.AsyncClient]:
    """A patient's, signed in."""
    async with open_unit(services, system_actor(clinic_id)) as unit:
        token = await session_for(unit.write, await make_patient(unit.write))
    async with new_browser(fhir_app) as browser:
        sign_in(browser, token)
        yield browser


def code_of(answer: httpx.Response) -> str:
    """The code of an answer that is an OperationOutcome, its media type and request's id included."""
    assert answer.headers["content-type"] == FHIR_JSON
    body = answer.json()
    assert body["resourceType"] == "OperationOutcome"
    assert body["issue"][0]["diagnostics"] == answer.headers["x-request-id"]
    return str(body["issue"][0]["code"])


async def test_an_answer_is_of_the_surfaces_type_and_keeps_its_digits(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/api/test-fhir/weight")
    assert answer.headers["content-type"] == FHIR_JSON
    assert '"value":1.10' in answer.text


async def test_whatever_goes_wrong_is_an_operation_outcome(browser: httpx.AsyncClient) -> None:
    path, right = "/api/test-fhir/weight", {"content-type": FHIR_JSON}
    said = {
        # By the handler, by the edge for its own reasons, and before anybody was asked who it is.
        "conflict": await browser.post(path, content=b"{}", headers=right),
        "content_type_refused": await browser.post(path, json={}),
        "origin_refused": await browser.post(path, content=b"{}", headers=right | ELSEWHERE),
    }
    browser.cookies.clear()
    said["signed_out"] = await browser.get(path)
    assert {code: code_of(answer) for code, answer in said.items()} == {code: code for code in said}


async def test_ours_stay_problems_and_refuse_the_others_media_type(browser: httpx.AsyncClient) -> None:
    answer = await browser.post("/api/visits", content=b"{}", headers={"content-type": FHIR_JSON})
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "content_type_refused"


def test_the_document_shows_each_surfaces_errors(fhir_app: Litestar) -> None:
    paths = fhir_app.openapi_schema.to_schema()["paths"]
    declared = {
        path: list(paths[path]["get"]["responses"]["default"]["content"])
        for path in ("/api/test-fhir/weight", "/api/visits")
    }
    assert declared == {"/api/test-fhir/weight": [FHIR_JSON], "/api/visits": ["application/problem+json"]}


async def test_who_shows_a_bearer_token_needs_no_origin_and_has_no_cookie(browser: httpx.AsyncClient) -> None:
    """No browser adds a token by itself. What it does add, the cookie, would act without its Origin's check."""
    bearer, basic = {"authorization": "Bearer of-nobody"}, {"authorization": "Basic eDp5"}
    for headers, status in ((ELSEWHERE, 403), (ELSEWHERE | basic, 403), (ELSEWHERE | bearer, 401)):
        assert (await browser.post("/api/session/keep-alive", headers=headers)).status_code == status
    for headers, status in ((basic, 200), (bearer, 401)):
        assert (await browser.get("/api/session", headers=headers)).status_code == status
    # The prepared read looks at the cookie by itself.
    summary = f"/api/patients/{UUID(int=7)}/summary"
    assert (await browser.get(summary, headers=bearer)).status_code == 401
