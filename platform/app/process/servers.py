"""The environment that every command of Carethread runs in: which database, which Valkey, which keys.

What the environment does not give, this machine provides: embedded servers, and keys kept in the home.
"""

import base64
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from urllib.parse import urlsplit

from app.embedded import postgres, valkey
from app.embedded.account import server_account
from app.home import KEYS, ROTATED, Home, HomeBusy
from app.process.progress import SetupError
from app.process.roles import ensure_roles
from app.process.supervisor import Process, Supervisor
from core.config import decode_key
from core.crypto import derive

DATABASE = "carethread"
ROLES = {
    "DATABASE_URL": "carethread_app",
    "CARETHREAD_OWNER_DATABASE_URL": "carethread_owner",
    "CARETHREAD_SYSTEM_DATABASE_URL": "carethread_system",
}

Say = Callable[[str], None]


class Servers:
    """The servers that a home uses: embedded ones, or those that the environment names."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.embeds_postgres = not os.environ.get("DATABASE_URL")
        self.embeds_valkey = not os.environ.get("REDIS_URL")

    def environment(self) -> dict[str, str]:
        """What the processes need to find their servers and keys. What is set already stays as it is.

        Where the secret key is set, all keys are somebody's own: one that is not there is not made up, because seals
        would then be checked with a key that never made them.
        """
        found = {name: os.environ[name] for name in (*KEYS, *ROTATED) if os.environ.get(name)}
        if "CARETHREAD_SECRET_KEY" not in found:
            kept = self.home.secrets()
            found = {**{name: kept[name] for name in (*KEYS, *ROTATED) if name in kept}, **found}
        anchors = os.environ.get("CARETHREAD_AUDIT_ANCHORS")
        if anchors or self.embeds_postgres or not os.environ.get("CARETHREAD_SECRET_KEY"):
            found["CARETHREAD_AUDIT_ANCHORS"] = anchors or self.home.anchors.as_uri()
        if "CARETHREAD_TICKET_KEY" in found:
            found["CARETHREAD_PROBE_KEY"] = os.environ.get("CARETHREAD_PROBE_KEY") or _probe_key(
                found["CARETHREAD_TICKET_KEY"]
            )
        redis = os.environ.get("REDIS_URL") or valkey.url(self.home)
        return {
            "CARETHREAD_HOME": str(self.home.root),
            "REDIS_URL": redis,
            **found,
            **self._database_urls(),
        }

    def processes(self, say: Say) -> list[Process]:
        """The embedded servers to start. The caller owns the home."""
        if not (self.embeds_postgres or self.embeds_valkey):
            return []
        owner = server_account()
        owner.folder(self.home.sockets)
        making = []
        if self.embeds_postgres:
            making.append(postgres.process(self.home, owner, say))
        if self.embeds_valkey:
            making.append(valkey.process(self.home, owner, say))
        return making

    async def prepare(self) -> None:
        """Make the database and its roles, once PostgreSQL runs; a database that came complete is left be."""
        admin = self.admin_url()
        if admin is None:
            return
        urls = self._database_urls()
        owner = urls.pop("CARETHREAD_OWNER_DATABASE_URL")
        await ensure_roles(admin, owner, *urls.values())

    def admin_url(self) -> str | None:
        """A role that may make roles: the embedded server's, the one given for this, or, where DATABASE_URL
        is all that was given, that one. None when there is nothing to make."""
        if self.embeds_postgres:
            return postgres.url(self.home, postgres.SUPERUSER, postgres.SUPERUSER)
        given = os.environ.get("CARETHREAD_ADMIN_DATABASE_URL")
        return given or (None if self._database_is_complete() else os.environ["DATABASE_URL"])

    def _database_is_complete(self) -> bool:
        given = [name for name in ROLES if os.environ.get(name)]
        if given == ["DATABASE_URL", "CARETHREAD_SYSTEM_DATABASE_URL"]:
            return True  # a process that makes no clinics
        if given not in ([], ["DATABASE_URL"], list(ROLES)):
            absent = " and ".join(name for name in ROLES if name not in given)
            raise SetupError(f"{' and '.join(given)} is set but {absent} is not: set all three, or none.")
        return given == list(ROLES)

    def _database_urls(self) -> dict[str, str]:
        if self._database_is_complete():
            return {name: os.environ[name] for name in ROLES if os.environ.get(name)}
        kept = self.home.secrets()
        if self.embeds_postgres:
            return {name: postgres.url(self.home, user, DATABASE) for name, user in ROLES.items()}
        admin = urlsplit(os.environ["DATABASE_URL"])
        where = admin.netloc.rpartition("@")[2]
        return {
            name: admin._replace(netloc=f"{user}:{kept[user]}@{where}").geturl()
            for name, user in ROLES.items()
        }


def _probe_key(ticket_key: str) -> str:
    """The probe's own key, made from the calls' so that no home has to keep another. It tells nothing of that one."""
    return base64.b64encode(
        derive(decode_key("CARETHREAD_TICKET_KEY", ticket_key), "carethread/probe")
    ).decode()


@asynccontextmanager
async def running(home: Home, say: Say) -> AsyncIterator[dict[str, str]]:
    """The environment with its servers running: those of a `carethread run` in the same home, or started
    for as long as this lasts."""
    servers = Servers(home)
    async with AsyncExitStack() as stack:
        if servers.embeds_postgres or servers.embeds_valkey:
            try:
                stack.enter_context(home.owned())
            except HomeBusy:
                yield servers.environment()
                return
        supervisor = Supervisor(lambda name, line: say(f"{name}: {line}"))
        stack.push_async_callback(supervisor.stop)
        await supervisor.start(*servers.processes(say))
        await servers.prepare()
        yield servers.environment()
