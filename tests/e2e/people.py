"""The demo's people, each in a browser context of their own, signing in as a person would."""

import asyncio
import re
from dataclasses import dataclass
from pathlib import Path

import httpx
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.patience import PATIENCE, PATIENCE_MS

PHONE = {"width": 390, "height": 844}
LAPTOP = {"width": 1440, "height": 900}
expect.set_options(timeout=PATIENCE_MS)
SLUG = "harbor"


@dataclass
class Clinic:
    """The clinic under test: its address, its home folder and the supervisor's process id."""

    base: str
    home: Path
    supervisor: int

    def last_errors(self) -> str:
        """What its processes last complained of."""
        lines = (self.home / "run.log").read_text(errors="replace").splitlines()
        return "\n".join([line for line in lines if " error " in line or " warning " in line][-10:])

    def client(self) -> httpx.AsyncClient:
        """A browser without a screen, of nobody."""
        return httpx.AsyncClient(base_url=self.base, headers={"origin": self.base}, timeout=PATIENCE)

    async def demo_people(self) -> dict[str, object]:
        async with self.client() as client:
            people: dict[str, object] = (await client.get("/api/demo/people")).json()
            return people

    async def notices(self, contact: str) -> list[dict[str, str]]:
        """What went to a number or address of late, the newest first."""
        async with self.client() as client:
            notices: list[dict[str, str]] = (await client.get("/api/demo/outbox")).json()
        return [each for each in notices if each["to"] == contact]

    async def codes(self, contact: str) -> set[str]:
        """The messages with sign-in codes that this contact has got, by their ids."""
        return {each["id"] for each in await self.notices(contact) if each["kind"] == "code"}

    async def next_message(self, contact: str, earlier: set[str]) -> str:
        """The message with a sign-in code that comes after those that came earlier."""
        async with asyncio.timeout(PATIENCE):
            while True:
                for each in await self.notices(contact):
                    if each["kind"] == "code" and each["id"] not in earlier:
                        return each["text"]
                await asyncio.sleep(0.1)

    async def next_code(self, contact: str, earlier: set[str]) -> str:
        """The code in that message."""
        found = re.search(r"\b\d{6}\b", await self.next_message(contact, earlier))
        assert found, f"no code in the message to {contact}"
        return found[0]

    async def identity_of(self, phone: str) -> tuple[str, str]:
        """Birth date (`1960-03-12`) and last name of a demo patient."""
        patients = (await self.demo_people())["patients"]
        assert isinstance(patients, list)
        person = next(each for each in patients if each["phone"] == phone)
        return str(person["birth_date"]), str(person["family"])

    async def authenticator_code(self, email: str) -> str:
        """A staff member's next code, once it is good: nobody's app shows a used one for more than half a minute."""
        async with asyncio.timeout(PATIENCE):
            while True:
                staff = (await self.demo_people())["staff"]
                assert isinstance(staff, list)
                person = next(each for each in staff if each["email"] == email)
                if person["good_in"] == 0:
                    return str(person["code"])
                await asyncio.sleep(0.5)


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
    context.set_default_timeout(PATIENCE_MS)
    return await context.new_page()


async def sign_in_patient(page: Page, clinic: Clinic, phone: str) -> None:
    """From the clinic's public page to signed in on a new device, by the code that came and who one is."""
    earlier = await clinic.codes(phone)
    await page.get_by_label("Mobile number").fill(phone)
    await page.get_by_role("button", name="Send me a code").click()
    code = page.get_by_label("6-digit code")
    await code.fill(await clinic.next_code(phone, earlier))
    await say_who(page, *await clinic.identity_of(phone))


async def say_who(page: Page, birth_date: str, family: str) -> None:
    """The second check of a new device, in English."""
    year, month, day = birth_date.split("-")
    for label, typed in (("Month", month), ("Day", day), ("Year", year)):
        await page.get_by_label(label, exact=True).press_sequentially(typed)
    answer = page.get_by_label("Last name, ZIP code or record number")
    await answer.fill(family)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await expect(answer).to_be_hidden()


async def sign_in_staff(page: Page, clinic: Clinic, email: str) -> None:
    """Password and authenticator, as the demo's outbox page shows them."""
    people = await clinic.demo_people()
    await page.goto(f"{clinic.base}/c/{SLUG}/staff")
    await page.get_by_label("Work e-mail").fill(email)
    await page.get_by_role("textbox", name="Password").fill(str(people["password"]))
    await page.get_by_role("button", name="Continue").click()
    field = page.get_by_label("Code from your authenticator app")
    await expect(field).to_be_visible()
    await field.fill(await clinic.authenticator_code(email))
    await page.get_by_role("button", name="Sign in").click()
    await expect(field).to_be_hidden()


async def enter_by_code(page: Page, clinic: Clinic, phone: str, language: str) -> None:
    """By the code that came, without the screens for it."""
    headers = {"origin": clinic.base}
    earlier = await clinic.codes(phone)
    asked = await page.request.post(
        f"{clinic.base}/api/clinics/{SLUG}/codes",
        data={"contact": phone, "locale": language},
        headers=headers,
    )
    code_id = (await asked.json())["code_id"]
    checked = await page.request.post(
        f"{clinic.base}/api/clinics/{SLUG}/codes/{code_id}/check",
        data={"code": await clinic.next_code(phone, earlier)},
        headers=headers,
    )
    assert checked.ok, await checked.text()
    birth_date, family = await clinic.identity_of(phone)
    said = {
        "registration": (await checked.json())["registration"],
        "birth_date": birth_date,
        "answer": family,
    }
    entered = await page.request.post(
        f"{clinic.base}/api/clinics/{SLUG}/identify", data=said, headers=headers
    )
    assert entered.ok, await entered.text()
