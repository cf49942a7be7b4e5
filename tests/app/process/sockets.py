"""The API behind a real socket, and clients that do not behave as browsers do."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from app.asgi import ApiServer, make_server
from core.services import Services
from tests.patience import PATIENCE


@asynccontextmanager
async def api(services: Services) -> AsyncIterator[ApiServer]:
    """A server that listens; `port_of` says where."""
    server = make_server(services, "127.0.0.1", 0)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        assert not serving.done(), serving.exception()
        await asyncio.sleep(0.01)
    try:
        yield server
    finally:
        server.should_exit = True
        await serving


def port_of(server: ApiServer) -> int:
    return int(server.servers[0].sockets[0].getsockname()[1])


@dataclass
class Said:
    """What a server answered; status 0 if it only closed the connection."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def problem(self) -> tuple[int, str]:
        """Status and code of an answer that is a problem."""
        assert self.headers.get("content-type") == "application/problem+json", self
        return self.status, str(json.loads(self.body)["code"])


class Client:
    """One connection, on which anything can be sent."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self.writer = writer

    async def send(self, data: bytes) -> None:
        with suppress(ConnectionError):
            self.writer.write(data)
            await self.writer.drain()

    async def heard(self) -> Said:
        """The answer. Raises TimeoutError if the server neither answers nor closes."""
        async with asyncio.timeout(PATIENCE):
            try:
                head = await self._reader.readuntil(b"\r\n\r\n")
                lines = head.decode("latin-1").split("\r\n")
                pairs = (line.partition(":") for line in lines[1:] if line)
                headers = {name.lower(): value.strip() for name, _, value in pairs}
                body = await self._reader.readexactly(int(headers.get("content-length", "0")))
            except (asyncio.IncompleteReadError, ConnectionError):
                return Said()
        return Said(int(lines[0].split()[1]), headers, body)

    async def closed(self) -> None:
        """Wait until the server has closed. Raises TimeoutError if it does not."""
        with suppress(ConnectionError):
            async with asyncio.timeout(PATIENCE):
                await self._reader.read()

    def leave(self) -> None:
        self.writer.close()


@asynccontextmanager
async def client(port: int, **options: Any) -> AsyncIterator[Client]:
    """A connection, closed at the end."""
    made = Client(*await asyncio.open_connection("127.0.0.1", port, **options))
    try:
        yield made
    finally:
        made.leave()


def head(method: str, path: str, origin: str, **headers: str) -> bytes:
    """The beginning of a request; underscores in the headers' names stand for hyphens."""
    lines = {"host": "localhost", "origin": origin, "content-type": "application/json", **headers}
    text = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in lines.items())
    return f"{method} {path} HTTP/1.1\r\n{text}\r\n".encode()
