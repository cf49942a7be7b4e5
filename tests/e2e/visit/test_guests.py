"""More people in a visit: an interpreter comes by a link, is agreed to, let in, seen by both, and taken out."""

import os
import re
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from tests.e2e import by_api
from tests.e2e.people import Clinic, new_page
from tests.patience import PATIENCE_MS

DANIEL = "daniel.reyes@harbor.example"
INTERPRETER = "Ines Ortiz (interpreter)"


async def _pictured(name: str, **pages: Page) -> None:
    """Pictures for whoever wants to look (`PICTURES=folder`)."""
    folder = os.environ.get("PICTURES")
    for who, page in pages.items() if folder else ():
        await page.screenshot(path=Path(str(folder)) / f"{name}-{who}.png")


async def _sees(page: Page, *names: str) -> None:
    """Moving pictures of each of these, and of nobody else."""
    for name in names:
        video = page.get_by_label(f"Video of {name}", exact=True)
        await expect(video).to_have_js_property("paused", False)
        await page.wait_for_function(
            "(name) => document.querySelector(`video[aria-label='Video of ${name}']`)"
            "?.getVideoPlaybackQuality().totalVideoFrames > 5",
            arg=name,
            polling="raf",
            timeout=PATIENCE_MS,
        )
    await expect(page.locator("[data-call]")).to_have_attribute("data-others", str(len(names)))


async def _invited(clinician: Page, kind: str = "interpreter") -> str:
    """A link, made in the dialog."""
    await clinician.get_by_role("button", name="Invite someone").click()
    dialog = clinician.get_by_role("dialog")
    await dialog.get_by_label("Who are they?").select_option(kind)
    await dialog.get_by_role("button", name="Make the link").click()
    link = await dialog.get_by_role("status").inner_text()
    await _pictured("invited", clinician=clinician)
    await dialog.get_by_role("button", name="Close").last.click()
    return link.strip()


async def _come_in(guest: Page, link: str, name: str) -> None:
    await guest.goto(link)
    await guest.get_by_label("Your name").fill(name)
    await _pictured("consent", guest=guest)
    await guest.get_by_label("I have read this and agree").check()
    await guest.get_by_role("button", name="Ask to join").click()
    await expect(guest.get_by_role("heading", level=1)).to_have_text("You are in the waiting room")


async def test_an_interpreter_comes_by_a_link_and_is_a_person_in_the_visit(
    clinic: Clinic, browser: Browser
) -> None:
    person = await by_api.new_patient(clinic, "+15185559501", "Rosa", "Delgado")
    doctor = await by_api.staff(clinic, DANIEL)
    visit = await by_api.request_visit(person, words="A question about my medicine")
    await doctor.post(f"/api/visits/{visit}/admit", {})
    patient, clinician = await new_page(browser, phone=True), await new_page(browser)
    guest, thief = await new_page(browser, phone=True), await new_page(browser)
    await clinician.set_viewport_size({"width": 1280, "height": 720})
    await person.lend_cookie(patient.context)
    await doctor.lend_cookie(clinician.context)
    await patient.goto(f"{clinic.base}/visit/{visit}/call")
    await clinician.goto(f"{clinic.base}/encounter/{visit}")
    await patient.get_by_role("button", name="I am here: join the call").click()
    await clinician.get_by_role("button", name="Join the call").click()
    await _sees(patient, "Daniel Reyes")

    link = await _invited(clinician)
    await _come_in(guest, link, "Ines Ortiz")
    await _pictured("waiting", guest=guest, clinician=clinician, patient=patient)
    # The link alone is worth nothing to anybody else by now.
    await thief.goto(link)
    await expect(thief.get_by_role("heading", level=1)).to_have_text(
        "This link was opened in another browser"
    )

    row = clinician.get_by_role("listitem").filter(has_text="Ines Ortiz")
    await expect(row.get_by_text("the patient is being asked")).to_be_visible()
    await expect(row.get_by_role("button", name="Let in")).to_be_hidden()
    ask = patient.get_by_role("alert").filter(has_text="Ines Ortiz wants to join your visit")
    await expect(ask).to_contain_text("Role: interpreter. Invited by Daniel Reyes.")
    await ask.get_by_role("button", name="Yes, they may join").click()
    await expect(guest.get_by_text("The patient agreed.")).to_be_visible()
    await row.get_by_role("button", name="Let in").click()

    # A reload is the same guest, who goes on where they were.
    await guest.reload()
    await expect(guest.get_by_role("heading", name="You may join")).to_be_visible()
    await _pictured("mirror", guest=guest)
    await guest.get_by_role("button", name="Join the call").click()
    await _sees(guest, "the patient", "Daniel Reyes")
    await _sees(patient, "Daniel Reyes", INTERPRETER)
    await _sees(clinician, "Rosa Delgado", INTERPRETER)
    await expect(patient.get_by_text(re.compile("Who is here:.*Ines Ortiz"))).to_be_visible()
    await expect(clinician.get_by_text(re.compile("In this visit:.*Ines Ortiz"))).to_be_visible()
    await expect(row.get_by_text("in the call", exact=True)).to_be_visible()
    assert "Delgado" not in await guest.content()
    await _pictured("three", guest=guest, clinician=clinician, patient=patient)

    await row.get_by_role("button", name="Remove").click()
    await clinician.get_by_role("dialog").get_by_role("button", name="Remove").click()
    await expect(guest.get_by_role("heading", level=1)).to_have_text("This link does not work any more")
    await _sees(patient, "Daniel Reyes")
    await _sees(clinician, "Rosa Delgado")
    await _pictured("after", guest=guest, clinician=clinician, patient=patient)
    await person.close()
    await doctor.close()


