"""Memory of the patient's page after it has left and joined a call 100 times, in % of what it was before.

Both are at their real pages, and each time the other is seen again. The ceiling is a page of the same browser that
opens and closes 100 pairs of bare peer connections with the same camera.
"""

from playwright.async_api import Browser, Page

from tests.bench.call import BARE, PATIENTS_BUTTON, before_joining
from tests.bench.demo import Demo, SomePatient, demo_clinic
from tests.bench.figures import Figure, kept
from tests.signaling.browser.held import held
from tests.signaling.pages import chromium, sees_moving_video

WARM_UP, CYCLES = 10, 100


async def call_cycles_memory() -> Figure:
    """Growth of the heap, with all garbage collected, of the page and of the bare connections."""
    async with demo_clinic() as demo, chromium() as browser:
        patient = next(each for each in demo.patients if each.person.language == "en")
        value = await _call(browser, demo, patient)
        ceiling = await _bare(browser, demo)
    return kept("call_cycles_memory", value, 105, ceiling)


async def _call(browser: Browser, demo: Demo, patient: SomePatient) -> float:
    doctors, patients = await before_joining(browser, demo, patient)
    await patients.get_by_role("button", name=PATIENTS_BUTTON).click()
    await sees_moving_video(patients, frames=1)
    await _leave_and_join(patients, WARM_UP)
    before = await held(patients)
    await _leave_and_join(patients, CYCLES)
    after = await held(patients)
    for page in (doctors, patients):
        await page.context.close()
    return after.heap_kb / before.heap_kb * 100


async def _leave_and_join(page: Page, times: int) -> None:
    for _ in range(times):
        await page.get_by_role("button", name="Leave").click()
        await page.get_by_role("button", name="Join again").click()
        await sees_moving_video(page, frames=1)


async def _bare(browser: Browser, demo: Demo) -> float:
    context = await browser.new_context(permissions=["camera", "microphone"])
    page = await context.new_page()
    await page.goto(demo.base)
    for _ in range(WARM_UP):
        await page.evaluate(BARE)
    before = await held(page)
    for _ in range(CYCLES):
        await page.evaluate(BARE)
    after = await held(page)
    await context.close()
    return after.heap_kb / before.heap_kb * 100
