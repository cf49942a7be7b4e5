"""Who is behind a request: one round trip from the cookie to the person, and into their clinic."""

from collections.abc import Collection
from uuid import UUID

from litestar.types import HTTPScope
from sqlalchemy import text

from core.actor import Actor, Role
from core.db import Unit
from core.services import Services
from identity.cookies import cookies_of, token_in
from identity.tokens import digest

_AUTHENTICATE = text(
    "SELECT session_id, account_id, clinic_id, roles, patient_id, name, locale FROM authenticate(:token, :at)"
)
_ALIVE = text("SELECT * FROM sessions_alive(:ids, :at)")


async def authenticate(unit: Unit, scope: HTTPScope) -> Actor | None:
    """The person whose session cookie this is, now entered into their clinic; None for everybody else."""
    token = token_in(unit.services.settings, cookies_of(scope))
    if token is None:
        return None
    found = await unit.session.execute(
        _AUTHENTICATE, {"token": digest(token), "at": unit.services.clock.now()}
    )
    row = found.one_or_none()
    if row is None:
        return None
    return Actor(
        clinic_id=row.clinic_id,
        roles=frozenset(Role(role) for role in row.roles),
        account_id=row.account_id,
        patient_id=row.patient_id,
        session_id=row.session_id,
        name=row.name,
        locale=row.locale,
    )


async def sessions_alive(services: Services, session_ids: Collection[UUID]) -> set[UUID]:
    """Those of the sessions that may still be served: neither ended nor timed out nor disabled."""
    async with services.engine.connect() as connection:
        found = await connection.execute(_ALIVE, {"ids": list(session_ids), "at": services.clock.now()})
        return set(found.scalars())
