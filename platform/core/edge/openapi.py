"""What the OpenAPI schema says of every route's answers beside the good one: each error is a problem document."""

from dataclasses import dataclass
from http import HTTPStatus

from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import OpenAPIResponse, Operation

from core.edge.problems import MEDIA_TYPE
from core.errors import ProblemBody

PROBLEM = {
    int(HTTPStatus.BAD_REQUEST): ResponseSpec(
        ProblemBody, generate_examples=False, media_type=MEDIA_TYPE, description="What went wrong"
    )
}
"""The body of errors, for one status: `DeclaredOperation` gives it to all. Typed, so that the schema names it."""


@dataclass
class DeclaredOperation(Operation):
    """An operation whose errors, whatever their status, are problem documents (RFC 9457)."""

    def __post_init__(self) -> None:
        """Litestar declares errors of its own, which `core.edge.problems` never sends, and a `null` for no body."""
        responses = self.responses or {}
        if empty := responses.get(str(int(HTTPStatus.NO_CONTENT))):
            responses[str(int(HTTPStatus.NO_CONTENT))] = OpenAPIResponse(description=empty.description or "")
        problem = responses.pop(str(int(HTTPStatus.BAD_REQUEST)))
        self.responses = {**responses, "default": problem}
