"""What each kind of error becomes for whoever asked, and that nothing of its words leaves."""

from typing import Any

import asyncpg
import msgspec
import pytest
from litestar.exceptions import HTTPException, ValidationException
from redis.exceptions import ConnectionError as RedisConnectionError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from core.edge.problems import answer_to, to_problem
from core.errors import Conflict, Forbidden, Problem, Stale, Unavailable


def of_driver(cause: BaseException | None, *, lost: bool = False) -> DBAPIError:
    """A database error as SQLAlchemy raises it: its own, with the driver's beneath."""
    original = Exception("words of the driver") if cause is not None else None
    if original is not None:
        original.__cause__ = cause
    return DBAPIError("SELECT secret", {}, original, connection_invalidated=lost)  # type: ignore[arg-type]  # None is asked too


def by_state(sqlstate: str) -> asyncpg.PostgresError:
    error = asyncpg.PostgresError("secret")
    error.sqlstate = sqlstate
    return error


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Forbidden("not_your_visit"), 403, "not_your_visit"),
        (HTTPException(status_code=400), 400, "malformed"),
        (HTTPException(status_code=404), 404, "not_found"),
        (HTTPException(status_code=405), 405, "method_not_allowed"),
        (HTTPException(status_code=413), 413, "request_too_large"),
        (HTTPException(status_code=429), 429, "too_many"),
        (HTTPException(status_code=415), 415, "request_refused"),
        (msgspec.DecodeError("secret"), 400, "malformed"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "secret"), 400, "malformed"),
        (RecursionError(), 400, "malformed"),
        (PoolTimeout("secret"), 503, "temporarily_unavailable"),
        (RedisConnectionError("secret"), 503, "temporarily_unavailable"),
        (OSError("secret"), 503, "temporarily_unavailable"),
        (KeyError("secret"), 500, "internal"),
        (by_state("22P02"), 422, "unacceptable_value"),
        (by_state("23505"), 409, "conflict"),
        *(
            (by_state(f"{kind}000"), 503, "temporarily_unavailable")
            for kind in "08 40 53 55 57 58 25".split()
        ),
        (by_state("42P01"), 500, "internal"),
        (by_state(""), 500, "internal"),
        (of_driver(by_state("23505")), 409, "conflict"),
        (of_driver(asyncpg.DataError("secret")), 422, "unacceptable_value"),
        (of_driver(UnicodeEncodeError("utf-8", "\ud800", 0, 1, "x")), 422, "unacceptable_value"),
        (of_driver(ConnectionResetError()), 503, "temporarily_unavailable"),
        (of_driver(OSError()), 503, "temporarily_unavailable"),
        (of_driver(KeyError(), lost=True), 503, "temporarily_unavailable"),
        (of_driver(None), 503, "temporarily_unavailable"),
        (of_driver(KeyError("secret")), 500, "internal"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_each_kind_of_error_has_its_status_and_code(error: Exception, status: int, code: str) -> None:
    problem = to_problem(error)
    assert (problem.status, problem.code) == (status, code)
    assert b"secret" not in answer_to(error, scope(), "r1").body


@pytest.mark.parametrize(
    ("item", "path", "code"),
    [
        ({"key": "data", "message": "Object missing required field `phone`"}, "phone", "required"),
        (
            {"key": "data.people[2]", "message": "Object missing required field `name`"},
            "people.2.name",
            "required",
        ),
        ({"key": "data.people[2].age", "message": "Expected `int`"}, "people.2.age", "malformed"),
        ({"key": "data", "message": "Object contains unknown field `x`"}, "x", "unknown_field"),
        ({"key": "title", "message": "Expected `str` of length <= 10"}, "title", "too_long"),
        ({"key": "title", "message": "Expected `str` of length >= 1"}, "title", "required"),
        ({"message": "Object missing required field `phone`"}, "phone", "required"),
        ({}, "", "malformed"),
    ],
)
def test_what_is_wrong_with_a_body_is_said_at_its_field(item: dict[str, str], path: str, code: str) -> None:
    problem = to_problem(ValidationException(extra=[item, "no object"]))
    assert (problem.status, problem.code) == (422, "invalid")
    assert [(each.path, each.code) for each in problem.fields] == [(path, code)]
    assert to_problem(ValidationException(extra={"key": "data"})).fields == []


def scope(*headers: tuple[bytes, bytes]) -> Any:
    return {"headers": list(headers), "state": {}}


def test_an_answer_says_when_to_try_again() -> None:
    away = answer_to(Unavailable(), scope(), "r1")
    assert away.headers == {"content-type": "application/problem+json", "retry-after": "2"}
    many = answer_to(Problem(429, "too_many", retry_after=17), scope(), "r1")
    assert many.headers["retry-after"] == "17"
    assert "retry-after" not in answer_to(Conflict("no"), scope(), "r1").headers


def test_who_names_a_version_in_the_header_is_told_that_it_was_the_condition() -> None:
    plain, named = scope(), scope((b"accept", b"*/*"), (b"if-match", b'"3"'))
    assert answer_to(Stale("task_changed", version=4), plain, "r1").status == 409
    assert answer_to(Stale("task_changed", version=4), named, "r1").status == 412
    assert answer_to(Conflict("other"), named, "r1").status == 409
    assert named["state"]["problem"].code == "other"


def test_the_body_names_the_request_and_the_code() -> None:
    body = msgspec.json.decode(answer_to(Conflict("slot_taken"), scope(), "r1").body)
    assert (body["status"], body["code"], body["request_id"]) == (409, "slot_taken", "r1")


def test_our_own_faults_are_logged_with_their_route_and_refusals_are_not(
    caplog: pytest.LogCaptureFixture,
) -> None:
    routed = scope() | {"path_template": "/api/visits/{visit_id}"}
    for error in (KeyError("secret"), Problem(500, "own"), Unavailable(), Conflict("slot_taken")):
        answer_to(error, routed, "r1")
    answer_to(KeyError("secret"), scope(), "r2")
    told = [each.fields for each in caplog.records if each.msg == "failed"]  # type: ignore[attr-defined]  # our logs' own
    assert [each["code"] for each in told] == ["internal", "own", "temporarily_unavailable", "internal"]
    assert [each["route"] for each in told] == ["/api/visits/{visit_id}"] * 3 + [""]
    assert [each["request_id"] for each in told] == ["r1"] * 3 + ["r2"]
