"""The signaling process: `carethread signaling`, or `python -m signaling.server`.

Environment: REDIS_URL; CARETHREAD_TICKET_KEY (base64 of 32 bytes, the API's); CARETHREAD_PUBLIC_URL and,
separated by commas, CARETHREAD_EXTRA_ORIGINS (whose pages may connect); CARETHREAD_SIGNALING_PORT;
CARETHREAD_ALLOW_LOOPBACK=1 to pass on candidates at 127.0.0.1 (the demo does).
"""

import asyncio
import base64
import binascii
import contextlib
import gc
import os
import resource
import signal
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Final

import uvloop
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response
from websockets.typing import Origin

from core.logs import Log, setup
from signaling.limits import MAX_FRAME_BYTES, MAX_STRANGERS
from signaling.node import Node
from signaling.room import Rules
from signaling.visitor import Visitor

log = Log("signaling")

DRAIN_SECONDS: Final = 6.0
_FORGOTTEN: Final = Request("", Headers())


class ConfigError(Exception):
    """The environment lacks something; the message is one sentence for whoever set it."""


@dataclass(frozen=True, kw_only=True)
class Config:
    redis_url: str
    ticket_key: bytes
    origins: frozenset[str]
    host: str = "127.0.0.1"
    port: int = 8001
    rules: Rules = field(default_factory=Rules)


def config_from(environment: Mapping[str, str]) -> Config:
    """Raises ConfigError."""
    try:
        key = base64.b64decode(environment["CARETHREAD_TICKET_KEY"], validate=True)
        redis_url = environment["REDIS_URL"]
        port = int(environment.get("CARETHREAD_SIGNALING_PORT", "8001"))
    except KeyError as missing:
        raise ConfigError(f"Set {missing.args[0]} in the environment (see docs/signaling.md).") from None
    except (binascii.Error, ValueError):
        raise ConfigError("CARETHREAD_TICKET_KEY or CARETHREAD_SIGNALING_PORT cannot be used.") from None
    if len(key) != 32:
        raise ConfigError("CARETHREAD_TICKET_KEY must be base64 of exactly 32 bytes.")
    pages = environment.get("CARETHREAD_PUBLIC_URL", "http://127.0.0.1:8000")
    extra = environment.get("CARETHREAD_EXTRA_ORIGINS", "")
    origins = frozenset(page.strip().rstrip("/") for page in (pages, *extra.split(",")) if page.strip())
    loopback = environment.get("CARETHREAD_ALLOW_LOOPBACK", environment.get("CARETHREAD_DEMO"))
    rules = Rules(allow_loopback=loopback == "1")
    return Config(redis_url=redis_url, ticket_key=key, origins=origins, port=port, rules=rules)


@contextlib.asynccontextmanager
async def listening(config: Config) -> AsyncIterator[int]:
    """Serve at the port that is yielded (config.port 0: any). At the end, drain: nobody new is let in,
    everybody is told to come back in a moment, and their seats are kept for them."""
    retry = Retry(ExponentialBackoff(cap=0.5, base=0.05), 3)
    redis: Redis = Redis.from_url(
        config.redis_url, socket_timeout=5, socket_connect_timeout=2, retry=retry, health_check_interval=5
    )
    node = Node(redis, config.redis_url, config.ticket_key, config.rules)
    gate = Gate(node, config.ticket_key)
    async with redis, node.running():
        server = await serve(
            gate.visit,
            config.host,
            config.port,
            origins=[Origin(origin) for origin in sorted(config.origins)],
            process_request=gate.request,
            compression=None,
            max_size=MAX_FRAME_BYTES,
            max_queue=16,
            open_timeout=5,
            close_timeout=2,
            ping_interval=None,
            server_header=None,
        )
        try:
            yield next(iter(server.sockets)).getsockname()[1]
        finally:
            server.close(close_connections=False)
            await node.drain()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(server.wait_closed(), DRAIN_SECONDS)


class Gate:
    """Who may come in: each socket is a visitor, and health is told to whoever asks."""

    def __init__(self, node: Node, ticket_key: bytes) -> None:
        self._node = node
        self._ticket_key = ticket_key
        self._strangers = 0

    async def visit(self, socket: ServerConnection) -> None:
        # Some 3 KB of headers a socket, of which nothing is needed any more.
        socket.request, socket.response = _FORGOTTEN, None
        await Visitor(self._node, self._ticket_key, socket).serve(self._stranger())

    @contextlib.contextmanager
    def _stranger(self) -> Iterator[None]:
        self._strangers += 1
        try:
            yield
        finally:
            self._strangers -= 1

    async def request(self, socket: ServerConnection, request: Request) -> Response | None:
        """Health for whoever watches us; for everybody else the WebSocket handshake."""
        if request.path == "/health/live":
            return socket.respond(HTTPStatus.OK, "ok\n")
        if request.path == "/health/ready":
            ready = await self._node.is_ready()
            status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
            return socket.respond(
                status, f"{'ok' if ready else 'redis away'}\nsockets {self._node.sockets}\n"
            )
        if "Origin" not in request.headers:
            return socket.respond(HTTPStatus.FORBIDDEN, "origin_required\n")
        if self._strangers >= MAX_STRANGERS:
            return socket.respond(HTTPStatus.SERVICE_UNAVAILABLE, "too_many_strangers\n")
        return None


async def run(config: Config) -> None:
    """Serve until SIGTERM or SIGINT, then drain."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with listening(config) as port:
        log.info("signaling.listening", port=port)
        await stop.wait()
    log.info("signaling.stopped")


def main(host: str | None = None, port: int | None = None) -> None:
    setup(os.environ.get("CARETHREAD_LOG_LEVEL", "INFO"))
    try:
        config = config_from(os.environ)
    except ConfigError as error:
        print(f"carethread signaling: {error}", file=sys.stderr)
        sys.exit(os.EX_CONFIG)
    config = replace(config, host=host or config.host, port=config.port if port is None else port)
    _allow_many_sockets()
    _collect_rarely()
    uvloop.run(run(config))


def _allow_many_sockets() -> None:
    """Each is a file, and many systems start processes with leave for 1,024."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _collect_rarely() -> None:
    """Frames and rooms hold no cycles: the collector of cycles has next to nothing to find, and at its usual pace it
    took a sixth of the time of a relayed frame."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


if __name__ == "__main__":
    main()
