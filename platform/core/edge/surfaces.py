"""How a set of routes speaks to its clients: the media types of its bodies, and what its errors look like.

Ours speaks JSON and problem details. Another (a FHIR API with OperationOutcome) declares itself once and names itself
in its routes: `get(path, permission=..., surface=FHIR)`. The edge, the exception handler and the OpenAPI document all
ask the route's surface.
"""

from collections.abc import Callable
from dataclasses import dataclass

from litestar.types import Scope

from core import json
from core.errors import Problem, ProblemBody


@dataclass(frozen=True, slots=True)
class Surface:
    """`error_type` is the media type of errors, `error_body` the type that describes their body in the document.

    `render` makes the bytes of an error from the problem and the request's id. `body_types` are the media types that
    a write of a signed-in page may send: those that need a preflight cross-site, or forms with files.
    """

    error_type: str
    error_body: type
    render: Callable[[Problem, str], bytes]
    body_types: frozenset[str]


def _problem_details(problem: Problem, request_id: str) -> bytes:
    return json.encode(problem.body(request_id))


OURS = Surface(
    error_type="application/problem+json",
    error_body=ProblemBody,
    render=_problem_details,
    body_types=frozenset({"application/json", "multipart/form-data"}),
)
"""What our own web application speaks (RFC 9457)."""


def surface_of(scope: Scope) -> Surface:
    """The surface of the route that a request reached; ours where it reached none."""
    handler = scope.get("route_handler")
    surface: Surface = handler.opt.get("surface", OURS) if handler is not None else OURS
    return surface
