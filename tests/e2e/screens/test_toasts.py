"""A toast covers nothing that one may need to press, on any screen: it makes the window shorter instead."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import count

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from tests.e2e import by_api
from tests.e2e.by_api import Person
from tests.e2e.people import Clinic, new_page
from tests.e2e.screens.screens import settled, watch

DANIEL = "daniel.reyes@harbor.example"
LAPTOP: ViewportSize = {"width": 1280, "height": 720}
# The end of the next patient's number: nobody's yet.
_numbers = count(9100)
PHONE: ViewportSize = {"width": 390, "height": 844}

# What one would press there is a toast, even after one has scrolled to it.
# The page makes room for a toast in the frame that first paints it, so what counts is what a painted frame shows.
COVERED = """async () => {
  await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));
  const pressable = 'a[href], button, input, select, textarea, [contenteditable], [role=tab]';
  const byToast = (each) => {
    const { left, top, width, height } = each.getBoundingClientRect();
    return document.elementFromPoint(left + width / 2, top + height / 2)?.closest('[data-toast]');
  };
  return [...document.querySelectorAll(pressable)]
    .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.closest('[data-toast]'))
    .filter((each) => { each.scrollIntoView({ block: 'nearest' }); return byToast(each); })
    .map((each) => each.outerHTML.slice(0, 200));
}"""


@dataclass
class Stage:
    """A clinician's page, the visit that they have, and a patient whose coming back is news on every page."""

    page: Page
    clinic: Clinic
    encounter: str
    patient: Person
    visit: str

    async def open(self, path: str) -> None:
        await self.page.goto(f"{self.clinic.base}{path}")
        await settled(self.page)
        await expect(self.page.locator('[data-state="live"]')).to_have_count(1)
        await self.page.wait_for_load_state("networkidle")

    async def news(self) -> None:
        # Both at once would be no news: the page looks once.
        async with self.page.expect_response("**/api/queue"):
            await self.patient.post(f"/api/visits/{self.visit}/leave")
        await self.patient.post(f"/api/visits/{self.visit}/return")


@pytest.fixture
async def stage(clinic: Clinic, browser: Browser) -> AsyncIterator[Stage]:
    daniel = await by_api.staff(clinic, DANIEL)
    seen, waits = [
        await by_api.new_patient(clinic, f"+1518462{next(_numbers)}", given, "Hill")
        for given in ("Una", "Ike")
    ]
    encounter = await by_api.request_visit(seen, words="Cough")
    await daniel.post(f"/api/visits/{encounter}/admit", {})
    visit = await by_api.request_visit(waits, words="Cough")
    page = watch(await new_page(browser))
    await daniel.lend_cookie(page.context)
    yield Stage(page, clinic, encounter, waits, visit)
    await waits.post(f"/api/visits/{visit}/cancel", {})
    await daniel.post(f"/api/visits/{encounter}/no-show")
    for person in (daniel, seen, waits):
        await person.close()


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
async def test_news_covers_nothing_on_any_of_the_clinics_screens(stage: Stage, size: ViewportSize) -> None:
    await stage.page.set_viewport_size(size)
    for path in (
        f"/encounter/{stage.encounter}",
        "/hours",
        "/patients",
        "/followup",
        "/inbox",
        "/account",
    ):
        await stage.open(path)
        await stage.news()
        await expect(
            stage.page.locator("[data-toast]").get_by_text("Ike Hill is waiting").last
        ).to_be_visible()
        assert await stage.page.evaluate(COVERED) == [], path


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
async def test_what_went_wrong_in_the_queue_covers_none_of_its_buttons(
    stage: Stage, size: ViewportSize
) -> None:
    page = stage.page
    await page.set_viewport_size(size)
    await stage.open("/queue")
    row = page.locator("[data-queue-row]").filter(has_text="Ike Hill")
    await page.context.set_offline(True)
    for _ in range(3):
        await row.get_by_role("button", name=re.compile("Admit")).click()
        await expect(row.get_by_role("button", name=re.compile("Admit"))).to_be_enabled()
    await expect(page.locator("[data-toast]")).to_have_count(3)
    assert await page.evaluate(COVERED) == []
    await page.context.set_offline(False)


async def test_the_patients_places_and_buttons_stay_free_on_a_phone(stage: Stage, browser: Browser) -> None:
    page = watch(await new_page(browser, phone=True))
    await stage.patient.lend_cookie(page.context)
    await page.goto(f"{stage.clinic.base}/profile")
    await settled(page)
    await page.get_by_role("button", name="Save", exact=True).first.click()
    await expect(page.locator("[data-toast]")).to_be_visible()
    assert await page.evaluate(COVERED) == []
