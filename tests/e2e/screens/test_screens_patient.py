"""Every screen of a patient, on a phone, in English and in Spanish, fit to be shown.

What 'fit' means stands in `screens`.
"""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import count

import httpx
import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.e2e.people import SLUG, Clinic, enter_by_code, new_page, sign_in_staff
from tests.e2e.screens.screens import allowing, check_screen, open_watched

AMARA = "amara.okafor@harbor.example"
NOBODY = "0199aaaa-0000-7000-8000-000000000000"
SIGNED_OUT = "401 GET"
"""A clinic's page asks who is there; that nobody is, is an answer, but browsers count it."""


@dataclass(frozen=True)
class Someone:
    """A demo patient who has been seen before, and one who comes for the first time, in one language."""

    language: str
    seen: str
    new: str


PEOPLE = [
    pytest.param(Someone("en", "+15185550118", "+15185550104"), id="en"),
    pytest.param(Someone("es", "+15185550117", "+15185550109"), id="es"),
]


async def go(page: Page, clinic: Clinic, path: str) -> None:
    await page.goto(f"{clinic.base}{path}")
    await check_screen(page)


@pytest.mark.parametrize("someone", PEOPLE)
async def test_the_way_in(clinic: Clinic, browser: Browser, someone: Someone) -> None:
    page = await open_watched(browser, phone=True, language=someone.language)
    # To the end: that nobody is signed in may be said when one is already on another page.
    with allowing(page, SIGNED_OUT):
        await _way_in(page, clinic)


async def _way_in(page: Page, clinic: Clinic) -> None:
    await go(page, clinic, f"/c/{SLUG}")
    await page.locator("main a[href*='sign-in']").first.click()
    await expect(page.locator("input[type=tel]")).to_be_visible()
    await check_screen(page)
    send = page.locator("main form button[type=submit]")
    with allowing(page, "422 POST"):
        await page.locator("input[type=tel]").fill("555 01")
        await send.click()
        await expect(page.locator("input[type=tel]")).to_have_attribute("aria-invalid", "true")
        await expect(page.locator("input[type=tel]")).to_have_value("555 01")
        await check_screen(page)
    await page.locator("input[type=tel]").fill("(518) 555-0111")
    await send.click()
    code = page.locator("input[autocomplete=one-time-code]")
    with allowing(page, "422 POST"):
        await code.fill("000000")
        await expect(code).to_have_attribute("aria-invalid", "true")
        await check_screen(page)
    for path in ("/demo/outbox", "/nowhere/at-all", "/"):
        await go(page, clinic, path)
    with allowing(page, "404 GET"):
        await go(page, clinic, "/c/no-such-clinic")


@pytest.mark.parametrize("someone", PEOPLE)
async def test_what_a_patient_sees_at_home(clinic: Clinic, browser: Browser, someone: Someone) -> None:
    page = await open_watched(browser, phone=True, language=someone.language)
    await enter_by_code(page, clinic, someone.seen, someone.language)
    for path in ("/home", "/visits", "/record", "/messages", "/messages/new", "/profile", "/visit/new"):
        await go(page, clinic, path)

    await go(page, clinic, "/record/access")
    spanish = someone.language == "es"
    await expect(page.locator("main")).to_contain_text(
        "Firmó una receta" if spanish else "Signed a prescription"
    )

    await page.goto(f"{clinic.base}/home")
    await page.locator("main a[href^='/visits/']").first.click()
    pdf = page.locator("main a[href$='.pdf']")
    await expect(pdf).to_be_visible()
    await check_screen(page)
    document = await page.request.get(f"{clinic.base}{await pdf.get_attribute('href')}")
    assert (await document.body()).startswith(b"%PDF-")

    await page.goto(f"{clinic.base}/messages")
    await page.locator("main a[href^='/messages/0']").first.click()
    await expect(page.locator("main textarea")).to_be_visible()
    await check_screen(page)


@pytest.mark.parametrize("someone", PEOPLE)
async def test_what_is_not_there(clinic: Clinic, browser: Browser, someone: Someone) -> None:
    page = await open_watched(browser, phone=True, language=someone.language)
    await enter_by_code(page, clinic, someone.seen, someone.language)
    with allowing(page, "404 GET"):
        for path in ("/visits/{}", "/visit/{}/intake", "/visit/{}/waiting", "/visit/{}/call", "/messages/{}"):
            await page.goto(f"{clinic.base}{path.format(NOBODY)}")
            await expect(page.get_by_text(re.compile("do not have access|no tiene acceso"))).to_be_visible()
            await check_screen(page)


