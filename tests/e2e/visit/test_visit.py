"""One whole visit in real browsers: patient on a phone, clinician and coordinator on laptops, all parts real."""

import re

import httpx
from playwright.async_api import Browser, Page, expect

from app.home import Home
from tests.e2e.patient.intake import fill_intake
from tests.e2e.people import SLUG, Clinic, new_page, sign_in_patient, sign_in_staff
from tests.patience import PATIENCE
from tests.signaling.pages import sees_moving_video

PATIENT, PHONE = "Maya Bennett", "+15185550100"
CLINICIAN, COORDINATOR = "amara.okafor@harbor.example", "kim.cole@harbor.example"
ADMIN = "grace.lin@harbor.example"


async def test_a_visit_from_the_clinics_page_to_a_kept_promise(clinic: Clinic, browser: Browser) -> None:
    patient = await new_page(browser, phone=True)
    clinician = await new_page(browser)
    coordinator = await new_page(browser)

    await sign_in_staff(clinician, clinic, CLINICIAN)
    await expect(clinician.get_by_role("heading", level=1)).to_have_text("Queue")

    await _ask_to_be_seen(patient, clinic)
    await _admit(clinician)
    await _join(patient, clinician)
    await _write_note(clinician)
    await _prescribe(clinician, clinic)
    await _finish(clinician)
    await _read_summary(patient, clinic)
    await sign_in_staff(coordinator, clinic, COORDINATOR)
    await _follow_up(coordinator)
    await _answer(patient, coordinator)
    await _see_who_looked(patient, clinic)
    await _audit_tells_the_story(await new_page(browser), clinic)


async def _ask_to_be_seen(patient: Page, clinic: Clinic) -> None:
    await patient.goto(f"{clinic.base}/c/{SLUG}")
    await patient.get_by_role("link", name="Start a visit").first.click()
    await sign_in_patient(patient, clinic, PHONE)
    await fill_intake(patient, words="My throat hurts since Monday", name=PATIENT, reason="Sore throat")
    await expect(patient.get_by_text("You are in the waiting room")).to_be_visible()


async def _admit(clinician: Page) -> None:
    """The queue shows who came, without a reload."""
    row = clinician.get_by_role("listitem").filter(has_text=PATIENT)
    await expect(row).to_be_visible()
    await row.get_by_role("button", name="Admit").click()
    await expect(clinician).to_have_url(re.compile("/encounter/"))


async def _join(patient: Page, clinician: Page) -> None:
    await patient.get_by_role("link", name="Join the visit").click()
    await patient.get_by_role("button", name="I am here: join the call").click()
    await clinician.get_by_role("button", name="Join the call").click()
    for page in (patient, clinician):
        await sees_moving_video(page)


async def _write_note(clinician: Page) -> None:
    subjective = clinician.get_by_role("textbox", name="Subjective")
    await expect(subjective).to_have_value(re.compile("throat hurts"))
    await clinician.get_by_role("textbox", name="Objective").fill("Throat red on camera, speaks easily.")
    await clinician.get_by_role("textbox", name="Assessment").fill("Streptococcal pharyngitis, probable.")
    await clinician.get_by_role("textbox", name="Plan", exact=True).fill(
        "Fluids, rest, antibiotic for ten days."
    )
    await clinician.get_by_label("Add a diagnosis").fill("strep throat")
    await clinician.get_by_role("option").filter(has_text="J02.0").first.click()
    await clinician.get_by_role("button", name="Call in 3 days").click()
    await expect(clinician.get_by_text(re.compile("Saved at"))).to_be_visible()


async def _prescribe(clinician: Page, clinic: Clinic) -> None:
    before = await _received(clinic)
    await clinician.get_by_role("tab", name="Prescribe").click()
    search = clinician.get_by_label("Medicine", exact=True)
    await search.fill("amoxicillin 500")
    await clinician.get_by_role("option").filter(has_text="amoxicillin 500 mg").first.click()
    sign = clinician.get_by_role("button", name="Sign and send")
    # The whole draft comes at once: what speaks against it, and whether the patient has a pharmacy.
    await expect(sign).to_be_visible()
    pharmacy = clinician.get_by_label("Pharmacy", exact=True)
    if await pharmacy.is_visible():
        await pharmacy.fill("Albany")
        await clinician.get_by_role("option").first.click()
    for reason in await clinician.get_by_role("button", name="Benefit outweighs the risk").all():
        await reason.click()
    await sign.click()
    await expect(clinician.get_by_text(re.compile("Sent to .* received"))).to_be_visible()
    after = await _received(clinic)
    assert after["received"] == before["received"] + 1
    assert after["duplicates"] == before["duplicates"]


