"""Two Chromium, the real screens, the real signaling process, and video that really moves."""

import asyncio

import pytest
from playwright.async_api import Browser, Page, Route, expect

from tests.patience import PATIENCE
from tests.signaling.conftest import Valkey
from tests.signaling.pages import WEB, PageServer, join, open_call, remote, sees_moving_video
from tests.signaling.people import Visit
from tests.signaling.test_media import headless

pytestmark = pytest.mark.whole

# Keeps every sentence that the page says to a screen reader from now on.
WHAT_IS_SAID = """() => {
  const said = [];
  const status = document.querySelector('[role="status"]');
  new MutationObserver(() => said.push(status.textContent)).observe(status, {
    childList: true, characterData: true, subtree: true,
  });
  return said;
}"""


async def test_two_people_see_each_other_move(signaling: PageServer, browser: Browser) -> None:
    patient = await open_call(browser, signaling, "patient", "moving")
    doctor = await open_call(browser, signaling, "doctor", "moving")
    await join(patient)
    await expect(patient.get_by_text("Waiting for Dr. Ada Chen").first).to_be_visible()
    await join(doctor)
    await sees_moving_video(patient)
    await sees_moving_video(doctor)

    await patient.keyboard.press("m")
    await expect(doctor.get_by_text("Jamie Doe is muted")).to_be_visible()
    await patient.keyboard.press("v")
    await expect(doctor.get_by_text("Jamie Doe has the camera off")).to_be_visible()
    await patient.keyboard.press("v")
    await expect(doctor.get_by_text("Jamie Doe has the camera off")).to_be_hidden()
    await sees_moving_video(doctor)

    await patient.get_by_role("button", name="Leave").click()
    await expect(patient.get_by_text("Your visit is still open")).to_be_visible()
    await expect(doctor.get_by_text("Jamie Doe has left the call")).to_be_visible()
    await patient.get_by_role("button", name="Join again").click()
    await sees_moving_video(doctor)
    await sees_moving_video(patient)


async def test_a_reload_is_reconnecting_and_goes_on_by_itself(
    signaling: PageServer, browser: Browser
) -> None:
    patient = await open_call(browser, signaling, "patient", "reload")
    doctor = await open_call(browser, signaling, "doctor", "reload")
    await join(patient)
    await join(doctor)
    await sees_moving_video(patient)
    said = await patient.evaluate_handle(WHAT_IS_SAID)
    # The new page comes only when the patient has noticed that the old one is gone.
    noticed = asyncio.Event()

    async def hold(route: Route) -> None:
        await noticed.wait()
        await route.continue_()

    await doctor.route("**/*.js", hold)
    reload = asyncio.create_task(doctor.reload())
    await expect(patient.get_by_text("Dr. Ada Chen is reconnecting").first).to_be_visible()
    noticed.set()
    await reload
    await sees_moving_video(patient)
    await sees_moving_video(doctor)
    assert "Dr. Ada Chen is reconnecting…" in await said.json_value()


async def test_whoever_closes_the_tab_finds_the_same_call_again(
    signaling: PageServer, browser: Browser
) -> None:
    patient = await open_call(browser, signaling, "patient", "closed")
    doctor = await open_call(browser, signaling, "doctor", "closed")
    await join(patient)
    await join(doctor)
    await sees_moving_video(doctor)
    await patient.close()
    await expect(doctor.get_by_text("Jamie Doe is reconnecting").first).to_be_visible()
    patient = await open_call(browser, signaling, "patient", "closed")
    await join(patient)
    await sees_moving_video(patient)
    await sees_moving_video(doctor)


async def test_a_second_tab_takes_over_and_can_be_taken_back(signaling: PageServer, browser: Browser) -> None:
    doctor = await open_call(browser, signaling, "doctor", "tabs")
    first = await open_call(browser, signaling, "patient", "tabs")
    second = await open_call(browser, signaling, "patient", "tabs")
    await join(doctor)
    await join(first)
    await sees_moving_video(first)
    await join(second)
    await sees_moving_video(second)
    await expect(first.get_by_text("The call continues on another device or tab")).to_be_visible()
    await expect(remote(doctor)).to_have_count(1)
    await first.get_by_role("button", name="Use this one instead").click()
    await sees_moving_video(first)
    await expect(second.get_by_text("The call continues on another device or tab")).to_be_visible()


