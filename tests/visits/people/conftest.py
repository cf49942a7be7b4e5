"""A visit under way, and guests who come into it by links."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.visits.conftest import Browser, ClinicAtWork


@dataclass
class Link:
    """A link as the clinician got it, and the guest that it makes."""

    guest_id: str
    token: str
    address: str


@dataclass
class VisitWithGuests:
    """A visit that Ruth has admitted, her browser, the patient's, and what they do about guests."""

    clinic: ClinicAtWork
    slug: str
    visit_id: UUID
    ruth: Browser
    patient: Browser

    @property
    def at(self) -> str:
        return f"/api/visits/{self.visit_id}/people"

    async def invite(self, **body: Any) -> Link:
        answer = await self.ruth.post(self.at, json={"kind": "interpreter", **body})
        assert answer.status_code == 201, answer.text
        told = answer.json()
        return Link(told["guest"]["id"], told["link"].partition("#")[2], told["link"])

    async def guest_browser(self) -> "GuestBrowser":
        return GuestBrowser(await self.clinic.anonymous(), self.slug)

    async def entered(self, **body: Any) -> tuple["GuestBrowser", Link]:
        """Somebody who came by a link and waits."""
        link, browser = await self.invite(**body), await self.guest_browser()
        answer = await browser.enter(link.token)
        assert answer.status_code == 200, answer.text
        return browser, link

    async def admitted(self) -> tuple["GuestBrowser", Link]:
        """Somebody to whom the patient agreed, and whom Ruth let in."""
        browser, link = await self.entered()
        for who, verb in ((self.patient, "agree"), (self.ruth, "admit")):
            answer = await self.say(who, link, verb)
            assert answer.status_code == 200, answer.text
        return browser, link

    async def say(self, who: Browser, link: Link, verb: str) -> httpx.Response:
        return await who.post(f"{self.at}/{link.guest_id}/{verb}")

    async def guests(self, who: Browser | None = None) -> list[dict[str, Any]]:
        answer = await (who or self.ruth).get(self.at)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["guests"]
        return found


@dataclass
class GuestBrowser:
    """A guest's browser."""

    http: Browser
    slug: str

    async def look(self, token: str) -> httpx.Response:
        return await self.http.post(f"/api/clinics/{self.slug}/guest-link", json={"token": token})

    async def enter(self, token: str, name: str = "Ines Ortiz") -> httpx.Response:
        body = {"token": token, "name": name, "agrees": True}
        return await self.http.post(f"/api/clinics/{self.slug}/guest-link/enter", json=body)

    async def join(self) -> httpx.Response:
        return await self.http.post("/api/guest/join")

    async def status(self) -> str | int:
        """Where the guest stands, or the status of the refusal."""
        answer = await self.http.get("/api/guest")
        return str(answer.json()["status"]) if answer.status_code == 200 else answer.status_code


async def with_guests(clinic: ClinicAtWork) -> VisitWithGuests:
    visit = await clinic.admitted()
    ruth, patient = await clinic.browser(clinic.ruth), await clinic.browser(clinic.patient)
    slug = (await ruth.get("/api/session")).json()["clinic"]["slug"]
    return VisitWithGuests(clinic, slug, visit.id, ruth, patient)


@pytest.fixture
async def visit(clinic: ClinicAtWork) -> VisitWithGuests:
    return await with_guests(clinic)
