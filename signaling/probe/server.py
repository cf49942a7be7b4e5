"""The probe's process: `carethread probe`, or `python -m signaling.probe.server`.

Environment: CARETHREAD_PROBE_KEY (base64 of 32 bytes, the API's); CARETHREAD_PUBLIC_URL and, separated by commas,
CARETHREAD_EXTRA_ORIGINS (whose pages may connect); CARETHREAD_PROBE_PORT; CARETHREAD_ICE_URLS, CARETHREAD_TURN_URLS and
CARETHREAD_TURN_SECRET, by which it is found where its own addresses are not the internet's; CARETHREAD_ALLOW_LOOPBACK=1
to send to private addresses (the demo does).

It reads what strangers write, in SDP, DTLS and SCTP, and so it holds no key but its own, and reaches neither the
database nor Valkey.
"""

import asyncio
import base64
import binascii
import contextlib
import hashlib
import hmac
import os
import secrets
import signal
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final

import uvloop
from aiortc import RTCIceServer
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response
from websockets.typing import Origin

from core.logs import Log, setup
from signaling.probe.limits import MAX_FRAME_BYTES, MAX_STRANGERS, SESSION_SECONDS
from signaling.probe.places import Places
from signaling.probe.session import Session

log = Log("probe")

TURN_SECONDS: Final = 600
_OURSELVES: Final = f"probe-{secrets.token_hex(4)}"
"""By this name the relay counts what this process takes."""


class ConfigError(Exception):
    """The environment lacks something; the message is one sentence for whoever set it."""


@dataclass(frozen=True, kw_only=True)
class Config:
    key: bytes
    origins: frozenset[str]
    host: str = "127.0.0.1"
    port: int = 8003
    stun_urls: tuple[str, ...] = ()
    turn_urls: tuple[str, ...] = ()
    turn_secret: str = ""
    allow_private: bool = False


def config_from(environment: Mapping[str, str]) -> Config:
    """Raises ConfigError."""
    try:
        key = base64.b64decode(environment["CARETHREAD_PROBE_KEY"], validate=True)
        port = int(environment.get("CARETHREAD_PROBE_PORT", "8003"))
    except KeyError as missing:
        raise ConfigError(f"Set {missing.args[0]} in the environment (see docs/signaling.md).") from None
    except (binascii.Error, ValueError):
        raise ConfigError("CARETHREAD_PROBE_KEY or CARETHREAD_PROBE_PORT cannot be used.") from None
    if len(key) != 32:
        raise ConfigError("CARETHREAD_PROBE_KEY must be base64 of exactly 32 bytes.")
    pages = environment.get("CARETHREAD_PUBLIC_URL", "http://127.0.0.1:8000")
    extra = environment.get("CARETHREAD_EXTRA_ORIGINS", "")
    private = environment.get("CARETHREAD_ALLOW_LOOPBACK", environment.get("CARETHREAD_DEMO"))
    return Config(
        key=key,
        origins=frozenset(page.rstrip("/") for page in _words(f"{pages},{extra}")),
        port=port,
        stun_urls=_words(environment.get("CARETHREAD_ICE_URLS", "")),
        turn_urls=_words(environment.get("CARETHREAD_TURN_URLS", "")),
        turn_secret=environment.get("CARETHREAD_TURN_SECRET", ""),
        allow_private=private == "1",
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


@contextlib.asynccontextmanager
async def listening(config: Config) -> AsyncIterator[int]:
    """Serve at the port that is yielded (config.port 0: any). At the end every check is over."""
    gate = Gate(config)
    async with serve(
        gate.visit,
        config.host,
        config.port,
        origins=[Origin(origin) for origin in sorted(config.origins)],
        process_request=gate.request,
        compression=None,
        max_size=MAX_FRAME_BYTES,
        max_queue=4,
        open_timeout=5,
        close_timeout=2,
        ping_interval=10,
        ping_timeout=SESSION_SECONDS,
        server_header=None,
    ) as server:
        yield next(iter(server.sockets)).getsockname()[1]


class Gate:
    """Who may come in: each socket is a session, and health is told to whoever asks."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._places = Places()
        self._strangers = 0

    async def visit(self, socket: ServerConnection) -> None:
        session = Session(
            socket,
            self._config.key,
            self._places,
            ice_servers(self._config, int(time.time())),
            allow_private=self._config.allow_private,
        )
        await session.serve(self._stranger())

    @contextlib.contextmanager
    def _stranger(self) -> Iterator[None]:
        self._strangers += 1
        try:
            yield
        finally:
            self._strangers -= 1

    async def request(self, socket: ServerConnection, request: Request) -> Response | None:
        """Health for whoever watches us; for everybody else the WebSocket handshake."""
        if request.path in ("/health/live", "/health/ready"):
            return socket.respond(HTTPStatus.OK, f"ok\nsessions {self._places.sessions}\n")
        if "Origin" not in request.headers:
            return socket.respond(HTTPStatus.FORBIDDEN, "origin_required\n")
        if self._strangers >= MAX_STRANGERS:
            return socket.respond(HTTPStatus.SERVICE_UNAVAILABLE, "too_many_strangers\n")
        return None


def ice_servers(config: Config, now: int) -> list[RTCIceServer]:
    """What finds our addresses as the internet sees them: a STUN server, or the relay with a credential of our own."""
    servers = [RTCIceServer(urls=list(config.stun_urls))] if config.stun_urls else []
    if config.turn_urls and config.turn_secret:
        username = f"{now + TURN_SECONDS}:{_OURSELVES}"
        digest = hmac.new(config.turn_secret.encode(), username.encode(), hashlib.sha1).digest()
        credential = base64.b64encode(digest).decode()
        servers.append(RTCIceServer(urls=list(config.turn_urls), username=username, credential=credential))
    return servers


async def run(config: Config) -> None:
    """Serve until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with listening(config) as port:
        log.info("probe.listening", port=port)
        await stop.wait()
    log.info("probe.stopped")


def main(host: str | None = None, port: int | None = None) -> None:
    setup(os.environ.get("CARETHREAD_LOG_LEVEL", "INFO"))
    try:
        config = config_from(os.environ)
    except ConfigError as error:
        print(f"carethread probe: {error}", file=sys.stderr)
        sys.exit(os.EX_CONFIG)
    config = replace(config, host=host or config.host, port=config.port if port is None else port)
    uvloop.run(run(config))


if __name__ == "__main__":
    main()
