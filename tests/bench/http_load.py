"""A load generator that costs little itself: keep-alive HTTP/1.1 on asyncio streams, one request at a time each."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Load:
    """What came of it: requests a second, and each request's milliseconds."""

    rate: float
    milliseconds: list[float]


Request = Callable[[int, int], bytes]
"""The bytes of a request, by worker and by its turn."""


async def run(port: int, request: Request, *, workers: int, seconds: float) -> Load:
    """Send for so long with so many connections. Raises RuntimeError at the first answer that is not a 2xx."""
    until = time.perf_counter() + seconds
    started = time.perf_counter()
    results = await asyncio.gather(*(_worker(port, request, number, until) for number in range(workers)))
    took = time.perf_counter() - started
    samples = [sample for result in results for sample in result]
    return Load(len(samples) / took, samples)


async def _worker(port: int, request: Request, number: int, until: float) -> list[float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
    samples = []
    turn = 0
    try:
        while (before := time.perf_counter()) < until:
            writer.write(request(number, turn))
            status, _ = await answer(reader)
            if not 200 <= status < 300:
                raise RuntimeError(f"the server answered {status}")
            samples.append((time.perf_counter() - before) * 1000)
            turn += 1
    finally:
        writer.close()
    return samples


async def answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """One answer's status and body."""
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return status, await reader.readexactly(length) if length else b""


def get(path: str, token: str) -> bytes:
    """A signed-in GET."""
    return f"GET {path} HTTP/1.1\r\nhost: localhost\r\ncookie: carethread={token}\r\n\r\n".encode()


def send(method: str, path: str, token: str, origin: str, body: bytes) -> bytes:
    """A signed-in write of JSON."""
    head = (
        f"{method} {path} HTTP/1.1\r\nhost: localhost\r\ncookie: carethread={token}\r\norigin: {origin}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
