"""Takes the README's pictures: the real screens of a fresh demo, while a visit goes through them.

    make pictures

The people before the cameras are drawn, because a machine has none; everything else is what anybody would see.
"""

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, Playwright, async_playwright, expect

from scripts.chromium import find_chromium
from tests.e2e.conftest import ARGUMENTS, running_clinic
from tests.e2e.patient.intake import fill_intake
from tests.e2e.people import SLUG, Clinic, new_page, sign_in_patient, sign_in_staff

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
MAX_BYTES = 300_000
PATIENT, PHONE = "Maya Bennett", "+15185550100"
SEEN = "+15185550118"
CLINICIAN, COORDINATOR = "amara.okafor@harbor.example", "kim.cole@harbor.example"

FRAMES = 24
# Somebody before a wall; the head sways a little with `t` from 0 to 1.
PERSON = """<body style="margin:0"><svg viewBox="0 0 640 360" width="640" height="360">
<rect width="640" height="360" fill="{wall}"/>
<rect x="430" y="40" width="120" height="150" rx="6" fill="#fff8"/>
<g transform="translate({sway} 0)">
<ellipse cx="320" cy="400" rx="150" ry="130" fill="{clothes}"/>
<rect x="292" y="235" width="56" height="60" rx="24" fill="{skin}"/>
<ellipse cx="320" cy="150" rx="88" ry="98" fill="{hair}"/>
<ellipse cx="320" cy="178" rx="66" ry="82" fill="{skin}"/>
<path d="M252 160 Q300 88 388 160 Q340 122 252 160" fill="{hair}"/>
<circle cx="296" cy="172" r="6" fill="#2b2320"/><circle cx="344" cy="172" r="6" fill="#2b2320"/>
<path d="M300 222 Q320 {mouth} 340 222" stroke="#7a3b35" stroke-width="5" fill="none"/>
</g></svg>"""
LOOKS = {
    "patient": {"wall": "#d9cfc0", "clothes": "#5b7f95", "skin": "#e0ac86", "hair": "#4a2f25"},
    "clinician": {"wall": "#cfe0dc", "clothes": "#f4f6f5", "skin": "#8a5a3c", "hair": "#1f1a18"},
}


async def take(home: Path) -> None:
    """Every picture anew, in the order of a visit, in a clinic that lives in this folder."""
    async with (
        running_clinic(home) as clinic,
        async_playwright() as playwright,
        _browser(playwright, home, "patient") as one,
        _browser(playwright, home, "clinician") as other,
    ):
        await _visit(clinic, one, other)


async def _visit(clinic: Clinic, one: Browser, other: Browser) -> None:
    clinician, patient = await new_page(other), await new_page(one, phone=True)
    await sign_in_staff(clinician, clinic, CLINICIAN)
    await _ask_to_be_seen(patient, clinic)
    await expect(_row(clinician)).to_contain_text("Here now")
    await shoot(clinician, "queue")
    await _call(clinician, patient)
    await _write(clinician)
    await shoot(clinician, "encounter")
    await _follow_up(await new_page(other), clinic)
    await _at_home(await new_page(one, phone=True), clinic)


async def _at_home(patient: Page, clinic: Clinic) -> None:
    """Somebody who has been seen before."""
    await patient.goto(f"{clinic.base}/c/{SLUG}/sign-in")
    await sign_in_patient(patient, clinic, SEEN)
    await expect(patient.get_by_role("heading", name="Prescriptions")).to_be_visible()
    await shoot(patient, "home")
    await patient.locator("main a[href^='/visits/']").first.click()
    await expect(patient.get_by_role("link", name="Download")).to_be_visible()
    await shoot(patient, "summary")


