"""Serves the built web application: hashed files for ever, the page itself never from a cache."""

from pathlib import Path

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from core.config import Settings

_API = ("/api/", "/health/", "/metrics")
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mp3": "audio/mpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}


Headers = list[tuple[bytes, bytes]]


def page_headers(settings: Settings) -> Headers:
    """What the page may load and be loaded by: itself, and the signaling server."""
    signaling = settings.signaling_url.rstrip("/")
    policy = "; ".join(
        [
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self'",
            "style-src-attr 'unsafe-inline'",  # positions and sizes that components compute
            "img-src 'self' data: blob:",
            "media-src 'self' blob:",
            f"connect-src 'self' {signaling}",
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
    """The files of one build, read when the process starts. Every other path is the page: its router decides."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self._headers = page_headers(settings)
        self._files = {
            f"/{path.relative_to(folder).as_posix()}": path for path in folder.rglob("*") if path.is_file()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        found = self._files.get(path)
        if found is None and "." in path.rsplit("/", 1)[-1]:
            await self._answer(send, 404, b"", "text/plain; charset=utf-8", "no-store")
            return
        file = found or self._files.get("/index.html")
        if file is None:
            hint = b"The web application is not built yet: run `make run`."
            await self._answer(send, 503, hint, "text/plain; charset=utf-8", "no-store")
            return
        packed = self._files.get(f"/{file.name}.gz") if found is None else self._files.get(f"{path}.gz")
        gzip = packed is not None and b"gzip" in dict(scope["headers"]).get(b"accept-encoding", b"")
        cache = "public, max-age=31536000, immutable" if path.startswith("/assets/") else "no-cache"
        body = (packed if gzip and packed else file).read_bytes()
        await self._answer(
            send, 200, body, _TYPES.get(file.suffix, "application/octet-stream"), cache, gzip=gzip
        )

    async def _answer(
        self, send: Send, status: int, body: bytes, media_type: str, cache: str, *, gzip: bool = False
    ) -> None:
        headers = [
            *self._headers,
            (b"content-type", media_type.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", cache.encode()),
            (b"vary", b"accept-encoding"),
        ]
        if gzip:
            headers.append((b"content-encoding", b"gzip"))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})


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
