"""What the OpenAPI schema declares, route by route. That the answers are what it declares is held against every answer
that any test gets (`tests/answers.py`).
"""

import json
from collections.abc import Iterator
from typing import Any, get_args

import httpx
import jsonschema_rs
import msgspec
import pytest
from litestar import Litestar, MediaType, Response
from litestar.handlers import HTTPRouteHandler

from app.commands.describe import openapi_json, routes_offline
from chart.notes.domain import DiagnosisLine, NoteContent, PlanLine, VitalLine
from core.edge.web import routes_of
from identity.clinic.settings import ClinicSettings
from tests.answers import declared
from visits.location import Location

OPERATIONS = [
    (f"{method.upper()} {path}", operation)
    for path, operations in json.loads(openapi_json())["paths"].items()
    for method, operation in operations.items()
]
ROUTES = {f"{method} {path}": handler for method, path, handler in routes_offline()}


@pytest.mark.parametrize(("name", "operation"), OPERATIONS, ids=[name for name, _ in OPERATIONS])
def test_errors_are_problems_and_nothing_has_no_content(name: str, operation: dict[str, Any]) -> None:
    responses = dict(operation["responses"])
    assert list(responses.pop("default")["content"]) == ["application/problem+json"]
    # The machine that asks whether a process is ready reads why it is not.
    assert set(responses) - {"200", "201", "202", "204"} <= ({"503"} if "/health/ready" in name else set())
    for status, response in responses.items():
        assert bool(response.get("content")) is (status != "204"), name


def _is_raw(handler: HTTPRouteHandler) -> bool:
    """Whether a handler answers with bytes or text of its own making, of which its annotation says nothing."""
    annotation = handler.parsed_fn_signature.return_type.annotation
    inner = get_args(annotation)[0] if getattr(annotation, "__origin__", None) is Response else annotation
    return inner in {bytes, str}


@pytest.mark.parametrize("name", [name for name, _ in OPERATIONS if _is_raw(ROUTES[name])])
def test_a_handler_of_raw_content_says_what_that_is(name: str) -> None:
    handler = ROUTES[name]
    says = handler.media_type not in {MediaType.JSON, None} or 200 in (handler.responses or {})
    assert says, f"{name} has neither a media type nor a ResponseSpec"


@pytest.mark.parametrize(
    ("status", "media_type", "body"),
    [
        (200, "application/json", b'{"unread": "3"}'),
        (200, "application/pdf", b"%PDF"),
        (200, "application/json", b""),
        (201, "application/json", b'{"unread": 3}'),
        (404, "application/json", b'{"detail": "x"}'),
    ],
)
async def test_an_answer_that_is_not_as_declared_is_noticed(
    app: Litestar, status: int, media_type: str, body: bytes
) -> None:
    path = "/api/patients/search"
    assert path in {each for _, each, _ in routes_of(app)}
    answer = httpx.Response(
        status,
        headers={"content-type": media_type},
        content=body,
        request=httpx.Request("POST", f"http://x{path}"),
    )
    with pytest.raises((AssertionError, jsonschema_rs.ValidationError)):
        await declared(app)(answer)


STORED = {NoteContent, DiagnosisLine, PlanLine, VitalLine, ClinicSettings, Location}
"""What is also read from rows, which a newer release may have written: what it does not know is left out there."""


def _unheeding(kind: Any) -> Iterator[str]:
    """The structs within a body that would ignore a field that they do not know."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        if kind not in STORED and not kind.__struct_config__.forbid_unknown_fields:
            yield kind.__name__
        for field in msgspec.structs.fields(kind):
            yield from _unheeding(field.type)
    for each in get_args(kind):
        yield from _unheeding(each)


def test_no_body_ignores_a_field_that_it_does_not_know() -> None:
    """A typing error in a client is told, not taken for the default."""
    bodies = {name: handler.parsed_fn_signature.parameters.get("data") for name, handler in ROUTES.items()}
    unheeding = {name: [*_unheeding(body.annotation)] for name, body in bodies.items() if body is not None}
    assert len(unheeding) > 50
    assert not {name: found for name, found in unheeding.items() if found}
