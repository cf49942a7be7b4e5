"""What the OpenAPI schema says of every route's answers beside the good one: each error is its surface's."""

from dataclasses import dataclass
from http import HTTPStatus

from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import OpenAPIResponse, Operation

from core.edge.surfaces import Surface


def errors_of(surface: Surface) -> dict[int, ResponseSpec]:
    """The body of errors, for one status: `DeclaredOperation` gives it to all. Typed, so that the schema names it."""
    spec = ResponseSpec(
        surface.error_body,
        generate_examples=False,
        media_type=surface.error_type,
        description="What went wrong",
    )
    return {int(HTTPStatus.BAD_REQUEST): spec}


@dataclass
class DeclaredOperation(Operation):
    """An operation whose errors, whatever their status, are those of its surface."""

    def __post_init__(self) -> None:
        """Litestar declares errors of its own, which `core.edge.problems` never sends, and a `null` for no body."""
        responses = self.responses or {}
        if empty := responses.get(str(int(HTTPStatus.NO_CONTENT))):
            responses[str(int(HTTPStatus.NO_CONTENT))] = OpenAPIResponse(description=empty.description or "")
        problem = responses.pop(str(int(HTTPStatus.BAD_REQUEST)))
        self.responses = {**responses, "default": problem}
