"""The edge: what happens around every request, in this order.

Origin, sign-in, permission, what else a write wants, idempotency key, the handler, commit, and only then the
answer. The answer is held back until the commit is done, so nothing is ever acknowledged that could still be lost.
"""

import time
from collections.abc import Awaitable, Callable, Mapping
from typing import cast

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send
from litestar.types.asgi_types import HTTPResponseStartEvent
from sqlalchemy.ext.asyncio import AsyncSession

from core import idempotency, metrics
from core.actor import Actor, Role
from core.config import Settings
from core.db import Unit
from core.errors import Forbidden, Problem, SignedOut
from core.ids import new_id
from core.logs import Log
from core.problems import MEDIA_TYPE, rendered
from core.services import Services
from core.web import PUBLIC, HotRead

log = Log("edge")

Authenticator = Callable[[Unit, HTTPScope], Awaitable[Actor | None]]
"""Finds who is behind a request, and enters their clinic in the unit's transaction; None if nobody."""

WriteGuard = Callable[[Unit, str], Awaitable[None]]
"""Asked before each write with its permission, once that is held: what else it wants. Raises Problem."""

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_BODY_TYPES = ("application/json", "multipart/form-data")


class Edge(ASGIMiddleware):
    """One request, one transaction."""

    scopes = (ScopeType.HTTP,)

    def __init__(
        self,
        services: Services,
        authenticate: Authenticator,
        grants: Mapping[str, frozenset[Role]],
        before_write: WriteGuard,
    ) -> None:
        self._services = services
        self._authenticate = authenticate
        self._grants = grants
        self._before_write = before_write

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        scope = cast(HTTPScope, scope)
        if scope["method"] == "OPTIONS":
            # Litestar's own answer: which methods a path has. Nobody's data is behind it.
            await next_app(scope, receive, send)
            return
        opt = scope["route_handler"].opt
        started = time.perf_counter()
        if opt["hot"] is not None and await self._answer_hot(scope, send, opt["hot"], started):
            return
        async with AsyncSession(self._services.engine, expire_on_commit=False) as session:
            unit = Unit(self._services, session)
            answer = HeldAnswer(send)
            scope["state"]["unit"] = unit
            try:
                if scope["method"] not in _SAFE and not opt["webhook"]:
                    check_origin(scope, self._services.settings)
                await self._admit(unit, scope, opt["permission"])
                if scope["method"] not in _SAFE and not opt["reads"] and unit.actor is not None:
                    await self._before_write(unit, opt["permission"])
                if opt["stream"]:
                    await unit.commit()
                    await session.close()
                    await next_app(scope, receive, send)
                    return
                if opt["idempotent"]:
                    receive = await idempotency.begin(unit, scope, receive, answer)
                if not answer.complete:
                    await next_app(scope, receive, answer.take)
                await self._finish(unit, answer, scope["path_template"])
            except BaseException:
                await unit.rollback()
                raise
            finally:
                status = answer.status or 500
                seconds = time.perf_counter() - started
                metrics.observe(scope["method"], scope["path_template"], status, seconds)
        await answer.release(unit.request_id)
        _log(scope, answer.status, seconds, unit.request_id)

    async def _answer_hot(self, scope: HTTPScope, send: Send, read: HotRead, started: float) -> bool:
        """Answer in one round trip, if that is possible; whatever is refused takes the ordinary way."""
        request_id = str(new_id())
        body = await read(self._services, scope, request_id)
        if body is None:
            return False
        answer = HeldAnswer(send)
        answer.replace(200, [_JSON, (b"content-length", str(len(body)).encode())], body)
        await answer.release(request_id)
        seconds = time.perf_counter() - started
        metrics.observe(scope["method"], scope["path_template"], 200, seconds)
        _log(scope, 200, seconds, request_id)
        return True

    async def _admit(self, unit: Unit, scope: HTTPScope, permission: str) -> None:
        """Find out who it is, and whether this route is for them. Raises SignedOut, Forbidden."""
        actor = await self._authenticate(unit, scope)
        if actor is not None:
            unit.adopt(actor)
            scope["state"]["actor"] = actor
        if permission == PUBLIC:
            return
        if actor is None:
            raise SignedOut
        if actor.roles.isdisjoint(self._grants[permission]):
            raise Forbidden

    async def _finish(self, unit: Unit, answer: "HeldAnswer", route: str) -> None:
        """Commit, or take the handler's answer back. Raising would be too late: litestar takes an answer that the
        handler gave for one that has been sent."""
        if answer.status >= 400 and not unit.keep:
            await unit.rollback()
            return
        try:
            await idempotency.keep(unit, answer)
            await unit.commit()
        except Exception as error:
            await unit.rollback()
            status, headers, body = rendered(error, unit.request_id, route)
            headers |= {"content-type": MEDIA_TYPE, "content-length": str(len(body))}
            answer.replace(status, [(name.encode(), value.encode()) for name, value in headers.items()], body)


_JSON = (b"content-type", b"application/json")
# Nobody's record stays in a browser's cache when they have left, and no answer is taken for another type.
_ALWAYS = ((b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"))


def _log(scope: HTTPScope, status: int, seconds: float, request_id: str) -> None:
    if scope["route_handler"].opt["polled"] and status < 400:
        return
    log.info(
        "request",
        method=scope["method"],
        route=scope["path_template"],
        status=status,
        ms=round(seconds * 1000, 1),
        request_id=request_id,
    )


class HeldAnswer:
    """An answer that waits for its commit."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: HTTPResponseStartEvent | None = None
        self._body: list[bytes] = []
        self.status = 0
        self.complete = False

    async def take(self, message: Message) -> None:
        """Stands in for the server's ``send`` while the handler answers."""
        if message["type"] == "http.response.start":
            self._start = message
            self.status = message["status"]
        elif message["type"] == "http.response.body":
            self._body.append(message.get("body", b""))
            self.complete = not message.get("more_body", False)

    @property
    def body(self) -> bytes:
        return b"".join(self._body)

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        return list(self._start["headers"]) if self._start else []

    def replace(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        """An answer given before, to be given again."""
        self._start = {"type": "http.response.start", "status": status, "headers": headers}
        self._body = [body]
        self.status = status
        self.complete = True

    async def release(self, request_id: str) -> None:
        """Send what was held."""
        if self._start is None:
            return
        self._start["headers"] = [*self.headers, *_ALWAYS, (b"x-request-id", request_id.encode())]
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": self.body, "more_body": False})


def header(scope: Scope, name: bytes) -> str:
    """A request header's value, or ''."""
    for key, value in scope["headers"]:
        if key == name:
            return value.decode("latin-1")
    return ""


def check_origin(scope: HTTPScope, settings: Settings) -> None:
    """Writes come from our own pages, as JSON: the defence against cross-site requests. Raises Problem 403."""
    if header(scope, b"origin") not in settings.origins:
        raise Problem(403, "origin_refused")
    content_type = header(scope, b"content-type").split(";")[0].strip().lower()
    has_body = header(scope, b"content-length") not in ("", "0") or header(scope, b"transfer-encoding")
    if has_body and content_type not in _BODY_TYPES:
        raise Problem(403, "content_type_refused")
