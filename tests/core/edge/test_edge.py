"""What the edge promises: one transaction a request, no foreign writes, answers only after the commit."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import httpx
import pytest
from litestar import Litestar
from litestar.types import Message
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from core.actor import Role, system_actor
from core.database.session import open_unit
from core.ids import new_id
from core.services import Services
from identity.models import Patient
from tests.conftest import ORIGIN, ActAs
from tests.people import actor_of, make_patient, make_staff, session_for, sign_in
from tests.statements import counted


async def test_nobody_is_let_in_without_a_session(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/live")
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "signed_out"


async def test_ready_when_database_migrations_and_redis_are(client: httpx.AsyncClient) -> None:
    answer = await client.get("/health/ready")
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"database": "ok", "redis": "ok", "migrations": "ok"}


async def test_an_unknown_path_of_the_api_is_a_problem(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/nothing-here")
    assert answer.status_code == 404


async def test_anybody_is_told_which_methods_a_path_has(client: httpx.AsyncClient) -> None:
    methods = await client.options("/api/visits")
    assert (methods.status_code, methods.content) == (204, b"")
    assert "GET" in methods.headers["allow"]
    for method in ("HEAD", "DELETE"):
        assert (await client.request(method, "/api/visits")).status_code == 405


@pytest.fixture
async def patient(client: httpx.AsyncClient, services: Services, clinic_id: UUID) -> Patient:
    """A patient, signed in on ``client``."""
    async with open_unit(services, system_actor(clinic_id)) as unit:
        patient = await make_patient(unit.write)
        sign_in(client, await session_for(unit.write, patient))
    return patient


async def written(act_as: ActAs, patient: Patient) -> dict[str, int]:
    """How much of the clinic's there is in each of the tables that a request for a visit writes."""
    tables = ("visit", "audit_event", "outbox", "idempotency_key", "live_event")
    async with act_as(actor_of(patient)) as unit:
        return {
            table: await unit.read.scalar(text(f"SELECT count(*) FROM {table}"))  # noqa: S608  names of our own
            for table in tables
        }


@asynccontextmanager
async def failing_commits(owner: AsyncEngine, clinic_id: UUID, sqlstate: str) -> AsyncIterator[None]:
    """Every transaction that asks for a visit in this clinic does all its work, and fails at its commit."""
    async with owner.begin() as connection:
        await connection.execute(
            text(
                "CREATE FUNCTION refuse_at_commit() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION 'canary in the words' USING ERRCODE = '{sqlstate}'; END $$"
            )
        )
        await connection.execute(
            text(
                "CREATE CONSTRAINT TRIGGER refuse_at_commit AFTER INSERT ON visit DEFERRABLE INITIALLY DEFERRED "
                f"FOR EACH ROW WHEN (NEW.clinic_id = '{clinic_id}') EXECUTE FUNCTION refuse_at_commit()"
            )
        )
    try:
        yield
    finally:
        async with owner.begin() as connection:
            await connection.execute(text("DROP TRIGGER refuse_at_commit ON visit"))
            await connection.execute(text("DROP FUNCTION refuse_at_commit"))


@pytest.mark.parametrize(
    ("sqlstate", "status", "code"),
    [
        ("40001", 503, "temporarily_unavailable"),
        ("23505", 409, "conflict"),
        ("53100", 503, "temporarily_unavailable"),
        ("P0001", 500, "internal"),
    ],
)
async def test_what_could_not_be_committed_is_not_acknowledged(
    client: httpx.AsyncClient,
    patient: Patient,
    owner: AsyncEngine,
    act_as: ActAs,
    sqlstate: str,
    status: int,
    code: str,
) -> None:
    """Serialization failure, constraint, disk full, anything else: no word of the answer that the handler gave."""
    key = {"idempotency-key": str(new_id())}
    before = await written(act_as, patient)
    async with failing_commits(owner, patient.clinic_id, sqlstate):
        answer = await client.post("/api/visits", json={"reason_code": "rash"}, headers=key)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json().keys() <= {"type", "title", "status", "code", "request_id"}
    assert "canary" not in answer.text
    assert await written(act_as, patient) == before
    # The same key is free for the second try.
    again = await client.post("/api/visits", json={"reason_code": "rash"}, headers=key)
    assert again.status_code == 201, again.text
    assert (await written(act_as, patient))["visit"] == 1


@pytest.mark.parametrize("path", ["/api/visits", "/api/threads", "/api/queue/here"])
async def test_a_client_that_leaves_in_mid_request_has_asked_for_nothing(
    app: Litestar, client: httpx.AsyncClient, patient: Patient, services: Services, act_as: ActAs, path: str
) -> None:
    sent: list[Message] = []
    heard = iter(
        [
            {"type": "http.request", "body": b'{"reason_', "more_body": True},
            {"type": "http.disconnect"},
        ]
    )

    async def receive() -> Any:
        return next(heard, {"type": "http.disconnect"})

    async def send(message: Message) -> None:
        sent.append(message)

    await app(half_a_request(client, path), receive, send)
    assert sent[0]["type"] == "http.response.start" and sent[0]["status"] in (400, 403)
    assert services.engine.pool.checkedout() == 0  # type: ignore[attr-defined]  # it is a queue pool
    async with act_as(actor_of(patient)) as unit:
        assert await unit.read.scalar(text("SELECT count(*) FROM visit")) == 0


def half_a_request(client: httpx.AsyncClient, path: str) -> Any:
    """The scope of a POST whose body is announced as longer than what comes."""
    headers = {
        "host": "127.0.0.1",
        "origin": ORIGIN,
        "content-type": "application/json",
        "content-length": "500",
        "cookie": f"carethread={client.cookies['carethread']}",
        "idempotency-key": str(new_id()),
    }
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
    }


async def test_a_prepared_read_is_answered_by_its_one_statement(
    client: httpx.AsyncClient, services: Services, clinic_id: UUID
) -> None:
    async with open_unit(services, system_actor(clinic_id)) as unit:
        sign_in(client, await session_for(unit.write, await make_staff(unit.write, Role.COORDINATOR)))
    with counted(services) as sent:
        answer = await client.get("/api/tasks")
    assert answer.status_code == 200, answer.text
    assert answer.json()["tasks"] == []
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-length"] == str(len(answer.content))
    assert sent == []


async def test_a_page_of_somebody_else_writes_nothing_in_this_name(
    client: httpx.AsyncClient, act_as: ActAs, patient: Patient
) -> None:
    """A page left open by one person still has the cookie of the browser, which is another person's by now."""
    before = await written(act_as, patient)
    body = {"reason_code": "cough"}
    for said in (str(new_id()), "nobody"):
        answer = await client.post("/api/visits", json=body, headers={"carethread-account": said})
        assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")
        answer = await client.get("/api/session/draft-key", headers={"carethread-account": said})
        assert answer.status_code == 401
    assert await written(act_as, patient) == before
    own = {"carethread-account": str(patient.account_id)}
    assert (await client.post("/api/visits", json=body, headers=own)).status_code == 201
