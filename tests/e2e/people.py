"""The demo's people, each in a browser context of their own, signing in as a person would."""

import re
from dataclasses import dataclass
from pathlib import Path

import httpx
from playwright.async_api import Browser, BrowserContext, Page

PHONE = {"width": 390, "height": 844}
LAPTOP = {"width": 1440, "height": 900}
SLUG = "harbor"


@dataclass
class Clinic:
    """The clinic under test: its address, its home folder and the supervisor's process id."""

    base: str
    home: Path
    supervisor: int

    async def demo_people(self) -> dict[str, object]:
        async with httpx.AsyncClient(base_url=self.base) as client:
            people: dict[str, object] = (await client.get("/api/demo/people")).json()
            return people

    async def code_for(self, contact: str, seen: set[str]) -> str:
        """The newest sign-in code for a number or address that is not among those seen before."""
        async with httpx.AsyncClient(base_url=self.base) as client:
            for _ in range(100):
                for notice in (await client.get("/api/demo/outbox")).json():
                    if notice["to"] == contact and notice["kind"] == "code" and notice["id"] not in seen:
                        found = re.search(r"\b\d{6}\b", notice["text"])
                        if found:
                            seen.add(notice["id"])
                            return found[0]
        raise AssertionError(f"no code came for {contact}")


async def new_page(browser: Browser, *, phone: bool = False, language: str = "en-US") -> Page:
    """A page in a browser of its own, with camera and microphone allowed."""
    context: BrowserContext = await browser.new_context(
        viewport=PHONE if phone else LAPTOP,  # type: ignore[arg-type]  # a ViewportSize
        has_touch=phone,
        is_mobile=phone,
        locale=language,
        timezone_id="America/New_York",
        permissions=["camera", "microphone", "notifications"],
    )
    context.set_default_timeout(15_000)
    return await context.new_page()
