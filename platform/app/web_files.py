"""Serves the built web application: hashed files for ever, the page itself never from a cache."""

from pathlib import Path

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

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


def security_headers(settings: Settings) -> list[tuple[bytes, bytes]]:
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
    headers = {
        "content-security-policy": policy,
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "permissions-policy": "camera=(self), microphone=(self), geolocation=(self), display-capture=(self)",
    }
    if settings.secure:
        headers["strict-transport-security"] = "max-age=63072000; includeSubDomains"
    return [(name.encode(), value.encode()) for name, value in headers.items()]


class WebFiles:
    """The files of one build, read when the process starts. Every other path is the page: its router decides."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self._headers = security_headers(settings)
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

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_file = scope["type"] == ScopeType.HTTP and not scope["path"].startswith(_API)
        await (self._files if is_file else self._api)(scope, receive, send)
