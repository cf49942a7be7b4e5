"""From a patient's sending of the intake to their row among those who wait, on a clinician's open queue page.

The ceiling is a bare push: a POST from one page, a server-sent event, a list item on the other page.
"""

from random import Random
from uuid import UUID

from playwright.async_api import Browser, Page

from app.demo.cast.people import SLUG
from app.demo.story.patient_side import intake, request
from core.database.session import open_unit
from tests.bench.demo import Demo, SomePatient, demo_clinic, open_page
from tests.bench.figures import Figure, latency, p95
from tests.bench.servers import serving
from tests.ports import free_ports
from tests.signaling.pages import chromium
from visits import repository, service

SAMPLES = 40
# The first meet processes that have not prepared their statements yet.
WARM_UP = 3

# The time at which a page has drawn an element that fits, in ms of the clock that both pages share.
_DRAWN = """(selector, words) => new Promise((resolve) => {
  const look = () => {
    const found = [...document.querySelectorAll(selector)].some((each) => each.textContent.includes(words));
    if (!found) return;
    observer.disconnect();
    requestAnimationFrame(() => resolve(performance.timeOrigin + performance.now()));
  };
  const observer = new MutationObserver(look);
  observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  look();
})"""
_WATCH = f"([selector, words]) => {{ window.drawn = ({_DRAWN})(selector, words); }}"
# A page that is still being built would be measured instead of the clinic: nobody sends what they have just opened.
_AT_REST = "() => new Promise((resolve) => requestIdleCallback(() => setTimeout(resolve, 300)))"
# Resolves to when the request was sent.
_POST = """async ([path, body]) => {
  const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() };
  const sent = performance.timeOrigin + performance.now();
  const answer = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path} was answered ${answer.status} ${await answer.text()}`);
  return sent;
}"""


async def queue_event_to_screen_p95() -> Figure:
    """The 95th percentiles of both, measured in turn."""
    port = free_ports()
    ours: list[float] = []
    bare: list[float] = []
    async with (
        demo_clinic() as demo,
        serving("tests.bench.bare", str(port), port=port, environment=demo.environment),
        chromium() as browser,
    ):
        queue = await open_page(browser, demo.base, "/queue", demo.clinician)
        await queue.locator("[data-queue-row]").first.wait_for()
        screen = await open_page(browser, f"http://localhost:{port}", "/bare/page", demo.clinician)
        sender = await open_page(browser, f"http://localhost:{port}", "/bare/page", demo.clinician)
        for number in range(WARM_UP + SAMPLES):
            patient = demo.patients[number % len(demo.patients)]
            bare.append(await _seen(sender, screen, f"/bare/push/word-{number}", {}, "li", f"word-{number}"))
            ours.append(await _submission(browser, demo, patient, queue))
    return latency("queue_event_to_screen_p95", p95(ours[WARM_UP:]), 250, p95(bare[WARM_UP:]))


async def _submission(browser: Browser, demo: Demo, patient: SomePatient, queue: Page) -> float:
    """One patient's sending; afterwards they leave, so that the queue stays as long as it was."""
    visit_id = await _answered(demo, patient)
    row = queue.locator("[data-queue-row]", has_text=patient.actor.name)
    await row.wait_for()
    page = await open_page(browser, demo.base, f"/c/{SLUG}", patient, phone=True)
    await page.get_by_role("heading").first.wait_for()
    await page.evaluate(_AT_REST)
    path = f"/api/visits/{visit_id}/intake/submit"
    took = await _seen(
        page, queue, path, {"version": 1}, '[data-queue-row][data-status="waiting"]', patient.actor.name
    )
    await page.context.close()
    async with open_unit(demo.services, patient.actor) as unit:
        await service.cancel(unit.write, await repository.for_update(unit.write, visit_id))
    await row.wait_for(state="detached")
    return took


async def _seen(sender: Page, screen: Page, path: str, body: object, selector: str, words: str) -> float:
    """Milliseconds from the POST of one page to what it draws on the other."""
    await screen.evaluate(_WATCH, [selector, words])
    sent: float = await sender.evaluate(_POST, [path, body])
    drawn: float = await screen.evaluate("() => window.drawn")
    return drawn - sent


async def _answered(demo: Demo, patient: SomePatient) -> UUID:
    """A visit whose intake is complete and only has to be sent."""
    async with open_unit(demo.services, patient.actor) as unit:
        visit_id = await request(unit.write, "sore-throat")
    words = "Sore throat and a hoarse voice."
    chance = Random(1)  # noqa: S311  for variety, not for secrets
    await intake(demo.services, patient.person, patient.actor, visit_id, words, chance, send=False)
    return visit_id
