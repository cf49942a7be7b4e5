"""Real browsers against the whole clinic: `carethread run` in a home of its own, with its demo, once for all tests.

The browser is Chromium with made-up camera and microphone. If it is missing the tests fail; they are never skipped.
"""

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, async_playwright

from scripts.chromium import find_chromium
from tests.e2e.people import Clinic
from tests.patience import PATIENCE
from tests.ports import free_ports

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 300
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=user-gesture-required",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder runs the whole clinic."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.whole)


@pytest.fixture(scope="session")
def e2e_home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="ct-e2e-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="session")
async def clinic(e2e_home: Path) -> AsyncIterator[Clinic]:
    """The running clinic. Fails, with what it printed, if it does not get ready."""
    async with running_clinic(e2e_home) as running:
        yield running


@asynccontextmanager
async def running_clinic(home: Path) -> AsyncIterator[Clinic]:
    """`carethread run` in this home, with its demo, on ports of its own."""
    if not (ROOT / "web" / "dist" / "index.html").is_file():
        pytest.fail("web/dist is missing: run `make test`, or `npm --prefix web run build` first.")
    port = free_ports(5)
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("CARETHREAD_") and name not in ("DATABASE_URL", "REDIS_URL")
    }
    environment |= {"CARETHREAD_HOME": str(home), "PYTHONPATH": f"{ROOT / 'platform'}:{ROOT}"}
    # Every request is logged, so that a test may look for what should not be in it.
    environment["CARETHREAD_LOG_LEVEL"] = "INFO"
    log = (home / "run.log").open("wb")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app.cli", "run", "--port", str(port),
        cwd=ROOT, env=environment, stdout=log, stderr=log, stdin=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    running = Clinic(base=f"http://localhost:{port}", home=home, supervisor=process.pid)
    try:
        await _until_ready(running, process)
        yield running
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
            await asyncio.wait_for(process.wait(), PATIENCE)
        log.close()


async def _until_ready(clinic: Clinic, process: asyncio.subprocess.Process) -> None:
    """Wait for the words that end the start."""
    log = clinic.home / "run.log"
    async with asyncio.timeout(READY_SECONDS), httpx.AsyncClient(timeout=PATIENCE) as client:
        while b"Ready in" not in log.read_bytes():
            if process.returncode is not None:
                pytest.fail(f"carethread run ended:\n{log.read_text()[-3000:]}")
            await asyncio.sleep(0.2)
        answer = await client.get(f"{clinic.base}/health/ready")
        assert answer.status_code == 200, answer.text


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium: CARETHREAD_CHROMIUM, the system's, or Playwright's own."""
    path = find_chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture(autouse=True)
async def windows_close(browser: Browser) -> AsyncIterator[None]:
    """What a test opened is closed with it: it would go on listening, saving and showing itself to the next."""
    before = browser.contexts
    yield
    for context in browser.contexts:
        if context not in before:
            await context.close()
