"""The page that holds only a call, the real signaling process, and Chromium."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser

from signaling.server import Config, listening
from tests.signaling.conftest import RULES, Valkey
from tests.signaling.pages import PageServer, build, chromium, serving
from tests.signaling.people import KEY


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageServer]:
    folder: Path = build(tmp_path_factory.mktemp("call"))
    with serving(folder) as pages:
        yield pages


@pytest.fixture
async def signaling(valkey: Valkey, pages: PageServer) -> AsyncIterator[PageServer]:
    config = Config(redis_url=valkey.url, ticket_key=KEY, origins=frozenset({pages.url}), port=0, rules=RULES)
    async with listening(config) as port:
        pages.signaling_url = f"ws://127.0.0.1:{port}"
        yield pages


@pytest.fixture(scope="session")
async def one_browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest.fixture
async def browser(one_browser: Browser) -> AsyncIterator[Browser]:
    """Chromium, without the pages of the test before, which would go on sending video."""
    yield one_browser
    for context in one_browser.contexts:
        await context.close()
