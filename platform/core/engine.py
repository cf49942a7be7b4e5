"""Connections to PostgreSQL."""

from sqlalchemy import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from core.config import Settings
from core.json import decode, encode_text


def database_url(text: str) -> URL:
    """The URL for SQLAlchemy's asyncpg driver, from any usual PostgreSQL URL."""
    return make_url(text).set(drivername="postgresql+asyncpg")


def make_engine(url: str, settings: Settings) -> AsyncEngine:
    """A pool with a bounded wait: a starved request gets a 503 after a few seconds instead of hanging."""
    return create_async_engine(
        database_url(url),
        pool_size=settings.pool_size,
        max_overflow=0,
        pool_timeout=settings.pool_wait_seconds,
        pool_recycle=1800,
        pool_pre_ping=False,
        pool_use_lifo=True,
        json_serializer=encode_text,
        json_deserializer=decode,
        connect_args={
            "timeout": 5,
            "server_settings": {
                "application_name": "carethread",
                "jit": "off",
                "statement_timeout": "15000",
                "lock_timeout": "10000",
                "idle_in_transaction_session_timeout": "30000",
            },
        },
    )
