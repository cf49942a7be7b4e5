"""The embedded servers: private, whole after a kill, and started wherever the home is."""

import asyncio
import os
import stat
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.embedded import postgres
from app.embedded.account import server_account
from app.home import Home, private_folder
from app.process.progress import SetupError
from app.process.servers import Servers, running
from app.process.supervisor import account
from core.database.migrate import migrate
from tests.processes import wait_until_over

pytestmark = pytest.mark.whole

# Runs the servers of a home until it is killed; says `up` once they are.
HOST = """
    import asyncio, sys
    from pathlib import Path
    from app.home import Home
    from app.process.servers import running
    async def main():
        async with running(Home(Path(sys.argv[1])), print):
            print('up', flush=True)
            await asyncio.Event().wait()
    asyncio.run(main())
"""


@pytest.fixture(autouse=True)
def no_servers_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.endswith("DATABASE_URL") or name == "REDIS_URL" or name.startswith("CARETHREAD_"):
            monkeypatch.delenv(name)


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not pytest's own folder for this: that one closes itself to the servers' account in each run."""
    with tempfile.TemporaryDirectory(prefix="carethread-") as made:
        yield Path(made)


@pytest.fixture
def home(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("CARETHREAD_HOME", str(folder / "home"))
    return Home.from_environment()


async def test_what_was_committed_survives_a_kill(home: Home) -> None:
    host = await _host(home)
    async with running(home, _quiet) as environment:
        owner = await asyncpg.connect(environment["CARETHREAD_OWNER_DATABASE_URL"])
        await owner.execute("CREATE TABLE kept (word text)")
        await owner.execute("INSERT INTO kept VALUES ('here')")
        await owner.close()
    postgres = psutil.Process(int((home.data / "postmaster.pid").read_text().splitlines()[0]))
    host.kill()
    await asyncio.to_thread(host.wait)
    await asyncio.to_thread(wait_until_over, [postgres])

    async with running(home, _quiet) as environment:
        owner = await asyncpg.connect(environment["CARETHREAD_OWNER_DATABASE_URL"])
        assert await owner.fetchval("SELECT word FROM kept") == "here"
        await owner.close()


async def test_a_server_that_outlived_its_supervisor_is_ended_first(home: Home) -> None:
    """As where the kernel does not end it: everything is killed but PostgreSQL."""
    async with running(home, _quiet):
        pass
    owner = server_account()
    process = postgres.process(home, owner, _quiet)
    leftover = await asyncio.create_subprocess_exec(*process.command, **account(owner.user))
    assert process.ready is not None
    while not await process.ready():
        pass

    async with running(home, _quiet) as environment:
        assert not psutil.pid_exists(leftover.pid)
        await (await asyncpg.connect(environment["DATABASE_URL"])).close()
    await leftover.wait()


async def test_a_pid_that_lives_again_as_something_else_is_no_server(home: Home) -> None:
    async with running(home, _quiet):
        pass
    stale = home.data / "postmaster.pid"
    lines = [str(os.getppid()), str(home.data), "1", "5432", str(home.sockets), "", "1 1", "ready"]
    stale.write_text("\n".join(lines) + "\n")

    async with running(home, _quiet) as environment:
        await (await asyncpg.connect(environment["DATABASE_URL"])).close()


async def test_a_long_or_odd_path_still_has_its_sockets(folder: Path) -> None:
    root = folder / ("a very long name, with 100% odd characters " * 4).strip()
    root.mkdir(mode=0o711)
    home = Home(root)

    async with running(home, _quiet) as environment:
        connection = await asyncpg.connect(environment["DATABASE_URL"])
        assert await connection.fetchval("SELECT current_user") == "carethread_app"
        await connection.close()
        async with Redis.from_url(environment["REDIS_URL"]) as redis:
            assert await redis.ping()

    assert not home.sockets.is_relative_to(root)


async def test_nobody_comes_in_without_a_password(home: Home) -> None:
    async with running(home, _quiet) as environment:
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(
                environment["DATABASE_URL"].replace(":", ":wrong", 2).replace("wrong//", "//")
            )
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(f"postgresql://postgres:@/postgres?host={home.sockets}")
        with pytest.raises(RedisError, match="Authentication required"):
            async with Redis.from_url(f"unix://{home.sockets}/valkey.sock") as redis:
                await redis.ping()


async def test_a_database_that_came_with_its_server_wants_only_the_administrators_url(
    home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As most hosts and containers hand one out."""
    (folder / "clinic").mkdir()
    async with running(home, _quiet):
        admin = await asyncpg.connect(postgres.url(home, postgres.SUPERUSER, postgres.SUPERUSER))
        await admin.execute("CREATE DATABASE given")
        await admin.close()
        monkeypatch.setenv("DATABASE_URL", postgres.url(home, postgres.SUPERUSER, "given"))
        given = Servers(Home(folder / "clinic"))
        for _ in range(2):
            await given.prepare()
        urls = given.environment()
        await migrate(urls["CARETHREAD_OWNER_DATABASE_URL"])
        app = await asyncpg.connect(urls["DATABASE_URL"])
        assert await app.fetchval("SELECT current_database()") == "given"
        assert await app.fetchval("SELECT count(*) FROM patient") == 0
        await app.close()


def test_a_container_that_is_not_given_a_key_does_not_make_one_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else `verify-audit` would check seals with a key that never made them."""
    given = {
        "DATABASE_URL": "postgresql://carethread_app@postgres/carethread",
        "CARETHREAD_SYSTEM_DATABASE_URL": "postgresql://carethread_system@postgres/carethread",
        "REDIS_URL": "redis://valkey",
        "CARETHREAD_SECRET_KEY": "ours",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    servers = Servers(Home(tmp_path))
    assert servers.environment() == {**given, "CARETHREAD_HOME": str(tmp_path)}
    assert servers.admin_url() is None
    assert list(tmp_path.iterdir()) == []


async def test_the_application_owns_nothing(home: Home) -> None:
    async with running(home, _quiet) as environment:
        connection = await asyncpg.connect(environment["DATABASE_URL"])
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("CREATE TABLE mine (id int)")
        assert not await connection.fetchval(
            "SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
        )
        await connection.close()


def test_generated_secrets_are_kept_and_private(home: Home) -> None:
    made = home.secrets()

    assert home.secrets() == made
    assert len(set(made.values())) == len(made)
    assert stat.S_IMODE((home.root / "secrets").stat().st_mode) == 0o600


async def test_one_home_has_one_supervisor(home: Home) -> None:
    with (
        home.owned(),
        pytest.raises(SetupError, match=rf"already running from {home.root} \(process {os.getpid()}\)"),
    ):
        with Home(home.root).owned():
            pass


def test_a_socket_folder_laid_by_another_is_refused(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(SetupError, match="belongs to somebody else"):
        private_folder(tmp_path / "link", os.getuid())


async def _host(home: Home) -> "subprocess.Popen[str]":
    program = [sys.executable, "-c", textwrap.dedent(HOST), str(home.root)]
    host = await asyncio.to_thread(subprocess.Popen, program, stdout=subprocess.PIPE, text=True)
    assert host.stdout is not None
    while (said := await asyncio.to_thread(host.stdout.readline)) != "up\n":
        assert said, "the servers did not start"
    return host


def _quiet(line: str) -> None:
    pass
