"""What the API offers, told without a database: its routes, and its OpenAPI schema."""

import asyncio
import json
from collections.abc import Callable
from typing import TypeVar

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from app.asgi import build_app
from core.config import Settings
from core.services import open_services
from core.web import routes_of

Answer = TypeVar("Answer")

# Nothing connects to these: the application is only built, and asked what it is.
NOWHERE = Settings(
    database_url="postgresql://nobody@localhost/none",
    system_database_url="postgresql://nobody@localhost/none",
    owner_database_url="postgresql://nobody@localhost/none",
    redis_url="redis://localhost",
    secret_key=bytes(32),
    ticket_key=bytes(32),
    audit_key=bytes(32),
    pharmacy_secret="",
    demo=True,
)


def route_table() -> str:
    """One line a route: method, path, permission."""
    rows = _of_app(lambda app: sorted(_route(*found) for found in routes_of(app)))
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    return "\n".join(
        f"{path:<{widths[0]}}  {method:<{widths[1]}}  {allowed}" for path, method, allowed in rows
    )


def routes_offline() -> list[tuple[str, str, HTTPRouteHandler]]:
    """Every route as (method, path, handler)."""
    return _of_app(lambda app: list(routes_of(app)))


def openapi_json() -> str:
    """The schema, the same bytes for the same code."""
    schema = _of_app(lambda app: app.openapi_schema.to_schema())
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False)


def _route(method: str, path: str, handler: object) -> tuple[str, str, str]:
    return path, method, str(getattr(handler, "opt", {}).get("permission", "?"))


def _of_app(ask: Callable[[Litestar], Answer]) -> Answer:
    async def asking() -> Answer:
        async with open_services(NOWHERE) as services:
            return ask(build_app(services))

    return asyncio.run(asking())