async def _ask_to_be_seen(patient: Page, clinic: Clinic) -> None:
    await patient.goto(f"{clinic.base}/c/{SLUG}")
    await patient.get_by_role("link", name="Start a visit").first.click()
    await sign_in_patient(patient, clinic, PHONE)
    await expect(patient.get_by_role("button", name="Sore throat")).to_be_visible()
    await shoot(patient, "intake")
    await fill_intake(patient, words="My throat hurts since Monday", name=PATIENT, reason="Sore throat")
    await expect(patient.get_by_text("You are in the waiting room")).to_be_visible()
    await shoot(patient, "waiting")


async def _call(clinician: Page, patient: Page) -> None:
    await _row(clinician).get_by_role("button", name="Admit").click()
    await patient.get_by_role("link", name="Join the visit").click()
    await patient.get_by_role("button", name="I am here: join the call").click()
    await clinician.get_by_role("button", name="Join the call").click()
    video = clinician.get_by_label("Video of").first
    await video.wait_for(state="attached")
    await clinician.wait_for_function(
        "video => video.getVideoPlaybackQuality().totalVideoFrames > 60", arg=await video.element_handle()
    )


async def _write(clinician: Page) -> None:
    """The note is half written, and a prescription ready to be signed."""
    await clinician.get_by_role("textbox", name="Objective").fill("Throat red on camera, speaks easily.")
    await clinician.get_by_role("textbox", name="Assessment").fill("Streptococcal pharyngitis, probable.")
    await clinician.get_by_label("Add a diagnosis").fill("strep throat")
    await clinician.get_by_role("option").filter(has_text="J02.0").first.click()
    await clinician.get_by_role("tab", name="Prescribe").click()
    await clinician.get_by_label("Medicine", exact=True).fill("amoxicillin 500")
    await clinician.get_by_role("option").filter(has_text="amoxicillin 500 mg").first.click()
    await expect(clinician.get_by_role("button", name="Sign and send")).to_be_visible()
    await expect(clinician.get_by_text(re.compile("Saved at"))).to_have_count(2)


async def _follow_up(coordinator: Page, clinic: Clinic) -> None:
    await sign_in_staff(coordinator, clinic, COORDINATOR)
    await coordinator.get_by_role("link").filter(has_text="Call: is swallowing better?").first.click()
    await coordinator.get_by_role("button", name="Log an attempt").click()
    await shoot(coordinator, "followup")


def _row(clinician: Page) -> Locator:
    return clinician.get_by_role("listitem").filter(has_text=PATIENT)


async def shoot(page: Page, name: str) -> None:
    """One picture, once nothing is being loaded, faded or slid any more."""
    await page.wait_for_load_state("networkidle")
    await page.evaluate("() => document.fonts.ready")
    path = PICTURES / f"{name}.png"
    await page.screenshot(path=path, animations="disabled", caret="hide")
    size = path.stat().st_size
    print(f"  {path.name:<16} {size // 1000} KB")
    if size > MAX_BYTES:
        raise SystemExit(f"{path.name} is too large for a README.")


@asynccontextmanager
async def _browser(playwright: Playwright, home: Path, who: str) -> AsyncIterator[Browser]:
    """A browser before whose camera somebody sits."""
    camera = home / f"{who}.mjpeg"
    chromium = find_chromium()
    painter = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
    page = await painter.new_page(viewport={"width": 640, "height": 360})
    with camera.open("wb") as film:
        for frame in range(FRAMES):
            there_and_back = abs(frame / (FRAMES - 1) * 2 - 1)
            await page.set_content(
                PERSON.format(sway=there_and_back * 10 - 5, mouth=226 + there_and_back * 16, **LOOKS[who])
            )
            film.write(await page.screenshot(type="jpeg", quality=90))
    await painter.close()
    browser = await playwright.chromium.launch(
        executable_path=chromium, args=[*ARGUMENTS, f"--use-file-for-fake-video-capture={camera}"]
    )
    yield browser
    await browser.close()


if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="ct-pictures-") as folder:
        Path(folder).chmod(0o755)
        asyncio.run(take(Path(folder)))
