"""A device on which something waits while the API is away."""

import asyncio
import json
from contextlib import AbstractAsyncContextManager

import httpx
from playwright.async_api import Browser, Page

from tests.e2e.by_api import Person
from tests.e2e.conftest import ROOT
from tests.e2e.people import Clinic, new_page
from tests.e2e.visit.outages import without
from tests.patience import PATIENCE


def without_api(clinic: Clinic) -> AbstractAsyncContextManager[None]:
    return without(clinic, lambda child: "api" in child.cmdline(), _answers)


async def _answers(clinic: Clinic) -> None:
    async with asyncio.timeout(PATIENCE), clinic.client() as client:
        while True:
            try:
                if (await client.get("/health/ready")).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.05)


async def opened(browser: Browser, person: Person, path: str, *, phone: bool = True) -> Page:
    page = await new_page(browser, phone=phone)
    await person.lend_cookie(page.context)
    await arrive(page, person.clinic.base + path)
    return page


async def arrive(page: Page, address: str) -> None:
    """Open a page, and wait for the key by which it seals: without one, what is sent lasts as long as the page."""
    async with page.expect_response("**/api/session/draft-key"):
        await page.goto(address)


async def fetched(page: Page, source: str) -> None:
    """The code of this page of the app is on the device."""
    manifest = json.loads((ROOT / "web" / "dist" / ".vite" / "manifest.json").read_text())
    await page.wait_for_function(
        "file => performance.getEntriesByType('resource').some(({ name }) => name.endsWith(file))",
        arg=manifest[source]["file"],
    )
