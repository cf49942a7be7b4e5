"""The probe as its process runs it, on a port of its own."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from signaling.probe.server import Config, listening
from tests.signaling.probe.checking import KEY, ORIGIN

StartProbe = Callable[[], AbstractAsyncContextManager[str]]


@asynccontextmanager
async def running() -> AsyncIterator[str]:
    config = Config(key=KEY, origins=frozenset({ORIGIN}), port=0, allow_private=True)
    async with listening(config) as port:
        yield f"ws://127.0.0.1:{port}"


@pytest.fixture
async def url() -> AsyncIterator[str]:
    async with running() as url:
        yield url
