"""An idempotency key gives the same answer again, to the same person for the same request and to nobody else."""

import hashlib
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import httpx
import pytest
from litestar import Litestar
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from core.actor import Actor, Role, system_actor
from core.database.session import open_unit
from core.edge.idempotency import _digest, _place_of, keep
from core.ids import new_id
from core.services import Services
from identity.models import Patient
from tests.conftest import new_browser
from tests.people import make_patient, session_for, sign_in

BODY = {"reason_code": "rash"}


@pytest.fixture
async def patient(client: httpx.AsyncClient, services: Services, clinic_id: UUID) -> Patient:
    """A patient, signed in on ``client``."""
    async with open_unit(services, system_actor(clinic_id)) as unit:
        patient = await make_patient(unit.write)
        sign_in(client, await session_for(unit.write, patient))
    return patient


async def ask(
    client: httpx.AsyncClient, key: str, body: object = BODY, path: str = "/api/visits"
) -> httpx.Response:
    return await client.post(path, json=body, headers={"idempotency-key": key})


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code")


async def test_the_answer_is_the_first_one_word_for_word(client: httpx.AsyncClient, patient: Patient) -> None:
    key = str(new_id())
    first, again = [await ask(client, key) for _ in range(2)]
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    own = {"x-request-id", "date"}
    assert {k: v for k, v in again.headers.items() if k not in own} == {
        k: v for k, v in first.headers.items() if k not in own
    }
    assert code(await ask(client, str(new_id())))[0] == 409, "another key is another request"


async def test_a_key_is_for_one_request(client: httpx.AsyncClient, patient: Patient) -> None:
    key = str(new_id())
    assert (await ask(client, key)).status_code == 201
    for again in (
        await ask(client, key, {"reason_code": "cough"}),
        await ask(client, key, path="/api/visits?a=1"),
        await ask(client, key, {"subject": "Hello", "body": "Hello"}, path="/api/threads"),
    ):
        assert code(again) == (422, "idempotency_key_reused")


@pytest.mark.parametrize(
    "key", ["1234567", "k" * 201, "k" * 300, "clé-clé-clé", "tab\tinside", "        \x7f"]
)
async def test_what_is_no_key_is_refused(client: httpx.AsyncClient, patient: Patient, key: str) -> None:
    answer = await client.post(
        "/api/visits", json=BODY, headers=[(b"idempotency-key", key.encode("latin-1"))]
    )
    assert code(answer) == (400, "idempotency_key_malformed")


@pytest.mark.parametrize("key", ["12345678", "k" * 200, "with a blank ~"])
async def test_a_key_has_eight_to_two_hundred_letters(
    client: httpx.AsyncClient, patient: Patient, key: str
) -> None:
    assert [(await ask(client, key)).status_code for _ in range(2)] == [201, 201]


async def test_a_second_key_leaves_the_answer_of_the_first(
    client: httpx.AsyncClient, patient: Patient
) -> None:
    keys = [str(new_id()) for _ in range(2)]
    first = await ask(client, keys[0])
    letter = {"subject": "Hello", "body": "How are you?", "client_id": str(new_id())}
    second = await ask(client, keys[1], letter, path="/api/threads")
    assert (first.status_code, second.status_code) == (201, 201)
    assert (await ask(client, keys[0])).content == first.content


async def test_another_persons_key_is_another_key(
    app: Litestar, client: httpx.AsyncClient, patient: Patient, services: Services
) -> None:
    key = str(new_id())
    first = await ask(client, key)
    async with open_unit(services, system_actor(patient.clinic_id)) as unit:
        other = await make_patient(unit.write, family="Other")
        token = await session_for(unit.write, other)
    async with new_browser(app) as browser:
        sign_in(browser, token)
        theirs = await ask(browser, key)
        assert (await ask(browser, key)).content == theirs.content
    assert theirs.status_code == 201
    assert theirs.json()["id"] != first.json()["id"]
    assert (await ask(client, key)).content == first.content, "one's own is not written over by another's"


async def test_the_answer_is_kept_sealed_and_opens_at_its_place_alone(
    client: httpx.AsyncClient, patient: Patient, owner: AsyncEngine
) -> None:
    key, other = str(new_id()), str(new_id())
    answer = await ask(client, key)
    async with owner.begin() as connection:
        found = text("SELECT sealed_body, headers::text AS headers FROM idempotency_key WHERE key = :key")
        kept = (await connection.execute(found, {"key": key})).one()
        assert answer.json()["id"].encode() not in kept.sealed_body
        assert "set-cookie" not in kept.headers.lower()
        moved = text("UPDATE idempotency_key SET key = :other WHERE key = :key")
        await connection.execute(moved, {"key": key, "other": other})
    assert (await ask(client, other)).status_code == 500


ACTOR = Actor(clinic_id=new_id(), roles=frozenset({Role.PATIENT}), account_id=new_id(), patient_id=new_id())


def scope(method: str = "POST", path: str = "/api/visits", query: bytes = b"") -> Any:
    return {"method": method, "path": path, "query_string": query, "headers": []}


def test_what_the_release_before_kept_is_known_again() -> None:
    """Two tries of one request may meet two releases."""
    plain = hashlib.sha256(b"POST\n/api/visits\n{}").digest()
    assert _digest(scope(), b"{}", ACTOR) == plain
    asked = hashlib.sha256(b"PUT\n/api/a%20b?x=1\n").digest()
    assert _digest(scope("PUT", "/api/a b", b"x=1"), b"", ACTOR) == asked
    proxy = Actor(
        clinic_id=ACTOR.clinic_id,
        roles=ACTOR.roles,
        account_id=ACTOR.account_id,
        patient_id=ACTOR.patient_id,
        relationship="MTH",
    )
    for_child = hashlib.sha256(f"POST\n/api/visits {ACTOR.patient_id}\n{{}}".encode()).digest()
    assert _digest(scope(), b"{}", proxy) == for_child
    assert _place_of({"clinic": "c", "account": "a", "key": "k"}) == "idempotency:c:a:k"


async def test_a_cookie_is_not_given_again() -> None:
    """It may be of a session that has ended since."""
    kept: dict[str, Any] = {}

    async def execute(statement: object, values: dict[str, Any]) -> None:
        kept.update(values)

    unit: Any = SimpleNamespace(
        idempotency={"clinic": "c", "account": "a", "key": "k"},
        session=SimpleNamespace(execute=execute),
        services=SimpleNamespace(keyring=SimpleNamespace(seal=lambda body, place: body + place.encode())),
    )
    answer: Any = SimpleNamespace(
        status=201, body=b"{}", headers=[(b"Set-Cookie", b"carethread=x"), (b"etag", b'"1"')]
    )
    await keep(unit, answer)
    assert kept["headers"] == '[["etag","\\"1\\""]]'
    assert (kept["status"], kept["body"]) == (201, b"{}idempotency:c:a:k")