async def _received(clinic: Clinic) -> dict[str, int]:
    """How many prescriptions the pharmacies have, and how many came twice."""
    base = re.sub(r":(\d+)$", lambda match: f":{int(match[1]) + 2}", clinic.base)
    async with httpx.AsyncClient(base_url=base, timeout=PATIENCE) as client:
        secret = Home(clinic.home).secrets()["CARETHREAD_PHARMACY_SECRET"]
        answer = await client.get("/control", headers={"authorization": f"Bearer {secret}"})
        assert answer.status_code == 200, answer.text
        counts: dict[str, int] = answer.json()
        return counts


async def _finish(clinician: Page) -> None:
    await clinician.get_by_role("button", name="Finish visit").click()
    await clinician.get_by_role("button", name="Sign and finish").click()
    await expect(clinician.get_by_text("The visit is finished").first).to_be_visible()


async def _read_summary(patient: Page, clinic: Clinic) -> None:
    await patient.goto(f"{clinic.base}/home")
    await patient.get_by_role("link").filter(has_text="Summary").first.click()
    await expect(patient.get_by_role("heading", level=1)).to_have_text("Your visit summary")
    await expect(patient.get_by_text("antibiotic for ten days")).to_be_visible()
    async with patient.expect_download() as waiting:
        await patient.get_by_role("link", name="Download as PDF").click()
    assert (await (await waiting.value).path()).read_bytes().startswith(b"%PDF-")


async def _follow_up(coordinator: Page) -> None:
    await _open_task(coordinator)
    await coordinator.get_by_role("button", name="Assign to me").click()
    await coordinator.get_by_role("button", name="Log an attempt").click()
    await coordinator.get_by_role("combobox", name="Outcome").click()
    await coordinator.get_by_role("option", name="No answer").click()
    await coordinator.get_by_role("button", name="Save").click()
    await expect(coordinator.get_by_text("Phone: No answer")).to_be_visible()
    await coordinator.get_by_role("button", name="Message the patient").click()
    await coordinator.get_by_label(f"Message to {PATIENT}").fill("How is your throat today?")
    await coordinator.get_by_role("button", name="Send").click()
    await expect(coordinator.get_by_text("Message: Sent")).to_be_visible()


async def _open_task(coordinator: Page) -> None:
    """The task that the note's plan made."""
    tasks = coordinator.get_by_role("link").filter(has_text="Call to see how you feel")
    await tasks.filter(has_text=PATIENT).click()
    await expect(coordinator.get_by_role("heading", level=2, name="Call to see how you feel")).to_be_visible()


async def _answer(patient: Page, coordinator: Page) -> None:
    await patient.get_by_role("link", name=re.compile("Messages")).click()
    await patient.get_by_role("link").filter(has_text="How is your throat today?").click()
    await patient.get_by_label("Write to your care team").fill("Much better, thank you.")
    await patient.get_by_role("button", name="Send").click()
    await expect(patient.get_by_text("Sending…")).to_be_hidden()
    await coordinator.get_by_role("link", name=re.compile("Inbox")).click()
    # The follow-up list, which names the same patient, stays on the screen until the inbox is there.
    await expect(coordinator.get_by_role("heading", level=1)).to_have_text("Inbox")
    await coordinator.get_by_role("link").filter(has_text=PATIENT).first.click()
    await expect(coordinator.get_by_text("Much better, thank you.").first).to_be_visible()
    await coordinator.get_by_role("link", name="Follow-up").click()
    await _open_task(coordinator)
    await coordinator.get_by_role("button", name="Complete").click()
    await coordinator.get_by_label("Outcome").fill("Better.")
    await coordinator.get_by_role("button", name="Complete").last.click()
    await expect(coordinator.get_by_text("Completed").first).to_be_visible()


async def _see_who_looked(patient: Page, clinic: Clinic) -> None:
    await patient.goto(f"{clinic.base}/record/access")
    await expect(patient.get_by_text("Amara Okafor").first).to_be_visible()
    await expect(patient.get_by_text("Kim Cole").first).to_be_visible()


async def _audit_tells_the_story(admin: Page, clinic: Clinic) -> None:
    await sign_in_staff(admin, clinic, ADMIN)
    await expect(admin.get_by_role("heading", level=1)).to_be_visible()
    actions: set[str] = set()
    wanted: dict[str, int] = {}
    for _ in range(10):
        found = await admin.request.post(
            f"{clinic.base}/api/admin/audit/search", data=wanted, headers={"origin": clinic.base}
        )
        page = await found.json()
        actions |= {each["action"] for each in page["entries"]}
        wanted = {"before": page["next"]}
    for action in ("visit.admitted", "note.sign", "prescription.signed", "task.done", "message.send"):
        assert action in actions, f"{action} is not in the audit: {sorted(actions)}"
