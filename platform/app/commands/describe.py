"""What the API offers, told without a database: its routes, and its OpenAPI schema."""

import asyncio
import json
from functools import cache

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from app.asgi import build_app
from core.config import Settings
from core.edge.web import routes_of
from core.services import open_services

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
    rows = sorted(_route(*found) for found in routes_of(_app()))
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    return "\n".join(
        f"{path:<{widths[0]}}  {method:<{widths[1]}}  {allowed}" for path, method, allowed in rows
    )


def routes_offline() -> list[tuple[str, str, HTTPRouteHandler]]:
    """Every route as (method, path, handler), in the same order in each process."""
    return sorted(routes_of(_app()), key=lambda found: (found[1], found[0]))


def openapi_json() -> str:
    """The schema, the same bytes for the same code."""
    return json.dumps(_app().openapi_schema.to_schema(), indent=2, sort_keys=True, ensure_ascii=False)


def _route(method: str, path: str, handler: object) -> tuple[str, str, str]:
    return path, method, str(getattr(handler, "opt", {}).get("permission", "?"))


@cache
def _app() -> Litestar:
    async def building() -> Litestar:
        async with open_services(NOWHERE) as services:
            return build_app(services)

    return asyncio.run(building())
