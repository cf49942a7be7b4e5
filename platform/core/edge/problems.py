"""Every error that leaves the application, as its surface renders it. None shows SQL, a stack or health data."""

import re
from typing import Any, NamedTuple

import msgspec
from asyncpg.exceptions import DataError as PgDataError
from asyncpg.exceptions import PostgresError
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import HTTPScope
from redis.exceptions import RedisError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from core.edge.surfaces import surface_of
from core.edge.versions import has_if_match
from core.errors import Conflict, FieldError, Problem, Stale, Unavailable
from core.logs import Log

log = Log("problems")

_INDEX = re.compile(r"\[(\d+)\]")
_NAMED_FIELD = re.compile(r"(?:missing required|unknown) field `([^`]+)`")
_CODES = {
    400: "malformed",
    404: "not_found",
    405: "method_not_allowed",
    413: "request_too_large",
    429: "too_many",
}


class ErrorAnswer(NamedTuple):
    """What an error becomes for its client: status, headers, body."""

    status: int
    headers: dict[str, str]
    body: bytes


def render(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """The one exception handler."""
    unit = request.scope["state"].get("unit")
    answer = answer_to(error, request.scope, unit.request_id if unit else "")
    return Response(answer.body, status_code=answer.status, headers=answer.headers)


def answer_to(error: Exception, scope: HTTPScope, request_id: str) -> ErrorAnswer:
    """What this request is answered instead of what it asked for. The edge counts and logs the problem."""
    problem = to_problem(error)
    if isinstance(problem, Stale) and has_if_match(scope):
        problem.status = 412
    scope["state"]["problem"] = problem
    if problem.status >= 500:
        route = scope.get("path_template", "")
        log.error("failed", error, code=problem.code, route=route, request_id=request_id)
    surface = surface_of(scope)
    headers = {"content-type": surface.error_type}
    if problem.status == 503:
        headers["retry-after"] = "2"
    if "retry_after" in problem.data:
        headers["retry-after"] = str(problem.data["retry_after"])
    return ErrorAnswer(problem.status, headers, surface.render(problem, request_id))


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
