"""The check before the visit in real browsers: what passes, what is denied, and a network that lets no call through."""

import os
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from tests.e2e.by_api import Person, new_patient, request_visit, staff
from tests.e2e.people import LAPTOP, PHONE, Clinic, new_page

SHOTS = os.environ.get("CARETHREAD_SHOTS")
"""A folder for pictures of the screens, for whoever wants to look at them."""


async def shot(page: Page, name: str) -> None:
    if SHOTS:
        await page.wait_for_timeout(400)
        await page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


async def waiting_room(page: Page, patient: Person, visit: str) -> Page:
    await patient.lend_cookie(page.context)
    await page.goto(f"{patient.clinic.base}/visit/{visit}/waiting")
    await expect(page.get_by_role("heading", level=1)).to_have_text("You are in the waiting room")
    return page


async def test_one_tap_to_begin_and_one_to_say_that_one_hears(clinic: Clinic, browser: Browser) -> None:
    patient = await new_patient(clinic, "+15185550171", "Ida", "Checker")
    visit = await request_visit(patient, words="a cough since Monday")
    page = await waiting_room(await new_page(browser, phone=True), patient, visit)
    await shot(page, "waiting-before-phone")
    await page.get_by_role("link", name="Check camera, sound and network").click()
    await expect(page.get_by_text("Checking…")).to_be_visible()
    await shot(page, "checking-phone")
    await page.get_by_role("button", name="Yes, I heard it").click()
    await expect(page.get_by_text("Your connection is ready for video")).to_be_visible()
    network = page.get_by_role("region", name="Network")
    await expect(network).to_contain_text("Good for a video visit")
    await expect(network).to_contain_text("Direct (UDP)")
    for figure in ("Round trip", "Jitter", "Loss", "Upload", "Download"):
        await expect(network).to_contain_text(figure)
    await expect(page.get_by_role("region", name="Camera")).to_contain_text("You can be seen")
    await expect(page.get_by_role("region", name="Microphone")).to_contain_text("We can hear you")
    await expect(page.get_by_text("The clinic sees this.")).to_be_visible()
    await shot(page, "passed-phone")
    await page.set_viewport_size({"width": 1280, "height": 720})
    await shot(page, "passed-laptop")
    await page.get_by_role("link", name="Back to the waiting room").click()
    await expect(page.get_by_text("Your connection is ready for video")).to_be_visible()
    await shot(page, "waiting-after-laptop")
    assert await _sign(clinic, visit) == ("video", [])
    await patient.post(f"/api/visits/{visit}/cancel", {})


async def test_a_denied_camera_is_said_with_what_to_do_and_the_clinic_is_told(
    clinic: Clinic, browser: Browser
) -> None:
    patient = await new_patient(clinic, "+15185550172", "Ugo", "Checker")
    visit = await request_visit(patient, words="a cough since Monday")
    page = await new_page(browser, phone=True)
    await page.add_init_script(
        "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'))"
    )
    await waiting_room(page, patient, visit)
    await page.get_by_role("link", name="Check camera, sound and network").click()
    await expect(page.get_by_text("Your browser may not use the camera and microphone")).to_be_visible()
    await page.get_by_role("button", name="Yes, I heard it").click()
    await expect(page.get_by_text("A call is not likely to work. Please call us")).to_be_visible()
    await expect(page.get_by_text("The clinic sees this.")).to_be_visible()
    await shot(page, "denied-phone")
    await page.set_viewport_size({"width": 1280, "height": 720})
    await shot(page, "denied-laptop")
    assert await _sign(clinic, visit) == ("none", ["microphone_denied", "camera_denied"])
    doctor = await new_page(browser)
    await (await staff(clinic, "amara.okafor@harbor.example")).lend_cookie(doctor.context)
    await doctor.set_viewport_size({"width": 1280, "height": 720})
    await doctor.goto(f"{clinic.base}/queue")
    row = doctor.get_by_role("listitem").filter(has_text="Ugo Checker")
    await expect(row.get_by_title("Microphone blocked by the browser")).to_contain_text("Check failed")
    await shot(doctor, "queue-laptop")
    await doctor.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a ViewportSize
    await shot(doctor, "queue-phone")
    await doctor.set_viewport_size(LAPTOP)  # type: ignore[arg-type]  # a ViewportSize
    await doctor.goto(f"{clinic.base}/followup")
    task = doctor.get_by_text("Call the patient: the connection check failed").first
    await expect(task).to_be_visible()
    await task.click()
    await expect(doctor.get_by_text("Camera blocked by the browser")).to_be_visible()
    await shot(doctor, "task-laptop")
    await patient.post(f"/api/visits/{visit}/cancel", {})


# What a browser is left with where UDP does not get out: its relays alone. The demo has none.
NO_UDP = """
const Real = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Real {
  constructor(configuration) { super({ ...configuration, iceTransportPolicy: 'relay' }); }
};
"""


async def test_a_network_that_lets_no_call_through_is_said_so(clinic: Clinic, browser: Browser) -> None:
    patient = await new_patient(clinic, "+15185550173", "Eli", "Checker")
    visit = await request_visit(patient, words="a cough since Monday")
    page = await new_page(browser, phone=True)
    await page.add_init_script(NO_UDP)
    await waiting_room(page, patient, visit)
    await page.get_by_role("button", name="Español").click()
    await page.get_by_role("link", name="Probar cámara, sonido y red").click()
    await page.get_by_role("button", name="Sí, lo oí").click()
    network = page.get_by_role("region", name="Red")
    await expect(network).to_contain_text("Las llamadas no pasan")
    await expect(network).to_contain_text("VPN")
    await expect(page.get_by_text("Es probable que la llamada no funcione")).to_be_visible()
    await expect(page.get_by_text("La clínica lo ve.")).to_be_visible()
    await shot(page, "no-path-es-phone")
    await page.set_viewport_size({"width": 1280, "height": 720})
    await shot(page, "no-path-es-laptop")
    assert await _sign(clinic, visit) == ("none", ["no_path"])
    await patient.post(f"/api/visits/{visit}/cancel", {})


async def _sign(clinic: Clinic, visit: str) -> tuple[str, list[str]]:
    """What the clinic's queue says of this visit's check."""
    queue = await (await staff(clinic, "amara.okafor@harbor.example")).get("/api/queue")
    [check] = [each["check"] for each in queue["entries"] if each["visit_id"] == visit]
    return check["verdict"], check["troubles"]
