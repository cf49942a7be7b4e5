"""JSON as it is read and written at the edge: no digit is lost. By itself."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from litestar.openapi.spec import OpenAPIType

from core.edge.http_json import DecimalIsNumber, JsonAnswer, JsonRequest

WEIGHT = {"of": UUID(int=7), "kg": Decimal("71.10")}
WRITTEN = b'{"of":"00000000-0000-0000-0000-000000000007","kg":71.10}'


async def read(body: bytes) -> Any:
    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    handler = SimpleNamespace(resolve_request_max_body_size=lambda: None)
    scope: Any = {"type": "http", "headers": [], "state": {}, "route_handler": handler}
    return await JsonRequest(scope, receive=receive).json()


async def test_a_number_is_read_with_its_digits_and_no_body_as_nothing() -> None:
    assert str((await read(b'{"kg": 71.10}'))["kg"]) == "71.10"
    assert await read(b"") is None


@pytest.mark.parametrize("media_type", ["application/json", "application/fhir+json"])
def test_a_number_is_written_with_its_digits(media_type: str) -> None:
    assert JsonAnswer(WEIGHT).render(WEIGHT, media_type) == WRITTEN


@pytest.mark.parametrize("media_type", ["application/json", "application/fhir+json", "application/pdf"])
def test_what_is_written_already_goes_out_as_it_is(media_type: str) -> None:
    assert JsonAnswer(b"").render(WRITTEN, media_type) == WRITTEN


def test_text_stays_text() -> None:
    assert JsonAnswer("").render("a,b", "text/csv") == b"a,b"


def test_a_number_is_declared_as_one() -> None:
    plugin = DecimalIsNumber()
    assert (plugin.is_plugin_supported_type(Decimal), plugin.is_plugin_supported_type(str)) == (True, False)
    unused: Any = None
    assert plugin.to_openapi_schema(unused, unused).type is OpenAPIType.NUMBER
