"""Serves the built web application: hashed files for ever, the page itself never from a cache."""

import re
from pathlib import Path
from typing import cast

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from app.process.web_build import File, WebBuild
from core.config import Settings
from core.edge.exchange import header
from core.edge.held_answer import send_body

_API = ("/api/", "/health/", "/metrics")


Headers = list[tuple[bytes, bytes]]


def page_headers(settings: Settings) -> Headers:
    """What the page may load and be loaded by: itself, the signaling server and the probe."""
    sockets = " ".join(url.rstrip("/") for url in (settings.signaling_url, settings.probe_url) if url)
    policy = "; ".join(
        [
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self'",
            "style-src-attr 'unsafe-inline'",  # positions and sizes that components compute
            "img-src 'self' data: blob:",
            "media-src 'self' blob:",
            f"connect-src 'self' {sockets}",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )
    permissions = "camera=(self), microphone=(self), geolocation=(self), display-capture=(self)"
    return _guarded(
        settings,
        {
            "content-security-policy": policy,
            "cross-origin-opener-policy": "same-origin",
            "permissions-policy": permissions,
        },
    )


def api_headers(settings: Settings) -> Headers:
    """What holds for every answer of the API: it is data, never a page, for our own pages, and kept by nobody."""
    policy = "default-src 'none'; frame-ancestors 'none'; sandbox"
    return _guarded(settings, {"content-security-policy": policy, "cache-control": "no-store"})


def _guarded(settings: Settings, headers: dict[str, str]) -> Headers:
    """With what holds for pages and data alike."""
    headers |= {
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-resource-policy": "same-origin",
    }
    if settings.secure:
        headers["strict-transport-security"] = "max-age=63072000; includeSubDomains"
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def with_headers(send: Send, headers: Headers) -> Send:
    """Sends answers with these headers, where they do not have their own of that name."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = {name.lower() for name, _ in message["headers"]}
            message["headers"] = [*message["headers"], *(each for each in headers if each[0] not in own)]
        await send(message)

    return sending


class WebFiles:
    """The files of the build. Every other path is the page: its router decides."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self._headers = page_headers(settings)
        self._build = WebBuild(folder)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope = cast(HTTPScope, scope)
        path = scope["path"]
        file = self._build.find(path)
        if scope["method"] not in ("GET", "HEAD"):
            await self._say(send, 405, b"", [(b"allow", b"GET, HEAD")])
        elif file is None and "." in path.rsplit("/", 1)[-1]:
            await self._say(send, 404, b"")
        elif file := file or self._build.page():
            await self._give(scope, send, file)
        else:
            await self._say(send, 503, b"The web application is not built yet: run `make run`.")

    async def _give(self, scope: HTTPScope, send: Send, file: File) -> None:
        coding, body = file.best(_accepted(header(scope, b"accept-encoding")))
        etag = f'"{file.etag}-{coding}"' if coding else f'"{file.etag}"'
        headers = [
            (b"cache-control", file.cache.encode()),
            (b"etag", etag.encode()),
            (b"vary", b"accept-encoding"),
        ]
        if etag in _etags(header(scope, b"if-none-match")):
            await self._answer(send, 304, b"", headers)
            return
        headers += [(b"content-type", file.media_type.encode()), (b"content-length", str(len(body)).encode())]
        if coding:
            headers.append((b"content-encoding", coding.encode()))
        await self._answer(send, 200, b"" if scope["method"] == "HEAD" else body, headers)

    async def _say(self, send: Send, status: int, words: bytes, headers: Headers | None = None) -> None:
        plain = [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(words)).encode()),
            (b"cache-control", b"no-store"),
        ]
        await self._answer(send, status, words, [*plain, *(headers or [])])

    async def _answer(self, send: Send, status: int, body: bytes, headers: Headers) -> None:
        await send({"type": "http.response.start", "status": status, "headers": [*self._headers, *headers]})
        await send_body(send, body)


def _accepted(text: str) -> frozenset[str]:
    """The content codings that Accept-Encoding names (RFC 9110, 12.5.3), without those of weight 0."""
    codings = set()
    for each in text.lower().split(","):
        coding, *parameters = (part.strip() for part in each.split(";"))
        if not any(re.fullmatch(r"q=0(\.0*)?", parameter) for parameter in parameters):
            codings.add(coding)
    return frozenset(codings)


def _etags(text: str) -> frozenset[str]:
    """What If-None-Match names; weak comparison, as RFC 9110, 13.1.2 wants it."""
    return frozenset(each.strip().removeprefix("W/") for each in text.split(","))


class Front:
    """The API under its own paths, the web application's files everywhere else.

    Not a mount of litestar's: one at the root would take paths with parameters away from their routes.
    """

    def __init__(self, api: ASGIApp, settings: Settings) -> None:
        self._api = api
        self._files = WebFiles(Path(settings.web_dist), settings)
        self._headers = api_headers(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP and not scope["path"].startswith(_API):
            await self._files(scope, receive, send)
        else:
            await self._api(scope, receive, with_headers(send, self._headers))
