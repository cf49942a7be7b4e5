"""The page that holds only a call, built from web/, and a small server for it that hands out tickets."""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.async_api import Browser, Page, async_playwright, expect

from scripts.chromium import find_chromium
from tests.patience import PATIENCE_MS
from tests.signaling.people import Visit

WEB = Path(__file__).parents[2] / "web"
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
expect.set_options(timeout=PATIENCE_MS)
FRAMES = """(video) => video.getVideoPlaybackQuality().totalVideoFrames"""


def build(folder: Path) -> Path:
    """Bundle the page of the call alone into `folder`."""
    # Where Node comes from its wheel, it lies beside this Python.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    npx = shutil.which("npx", path=path) or "npx"
    command = [npx, "vite", "build", "--config", "src/test/call/vite.config.ts", "--outDir", str(folder)]
    done = subprocess.run(
        command, cwd=WEB, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


class PageServer(ThreadingHTTPServer):
    """Serves the built page; `url` is its origin. `signaling_url` may change while it runs.

    `{who}` in it stands for the person whose page asks.
    """

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        server = self

        class Handler(SimpleHTTPRequestHandler):
            def __init__(self, *args: Any) -> None:
                super().__init__(*args, directory=str(folder))

            def do_POST(self) -> None:
                query = parse_qs(urlsplit(self.path).query)
                if "as" not in query:
                    # The rest of the API, which keeps the history of calls, is not here.
                    self.send_error(404)
                    return
                answer = json.dumps(server.grant(query["as"][0], query["visit"][0])).encode()
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *args: Any) -> None:
                """Say nothing."""

        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://localhost:{self.server_address[1]}"
        self.signaling_url = ""
        self.visits: dict[str, Visit] = {}

    def grant(self, who: str, visit: str) -> dict[str, object]:
        """What `POST /api/visits/{id}/join` answers."""
        role: Any = "clinician" if who == "doctor" else "patient"
        ticket = self.visits.setdefault(visit, Visit()).ticket(who, role)
        return {
            "ticket": ticket,
            "signaling_url": self.signaling_url.replace("{who}", who),
            "ice_servers": [],
            "attempt_id": "attempt",
        }


@contextmanager
def serving(folder: Path) -> Iterator[PageServer]:
    server = PageServer(folder)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Chromium: CARETHREAD_CHROMIUM, the system's, or Playwright's own."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_ARGUMENTS)
        yield browser
        await browser.close()


async def open_call(browser: Browser, pages: PageServer, who: str, visit: str, **query: str) -> Page:
    """Somebody's browser with the call's page open, and joined."""
    phone = {"width": 390, "height": 844}
    viewport: Any = phone if who == "patient" else {"width": 1200, "height": 800}
    context = await browser.new_context(viewport=viewport, permissions=["camera", "microphone"])
    context.set_default_timeout(PATIENCE_MS)
    page = await context.new_page()
    words = "".join(f"&{name}={value}" for name, value in query.items())
    await page.goto(f"{pages.url}/?as={who}&visit={visit}{words}")
    return page


async def join(page: Page) -> None:
    await page.get_by_role("button", name="Join the call").click()


def remote(page: Page) -> Any:
    """The video of the other side."""
    return page.get_by_label("Video of")


async def sees_moving_video(page: Page, frames: int = 5, label: str = "Video of") -> None:
    """Wait until so many more frames of the other side were decoded than now."""
    video = f'video[aria-label^="{label}"]'
    shown = page.locator(video).first
    await shown.wait_for(state="attached")
    start = await shown.evaluate(FRAMES)
    enough = "([label, count]) => document.querySelector(label)?.getVideoPlaybackQuality().totalVideoFrames >= count"
    await page.wait_for_function(enough, arg=[video, start + frames], polling="raf")
