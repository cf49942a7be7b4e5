"""Notices whatever a page does that nobody asked it to: scripts that run, requests, and what it tells others."""

from dataclasses import dataclass, field

from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Page,
    Request,
    Response,
    WebSocket,
)

from tests.e2e.people import new_page
from tests.e2e.screens.marked import RAN

# Reported to the test as it happens, from every document of the context.
LISTEN = """
document.addEventListener('securitypolicyviolation', async (event) => {
  await window.trapped(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
  document.body.dataset.reported = 'yes';
});
"""


@dataclass
class Trap:
    """What was seen in one browser since it was opened."""

    context: BrowserContext
    # Each of these is a script that ran, or tried to.
    ran: list[str] = field(default_factory=list)
    # All that left the browser in an address or a header: the places where nothing of a person may stand.
    told: list[str] = field(default_factory=list)
    # Answers of the API that a cache may keep.
    kept: list[str] = field(default_factory=list)

    def _on_request(self, request: Request) -> None:
        self.told.append(f"{request.method} {request.url} {request.headers.get('referer', '')}")
        if RAN in request.url:
            self.ran.append(f"asked for {request.url}")

    def _on_response(self, response: Response) -> None:
        cached = "no-store" not in response.headers.get("cache-control", "")
        if "/api/" in response.url and "/api/live" not in response.url and cached:
            self.kept.append(response.url)

    async def _on_dialog(self, dialog: Dialog) -> None:
        self.ran.append(f"dialog {dialog.message}")
        await dialog.dismiss()

    def _on_console(self, line: ConsoleMessage) -> None:
        if "Content Security Policy" in line.text:
            self.ran.append(line.text)

    def _on_socket(self, socket: WebSocket) -> None:
        self.told.append(socket.url)

    def _on_violation(self, what: str) -> None:
        self.ran.append(what)


async def trapped_page(browser: Browser, *, phone: bool = False) -> tuple[Page, Trap]:
    """A page in a browser of its own, watched from the start."""
    page = await new_page(browser, phone=phone)
    trap = Trap(page.context)
    page.context.on("request", trap._on_request)
    page.context.on("response", trap._on_response)
    page.context.on("dialog", trap._on_dialog)
    page.context.on("console", trap._on_console)
    page.on("websocket", trap._on_socket)
    await page.context.expose_function("trapped", trap._on_violation)
    await page.context.add_init_script(LISTEN)
    return page, trap