async def test_four_others_have_their_places_on_a_phone_and_beside_the_chart(
    clinic: Clinic, browser: Browser
) -> None:
    person = await by_api.new_patient(clinic, "+15185559502", "Nora", "Whitfield")
    doctor = await by_api.staff(clinic, DANIEL)
    visit = await by_api.request_visit(person, words="A question about my medicine")
    await doctor.post(f"/api/visits/{visit}/admit", {})
    patient, clinician = await new_page(browser, phone=True), await new_page(browser)
    await clinician.set_viewport_size({"width": 1280, "height": 720})
    await person.lend_cookie(patient.context)
    await doctor.lend_cookie(clinician.context)
    await clinician.goto(f"{clinic.base}/encounter/{visit}")
    await clinician.get_by_role("button", name="Join the call").click()
    await patient.goto(f"{clinic.base}/visit/{visit}/call")
    await patient.get_by_role("button", name="I am here: join the call").click()
    guests = {"Ines Ortiz": "interpreter", "Eva Whitfield": "family", "Sam Lee": "nurse"}
    for name, kind in guests.items():
        made = await doctor.post(f"/api/visits/{visit}/people", {"kind": kind})
        guest = await new_page(browser, phone=True)
        await _come_in(guest, made["link"], name)
        at = f"/api/visits/{visit}/people/{made['guest']['id']}"
        await person.post(f"{at}/agree")
        await doctor.post(f"{at}/admit")
        await guest.get_by_role("button", name="Join the call").click()
    for page, first in ((patient, "Daniel Reyes"), (clinician, "Nora Whitfield")):
        await expect(page.locator("[data-call]")).to_have_attribute("data-others", "4")
        names = [first, *(f"{name} ({kind})" for name, kind in guests.items())]
        await _stand_apart(page, names)
    await _pictured("five", clinician=clinician, patient=patient)
    await person.close()
    await doctor.close()


async def _stand_apart(page: Page, names: list[str]) -> None:
    """Each has a place of their own within the stage, of a size in which a face can be seen."""
    places = []
    stage = await page.locator("[data-call]").bounding_box()
    assert stage
    for name in names:
        place = page.locator(f'[data-name="{name}"]')
        await expect(place).to_be_visible()
        box = await place.bounding_box()
        assert box and box["width"] >= 100 and box["height"] >= 60, f"{name}: {box}"
        assert box["x"] >= stage["x"] - 1 and box["y"] >= stage["y"] - 1
        assert box["x"] + box["width"] <= stage["x"] + stage["width"] + 1
        assert box["y"] + box["height"] <= stage["y"] + stage["height"] + 1
        places.append(box)
    for number, one in enumerate(places):
        for other in places[:number]:
            apart_x = one["x"] >= other["x"] + other["width"] or other["x"] >= one["x"] + one["width"]
            apart_y = one["y"] >= other["y"] + other["height"] or other["y"] >= one["y"] + one["height"]
            assert apart_x or apart_y, "two people stand in one place"