@pytest.fixture(scope="module")
async def clinician(clinic: Clinic, browser: Browser) -> AsyncIterator[httpx.AsyncClient]:
    """Amara, who does by the API what the staff's own tests do on the screen."""
    page = await new_page(browser)
    await sign_in_staff(page, clinic, AMARA)
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    cookies = {str(each["name"]): str(each["value"]) for each in await page.context.cookies()}
    await page.context.close()
    async with clinic.client() as client:
        client.cookies.update(cookies)
        yield client


@pytest.mark.parametrize("someone", PEOPLE)
async def test_from_the_reason_to_the_call(
    clinic: Clinic, browser: Browser, clinician: httpx.AsyncClient, someone: Someone
) -> None:
    page = await open_watched(browser, phone=True, language=someone.language)
    await enter_by_code(page, clinic, someone.new, someone.language)
    await go(page, clinic, "/book")
    await go(page, clinic, "/visit/new")
    await page.get_by_role("button", name=re.compile("Rash|Sarpullido")).click()
    visit_id = await _through_the_intake(page)

    await expect(page).to_have_url(re.compile("/waiting"))
    await check_screen(page)
    await _an_open_visit_is_said_before_another_is_begun(page, clinic)
    await page.get_by_role("link", name=re.compile("camera|cámara")).click()
    await page.get_by_role("button", name=re.compile("I heard it|lo oí")).click()
    await expect(page.get_by_text(re.compile("ready for video|lista para video"))).to_be_visible()
    await check_screen(page)
    await page.get_by_role("link", name=re.compile("Back to the waiting|Volver a la sala")).click()
    await check_screen(page)
    await page.get_by_role("button", name=re.compile("Step out|Salir un")).click()
    back = page.get_by_role("button", name=re.compile("I am back|Ya volví"))
    await expect(back).to_be_visible()
    await check_screen(page)
    await back.click()
    await expect(back).to_be_hidden()

    admitted = await clinician.post(f"/api/visits/{visit_id}/admit", json={"licence_reason": "Neighbour"})
    assert admitted.status_code == 200, admitted.text
    join = page.locator("main a[href$='/call'], main button").filter(has_text=re.compile("Join|Entrar")).first
    await expect(join).to_be_visible()
    await check_screen(page)
    await join.click()
    await _call_without_devices(browser, page, visit_id, someone.language)
    await _call(page)

    await clinician.post(f"/api/visits/{visit_id}/put-back")
    # Back in the line, and not told that the visit has ended.
    await expect(page).to_have_url(re.compile("/waiting"))
    await _called_off(page)
    await check_screen(page)
    await page.context.close()


async def _an_open_visit_is_said_before_another_is_begun(page: Page, clinic: Clinic) -> None:
    await page.goto(f"{clinic.base}/visit/new")
    await expect(page.get_by_text(re.compile("Rash or skin problem, |Sarpullido .*, "))).to_be_visible()
    await expect(page.get_by_role("button", name=re.compile("Sore throat|Dolor de garganta"))).to_have_count(
        0
    )
    await check_screen(page)
    await page.get_by_role("link", name=re.compile("Continue that visit|Seguir con esa")).click()
    await expect(page).to_have_url(re.compile("/waiting"))


async def _progress_is_honest(page: Page, screen: int) -> None:
    """As many knots as there are screens, and the one that is shown; no box in the page hides what it holds."""
    progress = page.get_by_role("progressbar")
    await expect(progress).to_have_attribute("aria-valuenow", str(screen))
    knots = await progress.locator("span").count()
    assert knots == int(str(await progress.get_attribute("aria-valuemax"))) >= screen
    await expect(page.get_by_text(re.compile(f"^(Step|Paso) {screen} (of|de) {knots}$"))).to_be_visible()
    hiding = await page.evaluate(
        """() => [...document.querySelectorAll('main *:not(textarea)')].filter((each) =>
            /auto|scroll/.test(getComputedStyle(each).overflowY) && each.scrollHeight > each.clientHeight + 1
        ).map((each) => each.textContent.slice(0, 80))"""
    )
    assert hiding == []


async def _through_the_intake(page: Page) -> str:
    """Step by step to the waiting room, past one emergency screen; every step is judged, empty and refused."""
    heading = page.get_by_role("heading", level=1)
    await expect(page).to_have_url(re.compile("/intake"))
    visit_id = page.url.split("/visit/")[1].split("/")[0]
    refused = alarmed = False
    for screen in count(1):
        await expect(page.locator("main input, main textarea, main dl").first).to_be_attached()
        title = await heading.inner_text()
        await check_screen(page)
        await _progress_is_honest(page, screen)
        onwards = page.locator("footer button, main button").filter(
            has_text=re.compile("^(Next|Siguiente|Send to the clinic|Enviar a la clínica)$")
        )
        if not refused:
            await onwards.click()
            await expect(page.locator("main [aria-invalid=true]").first).to_be_attached()
            await check_screen(page)
            refused = True
        if await page.locator("dl dt").count() > 3:
            await onwards.click()
            return visit_id
        first_list = page.locator("main fieldset:has(input[type=checkbox])")
        if not alarmed and await first_list.count() == 1 and await first_list.locator("input").count() > 5:
            alarmed = True
            await _raise_the_alarm(page, first_list)
            # The step that was alarming shows for a moment, and then the one after it.
            await expect(heading).not_to_have_text(title)
            continue
        await _answer(page)
        await onwards.click()
        await expect(heading).not_to_have_text(title)
    raise AssertionError("the intake has no end")


