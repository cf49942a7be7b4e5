"""Every error that leaves the application, as problem details. None shows SQL, a stack or health data."""

import re
from typing import Any

import msgspec
from asyncpg.exceptions import DataError as PgDataError
from asyncpg.exceptions import PostgresError
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from redis.exceptions import RedisError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from core import json
from core.errors import Conflict, FieldError, Problem, Unavailable
from core.logs import Log

log = Log("problems")

MEDIA_TYPE = "application/problem+json"
_INDEX = re.compile(r"\[(\d+)\]")
_NAMED_FIELD = re.compile(r"(?:missing required|unknown) field `([^`]+)`")
_CODES = {
    400: "malformed",
    404: "not_found",
    405: "method_not_allowed",
    413: "request_too_large",
    429: "too_many",
}


def render(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """The one exception handler."""
    unit = request.scope["state"].get("unit")
    problem = to_problem(error)
    # The edge counts and logs what became of it.
    request.scope["state"]["problem"] = problem
    status, headers, body = rendered(
        error, problem, unit.request_id if unit else "", request.scope.get("path_template", "")
    )
    return Response(body, status_code=status, media_type=MEDIA_TYPE, headers=headers)


def rendered(
    error: Exception, problem: Problem, request_id: str, route: str
) -> tuple[int, dict[str, str], bytes]:
    """The answer that an error becomes, and its problem: status, headers without the content's type, body."""
    if problem.status >= 500:
        log.error("failed", error, code=problem.code, route=route, request_id=request_id)
    headers = {}
    if problem.status == 503:
        headers["retry-after"] = "2"
    if "retry_after" in problem.data:
        headers["retry-after"] = str(problem.data["retry_after"])
    return problem.status, headers, json.encode(problem.body(request_id))


def to_problem(error: Exception) -> Problem:
    """What an exception means to the client."""
    match error:
        case Problem():
            return error
        case ValidationException():
            return Problem(422, "invalid", _fields(error))
        case HTTPException():
            return Problem(error.status_code, _CODES.get(error.status_code, "request_refused"))
        case msgspec.DecodeError() | UnicodeError() | RecursionError():
            return Problem(400, "malformed")
        case DBAPIError():
            return _database_problem(error)
        case PostgresError():
            return _by_sqlstate(error)
        case PoolTimeout() | RedisError() | OSError():
            return Unavailable()
        case _:
            return Problem(500, "internal")


def _fields(error: ValidationException) -> list[FieldError]:
    extra = error.extra if isinstance(error.extra, list) else []
    fields = []
    for item in extra:
        if isinstance(item, dict):
            message = str(item.get("message", ""))
            fields.append(FieldError(_path(str(item.get("key", "")), message), _field_code(message)))
    return fields


def _path(key: str, message: str) -> str:
    """The field that is meant. A missing or unexpected one is named in the message, beneath its object's key."""
    names = [] if key == "data" else [_INDEX.sub(r".\1", key.removeprefix("data."))]
    if named := _NAMED_FIELD.search(message):
        names.append(named[1])
    return ".".join(name for name in names if name)


def _field_code(message: str) -> str:
    """msgspec's message as a code: what is missing, too long, or of another kind."""
    if "missing required field" in message:
        return "required"
    if "unknown field" in message:
        return "unknown_field"
    if "length <=" in message:
        return "too_long"
    if "length >=" in message:
        return "required"
    return "malformed"


def _database_problem(error: DBAPIError) -> Problem:
    original = error.orig.__cause__ if error.orig is not None else None
    if error.connection_invalidated or isinstance(original, ConnectionError | OSError):
        return Unavailable()
    if isinstance(original, PgDataError | UnicodeError):
        return Problem(422, "unacceptable_value")
    if isinstance(original, PostgresError):
        return _by_sqlstate(original)
    return Unavailable() if original is None else Problem(500, "internal")


def _by_sqlstate(error: PostgresError) -> Problem:
    """PostgreSQL's error classes (its manual, appendix A): 22 data, 23 constraint, 40 and 55 contention, 25 a
    transaction that took too long, 08, 53, 57 and 58 unavailable."""
    state = str(getattr(error, "sqlstate", "") or "")
    match state[:2]:
        case "22":
            return Problem(422, "unacceptable_value")
        case "23":
            return Conflict("conflict")
        case "08" | "40" | "53" | "55" | "57" | "58" | "25":
            return Unavailable()
        case _:
            return Problem(500, "internal")
