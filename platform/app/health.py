"""Whether the process lives, whether it can serve, and its figures."""

import asyncio
from datetime import timedelta

import msgspec
from litestar import Response
from litestar.datastructures import State
from litestar.openapi.datastructures import ResponseSpec
from litestar.types import Scope
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app import figures
from core import metrics
from core.database.migrate import current
from core.edge.exchange import header
from core.edge.web import PUBLIC, get
from core.errors import NotFound
from core.migrations import is_behind
from core.services import Services

_UNTOLD_FOR = timedelta(minutes=1)
_FAILING = text("SELECT exists(SELECT FROM audit_anchor WHERE failing_since <= :before)")


class Readiness(msgspec.Struct, omit_defaults=True):
    """Each part: 'ok', or what is wrong in one word. ``anchors`` is only there when one of the audit's fails."""

    database: str
    redis: str
    migrations: str
    anchors: str = "ok"


@get("/health/live", permission=PUBLIC, stream=True)
async def health_live() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@get(
    "/health/ready",
    permission=PUBLIC,
    stream=True,
    responses={503: ResponseSpec(Readiness, generate_examples=False, description="Not ready")},
)
async def health_ready(state: State) -> Response[Readiness]:
    """200 if requests can be served, else 503. Redis may be away: the queue and live push catch up by themselves.

    So may a place that keeps the audit's anchors: it is told what it missed.
    """
    services: Services = state.services
    database, migrations, anchors = await _database(services)
    ready = Readiness(database=database, redis=await _redis(services), migrations=migrations, anchors=anchors)
    serving = ready.database == "ok" and ready.migrations == "ok"
    return Response(ready, status_code=200 if serving else 503)


@get("/metrics", permission=PUBLIC, stream=True, include_in_schema=False, media_type="text/plain")
async def metrics_text(state: State, scope: Scope) -> bytes:
    """Figures for Prometheus, from inside: for what came through a proxy they are not there, however it is spelled."""
    if header(scope, b"x-forwarded-for"):
        raise NotFound
    services: Services = state.services
    metrics.pool_in_use.set(services.engine.pool.checkedout())  # type: ignore[attr-defined]  # a QueuePool
    return metrics.exposition() + await figures.exposition(services)


async def _database(services: Services) -> tuple[str, str, str]:
    """Whether it is there, whether its tables are of this version, and what it says of the anchors."""
    try:
        async with asyncio.timeout(2), services.spare.connect() as connection:
            if is_behind(await current(connection)):
                return "ok", "outstanding", "ok"
            failing = await connection.scalar(_FAILING, {"before": services.clock.now() - _UNTOLD_FOR})
            return "ok", "ok", "failing" if failing else "ok"
    except (SQLAlchemyError, OSError, TimeoutError):
        return "away", "unknown", "ok"


async def _redis(services: Services) -> str:
    try:
        async with asyncio.timeout(2):
            await services.redis.ping()
    except (RedisError, OSError, TimeoutError):
        return "away"
    return "ok"
