"""A call that drops and is found bad: what both pages noted of it, support staff see, without a name."""

import asyncio
import re
from contextlib import AbstractAsyncContextManager, suppress
from urllib.parse import urlsplit

from playwright.async_api import Browser, Page, Request, expect

from tests.e2e import by_api
from tests.e2e.by_api import Person
from tests.e2e.people import Clinic, new_page
from tests.e2e.visit.outages import without
from tests.patience import PATIENCE
from tests.signaling.pages import sees_moving_video

PHONE = "+15185550191"
CLINICIAN, COORDINATOR, ADMIN = (
    "daniel.reyes@harbor.example",
    "kim.cole@harbor.example",
    "grace.lin@harbor.example",
)


def without_signaling(clinic: Clinic) -> AbstractAsyncContextManager[None]:
    return without(clinic, lambda child: "signaling" in child.cmdline(), _answers)


async def _answers(clinic: Clinic) -> None:
    port = (urlsplit(clinic.base).port or 0) + 1
    async with asyncio.timeout(PATIENCE):
        while True:
            with suppress(OSError):
                _, writer = await asyncio.open_connection("localhost", port)
                writer.close()
                return
            await asyncio.sleep(0.02)


async def test_a_drop_and_a_bad_call_are_seen_by_support(clinic: Clinic, browser: Browser) -> None:
    rosa = await by_api.new_patient(clinic, PHONE, "Rosa", "Winter")
    daniel = await by_api.staff(clinic, CLINICIAN)
    visit = await by_api.request_visit(rosa, words="My ear hurts")
    await daniel.post(f"/api/visits/{visit}/admit")
    patient = await _opened(browser, rosa, f"/visit/{visit}/call", phone=True)
    clinician = await _opened(browser, daniel, f"/encounter/{visit}")

    async with patient.expect_request(_is_batch), clinician.expect_request(_is_batch):
        await patient.get_by_role("button", name="I am here: join the call").click()
        await clinician.get_by_role("button", name="Join the call").click()
        for page in (patient, clinician):
            await sees_moving_video(page)
        async with without_signaling(clinic):
            for page in (patient, clinician):
                await expect(page.locator("[data-call][data-phase=reconnecting]")).to_be_visible()
        for page in (patient, clinician):
            await expect(page.locator("[data-call][data-phase=in_call]")).to_be_visible()

    await _says_bad(clinician)
    await patient.get_by_role("button", name="Leave").click()
    await _says_bad_after(patient)

    await _support_sees_it(await _opened(browser, await by_api.staff(clinic, COORDINATOR), f"/calls/{visit}"))
    admin = await _opened(browser, await by_api.staff(clinic, ADMIN), "/calls")
    await admin.get_by_role("link", name=re.compile("marked as bad 2 times")).first.click()
    await _support_sees_it(admin)


def _is_batch(request: Request) -> bool:
    return request.method == "POST" and request.url.endswith("/connection")


async def _opened(browser: Browser, person: Person, path: str, *, phone: bool = False) -> Page:
    page = await new_page(browser, phone=phone)
    await person.lend_cookie(page.context)
    await page.goto(person.clinic.base + path)
    return page


async def _says_bad(page: Page) -> None:
    """In the middle of the call, from its menu, in one tap."""
    await page.get_by_role("button", name="Camera and sound").click()
    await page.get_by_role("button", name="Bad call").click()
    await expect(page.get_by_text("The clinic can see that this call was bad.")).to_be_visible()


async def _says_bad_after(page: Page) -> None:
    await page.get_by_role("button", name="Bad call").click()
    reason = page.get_by_role("button", name="It kept dropping")
    await reason.click()
    await expect(reason).to_have_attribute("aria-pressed", "true")


async def _support_sees_it(page: Page) -> None:
    await expect(page.get_by_role("heading", level=1)).to_have_text("Connection history")
    drops = page.get_by_role("region", name="Drops").get_by_role("table")
    for role in ("Patient", "Clinician"):
        row = drops.get_by_role("row").filter(has_text=role).filter(has_text="The server was out of reach")
        await expect(row.first).to_contain_text("Came back")
    people = page.get_by_role("region", name="Who was there when").get_by_role("table")
    await expect(people).to_contain_text(re.compile(r"Chrome \d+"))
    await expect(people).to_contain_text("Hung up")
    marks = page.get_by_role("region", name="Marked as a bad call").get_by_role("table")
    await expect(marks).to_contain_text("Kept dropping")
    await page.get_by_text(re.compile("Show .* as a table")).click()
    measured = page.get_by_role("region", name="Measurements").get_by_role("table")
    await expect(measured).to_contain_text("Direct · UDP")
    await expect(page.get_by_role("img", name=re.compile("How the call went"))).to_be_visible()
    for name in ("Rosa", "Winter", "Daniel", "Reyes"):
        await expect(page.locator("main")).not_to_contain_text(name)
