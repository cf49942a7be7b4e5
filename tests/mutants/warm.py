"""What every mutant finds ready: the servers, a migrated database to copy, and the libraries in memory."""

import asyncio
import importlib
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
from redis import Redis

from tests.mutants.sees import ROOTS

_FORK = multiprocessing.get_context("fork")
_TEMPLATE = "carethread_template"

_LIBRARIES = """
import sys
sys.path[:0] = ["platform", "."]
import tests.conftest
print("\\n".join(name for name in sys.modules if name.partition(".")[0] not in {ours!r}))
"""


def import_libraries() -> None:
    """Take the libraries into memory, and nothing of ours: a mutant is imported in its own process, with all who
    import it."""
    listed = subprocess.run(
        [sys.executable, "-c", _LIBRARIES.format(ours={*ROOTS, "tests", "__main__"})],
        check=True,
        capture_output=True,
        text=True,
    )
    for name in listed.stdout.split():
        with suppress(ImportError):
            importlib.import_module(name)


@contextmanager
def servers() -> Iterator["Servers"]:
    """PostgreSQL and Valkey, in a process beside this one, which stays without threads and can be forked."""
    ours, theirs = _FORK.Pipe()
    process = _FORK.Process(target=_serve, args=(theirs, ours), daemon=False)
    process.start()
    theirs.close()
    try:
        yield Servers(ours.recv())
    finally:
        ours.close()
        process.join()


def _serve(pipe: Connection, other_end: Connection) -> None:
    other_end.close()
    os.setpgrp()  # Ctrl-C is for the command, which then closes the pipe
    folder = Path(tempfile.mkdtemp(prefix="ct-"))
    folder.chmod(0o755)
    try:
        asyncio.run(_serving(pipe, folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _serving(pipe: Connection, folder: Path) -> None:
    from app.home import Home
    from app.process.servers import Servers as Embedded
    from app.process.servers import running
    from core.database.migrate import migrate
    from tests.conftest import with_medicines, without_the_disk

    home = Home(folder)
    async with running(home, lambda line: None) as environment:
        await migrate(environment["CARETHREAD_OWNER_DATABASE_URL"])
        await with_medicines(environment["CARETHREAD_OWNER_DATABASE_URL"])
        await without_the_disk(home)
        admin = Embedded(home).admin_url()
        assert admin is not None
        await _rename(admin, urlsplit(environment["DATABASE_URL"]).path.strip("/"))
        pipe.send({**environment, "CARETHREAD_ADMIN_DATABASE_URL": admin})
        with suppress(EOFError):
            await asyncio.to_thread(pipe.recv)


async def _rename(admin: str, database: str) -> None:
    connection = await asyncpg.connect(admin)
    await connection.execute(f'ALTER DATABASE "{database}" RENAME TO {_TEMPLATE}')
    await connection.close()


class Servers:
    """The running servers. `environment` is what names them."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self._admin = environment["CARETHREAD_ADMIN_DATABASE_URL"]
        self._database = urlsplit(environment["DATABASE_URL"]).path.strip("/")
        self._owner = urlsplit(environment["CARETHREAD_OWNER_DATABASE_URL"]).username

    def fresh(self) -> None:
        """An empty database and an empty Valkey."""
        asyncio.run(self._copy())
        self.forget()

    def forget(self) -> None:
        """Let Valkey forget what it has counted: the tests of one mutant after the other come from one address."""
        with closing(Redis.from_url(self.environment["REDIS_URL"])) as client:
            client.flushall()

    async def _copy(self) -> None:
        connection = await asyncpg.connect(self._admin)
        for name in (self._database, "apart"):
            await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await connection.execute(
            f'CREATE DATABASE "{self._database}" OWNER "{self._owner}" TEMPLATE {_TEMPLATE}'
        )
        await connection.close()
