"""What the OpenAPI document says of a route's answers. By itself."""

from typing import Any

import pytest
from litestar import Litestar, Response
from litestar.openapi import OpenAPIConfig
from litestar.openapi.datastructures import ResponseSpec

from core.edge.web import get, post


@get("/a", permission="test.known", responses={503: ResponseSpec(int, description="Not now")})
async def number() -> int:
    return 1


@post("/a", permission="test.known", status_code=204)
async def nothing() -> None:
    """It answers with no body."""


@post("/b", permission="test.known", status_code=204, response_description="It is done")
async def nothing_of_its_own() -> Response[None]:
    return Response(None)


@pytest.fixture
def paths() -> Any:
    app = Litestar(
        [number, nothing, nothing_of_its_own], openapi_config=OpenAPIConfig(title="Test", version="1")
    )
    return app.openapi_schema.to_schema()["paths"]


def test_every_error_is_one_answer_beside_those_that_a_route_declares(paths: Any) -> None:
    answers = paths["/a"]["get"]["responses"]
    assert answers.keys() == {"200", "503", "default"}
    assert answers["503"]["description"].startswith("Not now")
    error = answers["default"]
    assert error["description"] == "What went wrong"
    [(media_type, body)] = error["content"].items()
    assert media_type == "application/problem+json"
    assert body["schema"] == {"$ref": "#/components/schemas/ProblemBody"}
    assert "example" not in body and "examples" not in body


def test_no_body_is_declared_as_none(paths: Any) -> None:
    assert paths["/a"]["post"]["responses"].keys() == {"204", "default"}
    assert paths["/a"]["post"]["responses"]["204"].keys() == {"description"}
    assert paths["/b"]["post"]["responses"]["204"] == {"description": "It is done"}
