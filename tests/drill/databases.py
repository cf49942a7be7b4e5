"""PostgreSQL in the drill: a primary, and a replica without which nothing is acknowledged."""

import asyncio
import shutil
from itertools import count
from pathlib import Path

import asyncpg

from app.embedded import postgres
from app.embedded.account import server_account
from app.home import Home
from app.process.servers import DATABASE
from tests.drill.kept import Kept, until

# A commit is acknowledged once the replica has it. A disk that loses what it was told is another drill.
PRIMARY = {"synchronous_standby_names": "FIRST 1 (walreceiver)"}
EVERYBODY = {"fsync": "off", "wal_keep_size": "512MB", "wal_retrieve_retry_interval": "200ms"}


class Databases:
    """`primary` serves, `replica` follows. Each is a home of its own beneath `folder`, with the same passwords."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)
        self.home = self._new_home()
        self.primary = self._kept(self.home)
        self._replica_home: Home | None = None
        self._replica: Kept | None = None
        self._lost: Home | None = None

    async def start(self) -> None:
        """The primary alone, whose tables are to be made."""
        await self.primary.start()
        await self._set(EVERYBODY)

    async def add_replica(self) -> None:
        """A copy of the primary that follows it, and from now on has everything that is acknowledged. What was lost
        before is thrown away."""
        if self._lost:
            await asyncio.to_thread(shutil.rmtree, self._lost.root, ignore_errors=True)
        home = self._new_home(self.home)
        owner = server_account()
        owner.folder(home.data)
        program = postgres._programs() / "pg_basebackup"
        source = postgres.url(self.home, postgres.SUPERUSER, postgres.SUPERUSER)
        copy = [str(program), f"--pgdata={home.data}", f"--dbname={source}", "--write-recovery-conf"]
        await asyncio.to_thread(owner.run, *copy, "--checkpoint=fast", "--no-sync")
        replica = self._kept(home)
        await replica.start()
        self._replica_home, self._replica = home, replica
        await self._set(PRIMARY)
        await self.follows()

    async def follows(self) -> None:
        """Until the replica has what the primary acknowledges."""
        await until(self._follows)

    async def promote(self) -> None:
        """The primary is killed and never comes back; the replica serves in its place."""
        assert self._replica and self._replica_home
        lost = self.home
        await self.primary.end()
        self.primary, self.home = self._replica, self._replica_home
        self._replica = self._replica_home = None
        await self._do("SELECT pg_promote()")
        # It has the old primary's settings, and nobody follows it yet.
        await self._set(dict.fromkeys(PRIMARY, ""))
        self._lost = lost

    async def is_delivered(self) -> bool:
        """Whether every event of the outbox has reached all whom it concerns."""
        found = await self._do("SELECT NOT EXISTS (SELECT FROM outbox WHERE done_at IS NULL)", DATABASE)
        return bool(found)

    async def end(self) -> None:
        if self._replica:
            await self._replica.end()
        await self.primary.end()

    async def _follows(self) -> bool:
        try:
            found = await self._do("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'")
        except (OSError, asyncpg.PostgresError):
            return False
        return bool(found)

    async def _set(self, settings: dict[str, str]) -> None:
        for name, value in settings.items():
            await self._do(f"ALTER SYSTEM SET {name} = '{value}'")
        await self._do("SELECT pg_reload_conf()")

    async def _do(self, statement: str, database: str = postgres.SUPERUSER) -> object:
        connection = await asyncpg.connect(postgres.url(self.home, postgres.SUPERUSER, database), timeout=5)
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    def _new_home(self, like: Home | None = None) -> Home:
        root = self._folder / f"pg{next(self._numbers)}"
        root.mkdir(mode=0o711)
        if like is not None:
            shutil.copy2(like.secrets_file, root / "secrets")
        home = Home(root)
        server_account().folder(home.sockets)
        return home

    def _kept(self, home: Home) -> Kept:
        return Kept(postgres.process(home, server_account(), lambda line: None))
