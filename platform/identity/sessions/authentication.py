"""Finds the person of a session cookie and enters their clinic, in one round trip."""

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime

from asyncpg import PostgresError
from litestar.types import HTTPScope
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from core.actor import Actor, Role
from core.database.session import Unit
from core.edge.middleware import Claim
from core.live.hub import Stream
from core.services import Services
from identity.related.acting import acting
from identity.sessions.cookies import cookies_of, token_in
from identity.sessions.tokens import digest, is_marked, may_be_unmarked, session_key

_AUTHENTICATE = text(
    "SELECT session_id, account_id, clinic_id, roles, name, locale, acts_for, relationship, scope "
    "FROM authenticate(:token, :at)"
)
_ALIVE = text("SELECT session_id, patient_id FROM streams_alive(:sessions, :patients, :at)")
_UNMARKED_UNTIL = text("SELECT unmarked_sessions_until()")


class Authentication:
    """Knows a made-up cookie by its missing mark, and asks the database about all others.

    Sessions from before there were marks live on for a day at most; until when, the database says once.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        settings = services.settings
        self._keys = [session_key(key) for key in (settings.secret_key, *settings.earlier_secret_keys)]
        self._unmarked_until: datetime | None = None

    async def prepare(self) -> None:
        """Ask the database until when sessions without a mark exist. If it is away, a later request asks."""
        with suppress(OSError, TimeoutError, PostgresError, SQLAlchemyError):
            async with self._services.spare.connect() as connection:
                self._unmarked_until = await connection.scalar(_UNMARKED_UNTIL)

    def claim(self, scope: HTTPScope) -> Claim | None:
        """What the cookie claims without a query; None if it is no cookie of ours."""
        token = token_in(self._services.settings, cookies_of(scope))
        if token is None:
            return None
        if is_marked(token, self._keys):
            return Claim(token)
        until = self._unmarked_until
        lives_on = until is None or self._services.clock.now() < until
        return Claim(made_up=not (may_be_unmarked(token) and lives_on))

    async def authenticate(self, unit: Unit, scope: HTTPScope) -> Actor | None:
        """The person whose session cookie this is, now entered into their clinic; None for everybody else."""
        claim = self.claim(scope)
        token = token_in(unit.services.settings, cookies_of(scope))
        if claim is None or claim.made_up or token is None:
            return None
        if claim.session is None and self._unmarked_until is None:
            self._unmarked_until = await unit.session.scalar(_UNMARKED_UNTIL)
        found = await unit.session.execute(
            _AUTHENTICATE, {"token": digest(token), "at": unit.services.clock.now()}
        )
        row = found.one_or_none()
        if row is None:
            return None
        actor = Actor(
            clinic_id=row.clinic_id,
            roles=frozenset(Role(role) for role in row.roles),
            account_id=row.account_id,
            session_id=row.session_id,
            name=row.name,
            locale=row.locale,
        )
        return acting(actor, row.acts_for, row.relationship, row.scope)


async def streams_alive(services: Services, streams: Collection[Stream]) -> set[Stream]:
    """Those whose session is still valid (not ended, timed out or disabled) and still acts for that patient."""
    asked = list(streams)
    values = {
        "sessions": [session for session, _ in asked],
        "patients": [patient for _, patient in asked],
        "at": services.clock.now(),
    }
    async with services.spare.connect() as connection:
        found = await connection.execute(_ALIVE, values)
        return {(row.session_id, row.patient_id) for row in found}
