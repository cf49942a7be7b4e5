"""Valkey dies in the middle of a visit (case 3): the call goes on, nothing that is written is lost, and what happens
reaches the screens again after its return, without a reload.
"""

import asyncio
from contextlib import AbstractAsyncContextManager, suppress
from uuid import uuid4

from playwright.async_api import Browser, Page, expect
from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.embedded import valkey
from app.home import Home
from tests.e2e import by_api
from tests.e2e.by_api import Person
from tests.e2e.people import Clinic, new_page
from tests.e2e.visit.outages import without
from tests.patience import PATIENCE
from tests.signaling.pages import sees_moving_video

PHONE = "+15185550178"
CLINICIAN, COORDINATOR = "daniel.reyes@harbor.example", "kim.cole@harbor.example"


def without_valkey(clinic: Clinic) -> AbstractAsyncContextManager[None]:
    return without(clinic, lambda child: "valkey-server" in child.name(), _answers)


async def _answers(clinic: Clinic) -> None:
    async with asyncio.timeout(PATIENCE), Redis.from_url(valkey.url(Home(clinic.home))) as client:
        while True:
            with suppress(RedisError, OSError):
                await client.ping()
                return
            await asyncio.sleep(0.02)


async def test_a_visit_goes_on_while_valkey_is_gone(clinic: Clinic, browser: Browser) -> None:
    iris = await by_api.new_patient(clinic, PHONE, "Iris", "Vale")
    daniel, kim = [await by_api.staff(clinic, email) for email in (CLINICIAN, COORDINATOR)]
    thread = await iris.post(
        "/api/threads", {"subject": "My knee", "body": "It is swollen.", "client_id": str(uuid4())}
    )
    visit = await by_api.request_visit(iris, words="My knee is swollen")
    await daniel.post(f"/api/visits/{visit}/admit")
    patient = await _opened(browser, iris, f"/visit/{visit}/waiting", phone=True)
    clinician = await _opened(browser, daniel, f"/encounter/{visit}")
    coordinator = await _opened(browser, kim, f"/inbox/{thread['id']}")
    await patient.get_by_role("link", name="Join the visit").click()
    await patient.get_by_role("button", name="I am here: join the call").click()
    await clinician.get_by_role("button", name="Join the call").click()
    for page in (patient, clinician):
        await sees_moving_video(page)
    await expect(coordinator.get_by_text("It is swollen.").first).to_be_visible()
    await _leave_a_mark(patient, clinician, coordinator)

    async with without_valkey(clinic):
        for page in (patient, clinician):
            await sees_moving_video(page)
        await _note_is_saved(clinician, "Rest, ice, and a call in three days.")
        await _message_is_sent(coordinator, "Is it warm to the touch?")
        await _send(iris, thread["id"], "It is warm, too.")

    await _send(iris, thread["id"], "And it hurts at night.")
    for words in ("It is warm, too.", "And it hurts at night."):
        await expect(coordinator.get_by_text(words).first).to_be_visible()
    for page in (patient, clinician):
        await sees_moving_video(page)
    await patient.get_by_role("button", name="Mute").click()
    await expect(clinician.get_by_text("Iris Vale is muted")).to_be_visible()
    await _were_never_reloaded(patient, clinician, coordinator)
    await _is_all_there(kim, daniel, thread["id"], visit)
    for page in (patient, clinician, coordinator):
        await page.context.close()
    for person in (iris, daniel, kim):
        await person.close()


async def _opened(browser: Browser, person: Person, path: str, *, phone: bool = False) -> Page:
    page = await new_page(browser, phone=phone)
    await person.lend_cookie(page.context)
    await page.goto(person.clinic.base + path)
    return page


async def _leave_a_mark(*pages: Page) -> None:
    for page in pages:
        await page.evaluate("() => { window.sameAsBefore = true; }")


async def _were_never_reloaded(*pages: Page) -> None:
    for page in pages:
        assert await page.evaluate("() => window.sameAsBefore") is True, page.url


async def _note_is_saved(clinician: Page, words: str) -> None:
    async with clinician.expect_response(
        lambda answer: "/api/notes/" in answer.url and answer.request.method == "PUT"
    ) as saving:
        await clinician.get_by_role("textbox", name="Plan", exact=True).fill(words)
    assert (await saving.value).status == 200


async def _message_is_sent(page: Page, words: str) -> None:
    async with page.expect_response(
        lambda answer: answer.url.endswith("/messages") and answer.request.method == "POST"
    ) as sending:
        await page.get_by_label("Write to Iris Vale").fill(words)
        await page.get_by_role("button", name="Send").click()
    assert (await sending.value).status == 201
    await expect(page.get_by_text(words).first).to_be_visible()


async def _send(patient: Person, thread_id: str, words: str) -> None:
    await patient.post(f"/api/threads/{thread_id}/messages", {"client_id": str(uuid4()), "body": words})


async def _is_all_there(kim: Person, daniel: Person, thread_id: str, visit: str) -> None:
    """Each message once, in the order in which they were written."""
    thread = await kim.get(f"/api/threads/{thread_id}")
    assert [each["body"] for each in thread["messages"]] == [
        "It is swollen.",
        "Is it warm to the touch?",
        "It is warm, too.",
        "And it hurts at night.",
    ]
    note = await daniel.get(f"/api/visits/{visit}/note")
    assert note["content"]["plan"] == "Rest, ice, and a call in three days."
