"""Routes, as slices declare them: each names its permission, and the edge does the rest.

    @post("/api/visits", permission=Permission.VISIT_REQUEST, idempotent=True)
    async def request_visit(write: WriteSession, actor: Actor, data: RequestVisit) -> VisitOut: ...

Handlers may ask for ``read: ReadSession``, ``write: WriteSession``, ``actor: Actor``, ``match: IfMatch``. They neither
commit nor catch: errors are ``core.errors`` and rendered in one place.
"""

from collections.abc import Awaitable, Callable, Iterable
from inspect import signature
from typing import Any

from litestar import Litestar
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute
from litestar.types import HTTPScope, Scope

from core.actor import Actor
from core.database.session import ReadSession, Unit, WriteSession
from core.edge.openapi import DeclaredOperation, errors_of
from core.edge.surfaces import OURS, Surface
from core.edge.versions import if_match
from core.guard.bodies import SMALL, USUAL
from core.services import Services

HotRead = Callable[[Services, HTTPScope, str], Awaitable[bytes | None]]
"""A whole read in one round trip (see ``core.database.hot``): services, the request, its id. It gives the answer's
JSON, or None: then the request takes the ordinary way, which knows every refusal."""

PUBLIC = "public"
"""The permission of a route that anyone may call."""


def route_opt(
    permission: str,
    *,
    idempotent: bool = False,
    stream: bool = False,
    webhook: bool = False,
    hot: HotRead | None = None,
    polled: bool = False,
    reads: bool = False,
    spare: bool = False,
    most: int | None = None,
    surface: Surface = OURS,
) -> dict[str, str | bool | int | HotRead | Surface | None]:
    """What the edge has to know of a route."""
    return {
        "permission": str(permission),
        "idempotent": idempotent,
        "stream": stream,
        "webhook": webhook,
        "hot": hot,
        "polled": polled,
        "reads": reads,
        "spare": spare,
        "most": most or (SMALL if permission == PUBLIC else USUAL),
        "surface": surface,
    }


_OURS = signature(route_opt).parameters.keys()


def _route(
    method: str, path: str, permission: str, *, surface: Surface = OURS, **options: Any
) -> HTTPRouteHandler:
    """The options that the edge knows are its own, all others are Litestar's."""
    own = {each: options.pop(each) for each in _OURS & options.keys()}
    opt = route_opt(permission, surface=surface, **own)
    options["responses"] = errors_of(surface) | options.get("responses", {})
    options["operation_class"] = DeclaredOperation
    return HTTPRouteHandler(path, http_method=method, opt=opt, **options)  # type: ignore[arg-type]  # a literal


def get(path: str, *, permission: str, **options: Any) -> HTTPRouteHandler:
    """A read. ``stream=True`` for answers that go on: they hold no transaction. ``hot`` is tried first.

    ``surface`` is how it speaks, where that is not our web application's way (`core.edge.surfaces`).
    ``polled=True`` keeps what is asked for every second or two out of the log, as long as it goes well.
    """
    return _route("GET", path, permission, **options)


def post(path: str, *, permission: str, **options: Any) -> HTTPRouteHandler:
    """A write. ``idempotent=True`` honours Idempotency-Key; ``webhook=True`` waives the Origin check.

    ``reads=True`` for a search that changes nothing, and is a POST because names may not stand in an address.
    ``most`` is the largest body in bytes, where that is not `bodies.USUAL` (or `bodies.SMALL` for anybody).
    ``spare=True`` for the little that has to work when every other connection to the database is taken.
    """
    return _route("POST", path, permission, **options)


def put(path: str, *, permission: str, **options: Any) -> HTTPRouteHandler:
    return _route("PUT", path, permission, **options)


def patch(path: str, *, permission: str, **options: Any) -> HTTPRouteHandler:
    return _route("PATCH", path, permission, **options)


def delete(path: str, *, permission: str, **options: Any) -> HTTPRouteHandler:
    return _route("DELETE", path, permission, **options)


def unit_of(scope: Scope) -> Unit:
    """The request's transaction."""
    unit: Unit = scope["state"]["unit"]
    return unit


async def _read(scope: Scope) -> ReadSession:
    return unit_of(scope).read


async def _write(scope: Scope) -> WriteSession:
    return unit_of(scope).write


async def _actor(scope: Scope) -> Actor:
    actor: Actor = scope["state"]["actor"]
    return actor


DEPENDENCIES = {
    "read": Provide(_read),
    "write": Provide(_write),
    "actor": Provide(_actor),
    "match": Provide(if_match),
}


def routes_of(app: Litestar) -> Iterable[tuple[str, str, HTTPRouteHandler]]:
    """Every HTTP route as (method, path, handler), always in the same order."""
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            # Of one path, Litestar keeps them in the order of a set.
            for handler in sorted(route.route_handlers, key=lambda handler: sorted(handler.http_methods)):
                for method in sorted(handler.http_methods):
                    if method != "OPTIONS":
                        yield str(method), route.path_format, handler


def check_labelled(app: Litestar, known: Iterable[str]) -> None:
    """Refuse to start with a route that declares no permission, or one that nobody knows. Raises RuntimeError."""
    permissions = {PUBLIC, *known}
    for method, path, handler in routes_of(app):
        if handler.opt.get("permission") not in permissions:
            raise RuntimeError(f"{method} {path} declares no known permission")
    for route in app.routes:
        if not isinstance(route, HTTPRoute):
            raise RuntimeError(f"{route.path} is no HTTP route, and the edge guards no other")
