"""What the edge promises: one transaction a request, no foreign writes, answers only after the commit."""

import httpx


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