@pytest.mark.parametrize("browser_is", ["patient", "doctor"])
async def test_a_browser_calls_a_headless_peer(
    signaling: PageServer, browser: Browser, browser_is: str
) -> None:
    other = "doctor" if browser_is == "patient" else "patient"
    page = await open_call(browser, signaling, browser_is, f"headless-{browser_is}")
    visit = signaling.visits.setdefault(f"headless-{browser_is}", Visit())
    async with headless(signaling.signaling_url, visit, other, signaling.url) as peer:
        await join(page)
        await sees_moving_video(page)
        async with asyncio.timeout(PATIENCE):
            await peer.receives(5)


async def test_pictures_go_on_while_redis_is_gone_and_the_call_is_whole_when_it_is_back(
    signaling: PageServer, browser: Browser, valkey: Valkey
) -> None:
    patient = await open_call(browser, signaling, "patient", "redis")
    doctor = await open_call(browser, signaling, "doctor", "redis")
    await join(patient)
    await join(doctor)
    await sees_moving_video(patient)
    valkey.kill()
    await patient.keyboard.press("m")
    await sees_moving_video(patient)
    await sees_moving_video(doctor)
    valkey.start()
    await valkey.answers()
    await expect(doctor.get_by_text("Jamie Doe is muted")).to_be_visible()
    await sees_moving_video(patient)
    await patient.keyboard.press("m")
    await expect(doctor.get_by_text("Jamie Doe is muted")).to_be_hidden()


@pytest.mark.parametrize("language", ["en", "es"])
async def test_everybody_can_use_every_screen_of_the_call(
    signaling: PageServer, browser: Browser, language: str
) -> None:
    join_in = {"en": "Join the call", "es": "Entrar en la llamada"}[language]
    patient = await open_call(browser, signaling, "patient", f"axe-{language}", lang=language)
    doctor = await open_call(browser, signaling, "doctor", f"axe-{language}", lang=language)
    for page in (patient, doctor):
        await page.get_by_role("button", name=join_in).wait_for()
        await nothing_is_in_the_way(page)
        await page.get_by_role("button", name=join_in).click()
    await sees_moving_video(patient, label="Video")
    await patient.get_by_role(
        "button", name={"en": "Camera and sound", "es": "Cámara y sonido"}[language]
    ).click()
    await nothing_is_in_the_way(patient)
    await patient.get_by_role("button", name={"en": "Leave", "es": "Salir"}[language]).click()
    await patient.get_by_role(
        "button", name={"en": "Join again", "es": "Volver a entrar"}[language]
    ).wait_for()
    await nothing_is_in_the_way(patient)


async def nothing_is_in_the_way(page: Page) -> None:
    """axe finds nothing serious."""
    await page.add_script_tag(path=WEB / "node_modules" / "axe-core" / "axe.min.js")
    found = await page.evaluate(
        "async () => (await axe.run()).violations"
        ".filter(({ impact }) => impact === 'serious' || impact === 'critical')"
        ".map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)"
    )
    assert found == []


async def test_a_refused_camera_is_explained_and_one_can_join_without(
    signaling: PageServer, one_browser: Browser
) -> None:
    context = await one_browser.new_context()
    page = await context.new_page()
    await page.add_init_script(
        "navigator.mediaDevices.getUserMedia = async () => {"
        " throw new DOMException('Permission denied', 'NotAllowedError'); };"
    )
    await page.goto(f"{signaling.url}/?as=patient&visit=refused")
    allow = page.get_by_role("button", name="Turn on camera and microphone")
    await allow.or_(page.get_by_role("button", name="Join")).first.wait_for()
    if await allow.is_visible():
        await allow.click()
    await expect(page.get_by_text("Your browser may not use the camera and microphone")).to_be_visible()
    await expect(page.get_by_role("alert").first).to_contain_text("left of the address")
    await page.get_by_role("button", name="Join without camera and microphone").click()
    await expect(page.get_by_text("Waiting for Dr. Ada Chen").first).to_be_visible()
    await context.close()
