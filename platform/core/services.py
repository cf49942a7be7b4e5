"""What a process opens once and every request or job of it may use."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache

import httpx
import msgspec
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine

from core.audit.anchors.target import Target
from core.audit.anchors.targets import named_targets
from core.clock import Clock, SystemClock
from core.config import Settings
from core.crypto import Keyring, NoSigner, Signer
from core.database.engine import make_bound_engine, make_engine, no_engine
from core.database.hot import HotPool
from core.files.store import FileStore, open_files
from core.open_transactions import require_none

SPARE = 2
"""Connections that are kept apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Connections and keys of one process.

    ``engine`` works under row-level security, and so does ``spare``, a few connections for health, signing out and
    ending streams, which have to work when ``engine`` has none left. ``system`` sees all clinics, and ``audit_signer``
    signs the seals, which ``anchors`` are told: these are for the worker and the command line, the API has none.
    """

    settings: Settings
    clock: Clock
    engine: AsyncEngine
    spare: AsyncEngine
    system: AsyncEngine
    hot: HotPool
    redis: Redis
    http: httpx.AsyncClient
    keyring: Keyring
    audit_signer: Signer
    anchors: tuple[Target, ...]
    files: FileStore


@cache
def _authorities() -> ssl.SSLContext:
    """The certificate authorities that we trust: reading them takes 20 ms, so a process does it once."""
    return httpx.create_ssl_context()


def make_redis(url: str) -> Redis:
    """A client that outlives restarts of the server: short time-outs, three tries with back-off."""
    redis: Redis = Redis.from_url(
        url,
        socket_timeout=5,
        socket_connect_timeout=2,
        retry=Retry(ExponentialBackoff(cap=0.5, base=0.05), 3),
        retry_on_error=[RedisConnectionError, RedisTimeoutError],
        health_check_interval=15,
    )
    return redis


async def _outside(request: httpx.Request) -> None:
    require_none("an HTTP request")


@asynccontextmanager
async def open_services(settings: Settings, clock: Clock | None = None) -> AsyncIterator[Services]:
    """The services of this process, closed at the end."""
    keyring = Keyring(settings.secret_key, *settings.earlier_secret_keys)
    anchors = named_targets(settings)
    files = open_files(settings, keyring)
    engine = make_bound_engine(settings.database_url, settings)
    spare = make_bound_engine(settings.database_url, msgspec.structs.replace(settings, pool_size=SPARE))
    system = (
        make_engine(settings.system_database_url, settings)
        if settings.system_database_url
        else no_engine("CARETHREAD_SYSTEM_DATABASE_URL")
    )
    hot = HotPool(
        settings.database_url,
        settings.pool_size,
        settings.pool_wait_seconds,
        pooled=settings.transaction_pooling,
    )
    redis = make_redis(settings.redis_url)
    http = httpx.AsyncClient(
        timeout=httpx.Timeout(10, connect=3), verify=_authorities(), event_hooks={"request": [_outside]}
    )
    try:
        yield Services(
            settings=settings,
            clock=clock or SystemClock(),
            engine=engine,
            spare=spare,
            system=system,
            hot=hot,
            redis=redis,
            http=http,
            keyring=keyring,
            audit_signer=Signer(settings.audit_key)
            if settings.audit_key
            else NoSigner("CARETHREAD_AUDIT_KEY"),
            anchors=anchors,
            files=files,
        )
    finally:
        await http.aclose()
        await redis.aclose()
        await hot.close()
        await engine.dispose()
        await spare.dispose()
        await system.dispose()
