"""Finds the person behind a request by their session cookie, in one round trip."""

import hashlib
from uuid import UUID

from litestar.types import HTTPScope
from sqlalchemy import text

from core.actor import Actor, Role
from core.config import Settings
from core.db import Unit
from core.edge import header
from core.services import Services

_AUTHENTICATE = text("SELECT * FROM authenticate(:token_hash, :at)")
_ALIVE = text("""
    SELECT s.id FROM auth_session s JOIN account a ON a.id = s.account_id
    WHERE s.id = ANY(:ids) AND s.ended_at IS NULL AND s.expires_at > :at
      AND s.last_seen_at + s.idle > :at AND a.status = 'active'
""")
_LONGEST_TOKEN = 200


def cookie_name(settings: Settings) -> str:
    """``__Host-`` ties the cookie to this very host, which browsers accept over https only."""
    return "__Host-carethread" if settings.secure else "carethread"


def hash_token(token: str) -> bytes:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).digest()


def session_token(scope: HTTPScope, settings: Settings) -> str | None:
    """The request's session token, if it carries one."""
    name = cookie_name(settings)
    for pair in header(scope, b"cookie").split(";"):
        key, _, value = pair.strip().partition("=")
        if key == name and 0 < len(value) <= _LONGEST_TOKEN:
            return value
    return None


async def authenticate(unit: Unit, scope: HTTPScope) -> Actor | None:
    """Who is signed in, their clinic entered for this transaction; None for no, ended or timed-out session."""
    token = session_token(scope, unit.services.settings)
    if token is None:
        return None
    values = {"token_hash": hash_token(token), "at": unit.services.clock.now()}
    row = (await unit.session.execute(_AUTHENTICATE, values)).one_or_none()
    if row is None:
        return None
    scope["state"]["session"] = row
    return Actor(
        clinic_id=row.clinic_id,
        roles=frozenset(Role(role) for role in row.roles),
        account_id=row.account_id,
        patient_id=row.patient_id,
        session_id=row.session_id,
        name=row.name,
        locale=row.locale,
    )


async def sessions_alive(services: Services, ids: set[UUID]) -> set[UUID]:
    """Which of these sessions are still good."""
    async with services.system.connect() as connection:
        rows = await connection.execute(_ALIVE, {"ids": list(ids), "at": services.clock.now()})
        return set(rows.scalars())
