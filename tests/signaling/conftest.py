"""A Valkey of the tests' own that can be killed, and signaling nodes in front of it."""

import asyncio
import subprocess
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.embedded.valkey import _program
from signaling.room import Rules
from signaling.server import Config, listening
from tests.signaling.people import KEY, ORIGIN, Visit

# What is missed is noticed sooner than in life. Nobody is given up, however busy the machine, unless a test wants it.
RULES = Rules(heartbeat_seconds=1.0, grace_seconds=300.0, lease_seconds=15.0, allow_loopback=True)

StartNode = Callable[..., AbstractAsyncContextManager[str]]


class Valkey:
    """`start`, `kill`, `url`: nothing is kept on disk, as in the embedded clinic."""

    def __init__(self, folder: Path) -> None:
        self._socket = folder / "valkey.sock"
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"unix://{self._socket}"

    def start(self) -> None:
        command = [str(_program()), "--port", "0", "--unixsocket", str(self._socket), "--save", ""]
        self._process = subprocess.Popen([*command, "--loglevel", "warning"], stdout=subprocess.DEVNULL)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    async def answers(self) -> None:
        async with Redis.from_url(self.url) as client:
            while True:
                try:
                    await client.ping()
                    return
                except (RedisError, OSError):
                    await asyncio.sleep(0.01)


@pytest.fixture
async def valkey() -> AsyncIterator[Valkey]:
    with tempfile.TemporaryDirectory(prefix="ct-") as folder:
        valkey = Valkey(Path(folder))
        valkey.start()
        try:
            await valkey.answers()
            yield valkey
        finally:
            valkey.kill()


@pytest.fixture
async def redis(valkey: Valkey) -> AsyncIterator[Redis]:
    client: Redis = Redis.from_url(valkey.url, decode_responses=True)
    yield client
    await client.aclose()


@pytest.fixture
def start_node(valkey: Valkey) -> StartNode:
    """`async with start_node() as url:` is one node; several serve the same visits. It may have rules of its own."""

    @asynccontextmanager
    async def start(rules: Rules = RULES) -> AsyncIterator[str]:
        config = Config(
            redis_url=valkey.url, ticket_key=KEY, origins=frozenset({ORIGIN}), port=0, rules=rules
        )
        async with listening(config) as port:
            yield f"ws://127.0.0.1:{port}"

    return start


@pytest.fixture
async def url(start_node: StartNode) -> AsyncIterator[str]:
    async with start_node() as url:
        yield url


@pytest.fixture
def visit() -> Visit:
    return Visit()