async def _raise_the_alarm(page: Page, choices: Locator) -> None:
    """Chest pain: the emergency screen, with a number to press; then it was a slip of the finger."""
    await choices.locator("input").first.evaluate("box => box.click()")
    await page.get_by_role("button", name=re.compile("^(Next|Siguiente)$")).click()
    await expect(page.locator("main a[href='tel:911']")).to_be_visible()
    await check_screen(page)
    await page.get_by_role("button", name=re.compile("have read this|Ya lo leí")).click()
    await expect(page.locator("main a[href='tel:911']")).to_be_hidden()


HARMLESS = re.compile(
    "^(Yes, they are right|Sí, están bien|No|None of these|Ninguna de estas|Phone call|Llamada telefónica)$"
)
NONE = re.compile(
    "no allergies that|take no medicines|No tengo alergias|No tomo medicamentos|have read this|Leí esto"
)


async def _answer(page: Page) -> None:
    """Something harmless everywhere, whatever the language."""
    at_home = page.get_by_role("button", name=re.compile("I am at home|Estoy en casa"))
    if await at_home.count():
        await at_home.click()
        return
    for group in await page.locator("main fieldset").all():
        boxes = await group.locator("input[type=radio], input[type=checkbox]").all()
        if not boxes or any([await box.is_checked() for box in boxes]):
            continue
        labels = [str(await box.evaluate("box => box.labels[0].innerText.trim()")) for box in boxes]
        harmless = next((at for at, label in enumerate(labels) if HARMLESS.match(label)), 0)
        none = next((at for at, label in enumerate(labels) if NONE.search(label)), harmless)
        await boxes[none].evaluate("box => box.click()")
    for box in await page.locator("main textarea, main input[type=text], main input:not([type])").all():
        if await box.is_visible() and not await box.input_value():
            label = str(await box.evaluate("field => field.labels?.[0]?.innerText ?? ''"))
            who = "Grace Osei" if "signature" in label else "Tomás Pineda"
            await box.fill(who if re.search("signature|firma", label) else "Elm Street Pharmacy")
            await box.press("Tab")


async def _call(page: Page) -> None:
    """The devices, the place, the call alone, muted, with the devices open, and left."""
    enter = page.get_by_role("button", name=re.compile("I am here|Estoy aquí"))
    await expect(enter).to_be_enabled()
    await check_screen(page)
    await page.get_by_role("button", name=re.compile("has changed|ha cambiado")).click()
    await check_screen(page)
    await enter.click()
    await expect(page.get_by_text(re.compile("Waiting for|Esperando a")).first).to_be_visible()
    await check_screen(page)
    await page.get_by_role("button", name=re.compile("^(Mute|Silenciar)")).click()
    await page.get_by_role("button", name=re.compile("Camera and sound|Cámara y sonido")).click()
    await check_screen(page)
    await page.get_by_role("button", name=re.compile("^(Leave|Salir)")).click()
    await expect(page.get_by_role("button", name=re.compile("Join again|Volver a entrar"))).to_be_visible()
    await check_screen(page)


async def _called_off(page: Page) -> None:
    cancel = page.get_by_role("button", name=re.compile("Cancel the visit|Cancelar la consulta"))
    await cancel.click()
    await check_screen(page)
    await cancel.click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("cancell?ed|canceló"))


REFUSES = """
navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('no', '%s'); };
"""


async def _call_without_devices(browser: Browser, page: Page, visit_id: str, language: str) -> None:
    """The browser may not use them, or there are none: what to do about it is said in so many words."""
    for why in ("NotAllowedError", "NotFoundError"):
        bare = await open_watched(browser, phone=True, language=language)
        await bare.add_init_script(REFUSES % why)
        await bare.context.add_cookies(await page.context.cookies())  # type: ignore[arg-type]  # what it gave
        await bare.goto(page.url.split("/visit/")[0] + f"/visit/{visit_id}/call")
        again = bare.get_by_role("button", name=re.compile("Try again|Intentar de nuevo"))
        await expect(again.first).to_be_visible()
        await check_screen(bare)
        await bare.context.close()
