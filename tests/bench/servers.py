"""Servers of a measurement: started on free ports, and gone with it."""

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

STARTS_WITHIN = 60.0


@asynccontextmanager
async def serving(*command: str, port: int, environment: Mapping[str, str]) -> AsyncIterator[int]:
    """`python -m <command>`, from when it listens on `port` until the end of the block; its process id."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *command),
        env=dict(environment),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await _listening(port)
        yield process.pid
    finally:
        process.terminate()
        await process.wait()


async def _listening(port: int) -> None:
    async with asyncio.timeout(STARTS_WITHIN):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.1)
            else:
                writer.close()
                return
