"""Every screen of the clinic's people, on a laptop in English and on a phone in Spanish, fit to be shown.

What 'fit' means stands in `screens`. Beside the walk: the states that one does not come across by walking.
"""

import re
from collections.abc import Awaitable, Callable

import asyncpg
import pytest
from playwright.async_api import Browser, Page, expect

from app.embedded import postgres
from app.home import Home
from tests.e2e.people import SLUG, Clinic, sign_in_staff
from tests.e2e.screens.screens import allowing, check_screen, open_watched

ADMIN = "grace.lin@harbor.example"
OFFICER = "nora.feld@harbor.example"
CLINICIAN = "daniel.reyes@harbor.example"
CURIOUS = "luis.ortega@harbor.example"
FLAGGED = "June Hale"
DEVICES = [pytest.param(False, "en", id="laptop-en"), pytest.param(True, "es", id="phone-es")]
OpenAs = Callable[[str, bool, str], Awaitable[Page]]

_cookies: dict[tuple[str, str], str] = {}
"""By module and person: what an administrator changes wants a second factor of the last fifteen minutes."""


@pytest.fixture
def open_as(clinic: Clinic, browser: Browser, request: pytest.FixtureRequest) -> OpenAs:
    """A page in which a member of staff is signed in; by typing the first time, with the same cookie later."""

    async def open_page(email: str, phone: bool, language: str) -> Page:
        page = await open_watched(browser, phone=phone, language="es-MX" if language == "es" else "en-US")
        who = request.module.__name__, email
        if who not in _cookies:
            typing = await open_watched(browser)
            await sign_in_staff(typing, clinic, email)
            await expect(typing.get_by_role("heading", level=1)).to_be_visible()
            _cookies[who] = next(
                each["value"] for each in await typing.context.cookies() if each["name"] == "carethread"
            )
            await typing.context.close()
        await page.context.add_cookies([{"name": "carethread", "value": _cookies[who], "url": clinic.base}])
        await page.add_init_script(f"localStorage.setItem('carethread.locale', '{language}')")
        return page

    return open_page


async def visit(page: Page, clinic: Clinic, *paths: str) -> None:
    """Open each path and judge what is there."""
    for path in paths:
        await page.goto(f"{clinic.base}{path}")
        await check_screen(page)


@pytest.mark.parametrize(("phone", "language"), DEVICES)
async def test_the_door(clinic: Clinic, browser: Browser, phone: bool, language: str) -> None:
    page = await open_watched(browser, phone=phone, language=language)
    await visit(page, clinic, f"/c/{SLUG}/staff", "/demo/outbox", "/nowhere/at-all")
    with allowing(page, "404 GET", "409 POST"):
        await visit(page, clinic, "/c/no-such-clinic/staff", f"/c/{SLUG}/invite")
    await page.goto(f"{clinic.base}/c/{SLUG}/staff")
    await page.locator("input[type=email]").fill(CLINICIAN)
    await page.locator("input[type=password]").fill("not the password")
    submit = page.locator("main form button[type=submit]")
    with allowing(page, "401 POST", "422 POST"):
        await submit.click()
        await expect(page.locator("input[type=password]")).to_be_focused()
        await expect(
            page.get_by_text(re.compile("password is wrong|contraseña no son correctos"))
        ).to_be_visible()
        await check_screen(page)
    await page.locator("input[type=password]").fill(str((await clinic.demo_people())["password"]))
    await submit.click()
    await expect(page.locator("input[type=password]")).to_be_hidden()
    await check_screen(page)
    await page.get_by_role("button", name=re.compile("recovery|recuperación")).click()
    await check_screen(page)


@pytest.mark.parametrize(("phone", "language"), DEVICES)
async def test_what_a_clinician_sees(clinic: Clinic, open_as: OpenAs, phone: bool, language: str) -> None:
    page = await open_as(CLINICIAN, phone, language)
    await visit(page, clinic, "/queue", "/hours", "/patients", "/followup", "/inbox", "/account")

    await page.goto(f"{clinic.base}/patients")
    await (
        page.get_by_role("searchbox").or_(page.locator("main input").first).first.fill("Nobody Has This Name")
    )
    await expect(page.get_by_role("link", name=re.compile("Dalton|Quinn"))).to_have_count(0)
    await check_screen(page)
    await page.locator("main input").first.fill("Quinn, Chloe")
    await page.get_by_role("link", name=re.compile("Quinn, Chloe")).first.click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Chloe Quinn")
    await check_screen(page)
    await page.goto(f"{page.url}/task")
    await expect(page.locator("main textarea")).to_be_visible()
    await check_screen(page)

    for path in ("/followup", "/inbox"):
        await page.goto(f"{clinic.base}{path}")
        await page.locator(f"main a[href^='{path}/']").first.click()
        await expect(page.get_by_role("heading", level=2).first).to_be_visible()
        await check_screen(page)
    with allowing(page, "404 GET"):
        nobody = "00000000-0000-7000-8000-000000000000"
        await visit(page, clinic, f"/patients/{nobody}", f"/encounter/{nobody}")
        await page.goto(f"{clinic.base}/followup/{nobody}")
        await expect(page.get_by_role("alert").first).to_be_visible()
        await check_screen(page)


@pytest.mark.parametrize(("phone", "language"), DEVICES)
async def test_the_encounter(clinic: Clinic, open_as: OpenAs, phone: bool, language: str) -> None:
    page = await open_as(CLINICIAN, phone, language)
    await page.goto(f"{clinic.base}/queue")
    row = page.get_by_role("listitem").filter(has_text=FLAGGED)
    await (
        row.get_by_role("button", name=re.compile("Admit|Atender"))
        .or_(row.locator("a[href^='/encounter']"))
        .click()
    )
    # The queue stays until the encounter is there.
    await expect(page.locator("[data-part=assessment]")).to_be_visible()
    for tab in await page.get_by_role("tab").all():
        await tab.click()
        await check_screen(page)
    await _what_is_missing_is_said_beside_it(page)
    await page.locator("[data-part=assessment]").fill("Bronchitis")
    await page.locator("[data-part=plan]").fill("Rest")
    await page.keyboard.press("Alt+Enter")
    await expect(page.get_by_role("dialog")).to_contain_text("Bronchitis")
    await check_screen(page)
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()


async def _what_is_missing_is_said_beside_it(page: Page) -> None:
    """'Finish visit' without an assessment: the keyboard is put where it is missing."""
    assessment = page.locator("[data-part=assessment]")
    await assessment.fill("")
    with allowing(page, "422 POST"):
        await page.get_by_role("button", name=re.compile("Finish visit|Terminar")).click()
        await expect(assessment).to_have_attribute("aria-invalid", "true")
        await expect(assessment).to_be_focused()
        await check_screen(page)


@pytest.mark.parametrize(("phone", "language"), DEVICES)
async def test_what_an_administrator_sees(
    clinic: Clinic, open_as: OpenAs, phone: bool, language: str
) -> None:
    page = await open_as(ADMIN, phone, language)
    await visit(page, clinic, "/admin/people", "/admin/clinic", "/admin/audit", "/account")
    await page.goto(f"{clinic.base}/admin/people")
    await page.get_by_role("button", name=re.compile("Invite|Invitar")).first.click()
    await page.get_by_role("dialog").locator("button[type=submit]").click()
    await expect(page.get_by_role("dialog").locator("[aria-invalid=true]").first).to_be_focused()
    await check_screen(page)
    await page.keyboard.press("Escape")
    await page.get_by_role(
        "button", name=re.compile("(Edit|Editar|Cambiar) .*Daniel Reyes|Daniel Reyes")
    ).first.click()
    await expect(page.get_by_role("dialog")).to_contain_text("NPI")
    await check_screen(page)
    await visit(page, clinic, "/queue")
    await expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Your role|Su función"))


@pytest.mark.parametrize(("phone", "language"), DEVICES)
async def test_how_calls_went(clinic: Clinic, open_as: OpenAs, phone: bool, language: str) -> None:
    page = await open_as(ADMIN, phone, language)
    await visit(page, clinic, "/calls")
    await page.get_by_role("button", name="90").click()
    worst = page.get_by_role("link", name=re.compile("marked as bad|marcada como mala")).first
    await expect(worst).to_be_visible()
    await check_screen(page)
    await worst.click()
    await expect(
        page.get_by_role("img", name=re.compile("How the call went|Cómo fue la llamada"))
    ).to_be_visible()
    await check_screen(page)
    await page.get_by_text(re.compile("Show .* as a table|Mostrar .* en una tabla")).click()
    await check_screen(page)
    with allowing(page, "404 GET"):
        await visit(page, clinic, "/calls/00000000-0000-7000-8000-000000000000")


@pytest.mark.parametrize(("phone", "language"), DEVICES)
async def test_what_a_privacy_officer_sees(
    clinic: Clinic, open_as: OpenAs, phone: bool, language: str
) -> None:
    page = await open_as(OFFICER, phone, language)
    await visit(page, clinic, "/privacy")
    await expect(page.get_by_text("Daniel Reyes")).to_be_visible()
    lift = page.get_by_role("button", name=re.compile("(Lift the restriction of|Quitar la restricción de)"))
    await lift.focus()
    await page.keyboard.press("Enter")
    reason = page.get_by_label(re.compile("Why it is lifted|Por qué se quita"))
    await expect(reason).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(reason).to_have_attribute("aria-invalid", "true")
    await check_screen(page)
    await page.keyboard.press("Escape")
    await expect(lift).to_be_focused()
    await page.get_by_text(re.compile("^(Reviewed|Revisados)$")).click()
    await expect(page.get_by_text(re.compile("Nothing reviewed yet|Nada revisado todavía"))).to_be_visible()
    await check_screen(page)


@pytest.mark.parametrize(("phone", "language"), DEVICES)
async def test_work_that_is_stuck_shows_by_itself_and_is_set_aside(
    clinic: Clinic, open_as: OpenAs, phone: bool, language: str
) -> None:
    page = await open_as(ADMIN, phone, language)
    await page.goto(f"{clinic.base}/admin/stuck-work")
    nothing = page.get_by_text(re.compile("Nothing is stuck|Nada está detenido"))
    await expect(nothing).to_be_visible()
    await check_screen(page)

    await _an_event_of_a_newer_release(clinic)

    row = page.get_by_role("listitem").filter(has_text="newer.event")
    await expect(row).to_contain_text("UnknownEvent")
    await check_screen(page)
    await row.get_by_role("button", name=re.compile("(Set aside|Apartar): newer.event")).click()
    await check_screen(page)
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name=re.compile("^(Set aside|Apartar)$")).click()
    await expect(nothing).to_be_visible()
    await check_screen(page)


async def _an_event_of_a_newer_release(clinic: Clinic) -> None:
    """No worker here knows it, so each delivery fails."""
    connection = await asyncpg.connect(postgres.url(Home(clinic.home), postgres.SUPERUSER, "carethread"))
    try:
        await connection.execute(
            "INSERT INTO outbox (id, clinic_id, key, name, ids, created_at, available_at) "
            "SELECT uuidv7(), id, 'newer', 'newer.event', '{}', now(), now() FROM clinic WHERE slug = $1",
            SLUG,
        )
    finally:
        await connection.close()


@pytest.mark.parametrize(("phone", "language"), DEVICES)
async def test_whoever_tries_what_is_not_theirs_is_shown_to_the_administrator(
    clinic: Clinic, open_as: OpenAs, phone: bool, language: str
) -> None:
    """While the page is open; one press leads to what was tried."""
    admin = await open_as(ADMIN, phone, language)
    await admin.goto(f"{clinic.base}/admin/audit")
    curious = await open_as(CURIOUS, False, "en")
    for number in range(30):
        tried = await curious.request.get(f"{clinic.base}/api/visits/00000000-0000-7000-8000-{number:012}")
        assert tried.status == 404
    alert = admin.get_by_role("region", name=re.compile("Repeated refusals|Rechazos repetidos"))
    await expect(alert).to_contain_text("Luis Ortega")
    await check_screen(admin)
    await alert.get_by_role("button", name=re.compile("Luis Ortega")).click()
    await expect(
        admin.get_by_role("cell", name=re.compile("refused again|Alerta: rechazos")).first
    ).to_be_visible()
    await check_screen(admin)


async def test_a_vital_sign_is_added_on_the_chart(clinic: Clinic, open_as: OpenAs) -> None:
    page = await open_as(CLINICIAN, False, "en")
    await page.goto(f"{clinic.base}/patients")
    await page.get_by_role("link", name=re.compile("Dalton")).first.click()
    await page.get_by_role("button", name="Add a vital sign").click()
    await check_screen(page)
    await page.get_by_label("Systolic", exact=True).press_sequentially("900")
    await page.get_by_label("Diastolic").press_sequentially("81")
    await page.get_by_role("button", name="Add", exact=True).click()
    await expect(page.get_by_text(re.compile(r"has to be between \d+ and \d+"))).to_be_visible()
    await expect(page.get_by_label("Systolic", exact=True)).to_be_focused()
    await check_screen(page)
    await page.get_by_label("Systolic", exact=True).clear()
    await page.get_by_label("Systolic", exact=True).press_sequentially("133")
    await page.get_by_role("button", name="Add", exact=True).click()
    await expect(page.get_by_label("Systolic", exact=True)).to_be_hidden()
    await expect(page.get_by_text("133/81 mmHg")).to_be_visible()
    await page.get_by_role("button", name="Add a vital sign").click()
    await page.get_by_label("What was measured").select_option(label="Temperature")
    await page.get_by_role("textbox", name="Value").press_sequentially("101.3")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("101.3 °F")).to_be_visible()
    await check_screen(page)


async def test_an_unsigned_prescription_is_warned_of_before_the_visit_is_finished(
    clinic: Clinic, open_as: OpenAs
) -> None:
    page = await open_as(CLINICIAN, False, "en")
    await page.goto(f"{clinic.base}/queue")
    row = page.get_by_role("listitem").filter(has_text=FLAGGED)
    await row.get_by_role("button", name="Admit").or_(row.locator("a[href^='/encounter']")).click()
    await page.get_by_role("tab", name="Prescribe").click()
    await page.get_by_label("Medicine", exact=True).fill("amoxicillin 500")
    await page.get_by_role("option").filter(has_text="amoxicillin 500 mg").first.click()
    await expect(page.get_by_role("button", name="Sign and send")).to_be_visible()
    await check_screen(page)
    await page.locator("[data-part=assessment]").fill("Bronchitis")
    await page.locator("[data-part=plan]").fill("Rest")
    await page.get_by_role("button", name="Finish visit").click()
    await expect(page.get_by_role("dialog")).to_contain_text(
        re.compile("amoxicillin.*(not signed|unsigned)", re.I)
    )
    await check_screen(page)


async def test_a_reason_that_is_missing_takes_the_keyboard(clinic: Clinic, open_as: OpenAs) -> None:
    """It stands far above the button that was pressed. Until then nothing but keys was needed."""
    page = await open_as(CLINICIAN, False, "en")
    await page.goto(f"{clinic.base}/queue")
    row = page.get_by_role("listitem").filter(has_text=FLAGGED)
    await row.get_by_role("button", name="Admit").or_(row.locator("a[href^='/encounter']")).click()
    await expect(page.get_by_label("Medicine", exact=True)).to_be_attached()
    await page.keyboard.press("Alt+p")
    for words in ("warfarin 5", "ibuprofen 200"):
        await expect(page.get_by_label("Medicine", exact=True)).to_be_focused()
        await page.keyboard.type(words)
        best = page.get_by_role("option", selected=True).or_(page.locator("[data-combobox-selected]")).first
        await expect(best).to_contain_text(words.split()[0])
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", name=re.compile(words))).to_be_focused()
        if words.startswith("warfarin"):
            await page.get_by_role("button", name="Keep as draft").click()
    await page.get_by_role("button", name="Sign and send").click()
    await expect(page.get_by_label("Reason for overriding").first).to_be_focused()
    await check_screen(page)


async def test_an_idle_screen_warns_then_signs_out_and_leads_back(clinic: Clinic, open_as: OpenAs) -> None:
    page = await open_as(ADMIN, False, "en")
    await page.clock.install()
    await page.goto(f"{clinic.base}/admin/clinic")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Clinic settings")
    await page.clock.fast_forward("13:30")
    warning = page.get_by_role("dialog", name="Are you still there?")
    await expect(warning).to_contain_text(re.compile(r"\d+ seconds left"))
    await expect(warning.get_by_role("button", name="Stay signed in")).to_be_focused()
    await check_screen(page)
    await page.keyboard.press("Enter")
    await expect(warning).to_be_hidden()

    await page.clock.fast_forward("15:05")
    await expect(page.get_by_text("You were signed out because this screen was not used")).to_be_visible()
    del _cookies[__name__, ADMIN]
    await check_screen(page)
    assert "next=%2Fadmin%2Fclinic" in page.url
    assert (await page.request.get(f"{clinic.base}/api/admin/people")).status == 401


async def test_a_clinic_that_cannot_be_reached_is_tried_again_by_a_press(
    clinic: Clinic, open_as: OpenAs
) -> None:
    page = await open_as(CLINICIAN, True, "es")
    with allowing(page, "ERR_FAILED", "console: "):
        await page.route("**/api/**", lambda route: route.abort())
        await page.goto(f"{clinic.base}/followup")
        await expect(page.get_by_role("alert")).to_contain_text("No pudimos")
        await page.unroute("**/api/**")
        await page.get_by_role("button", name=re.compile("otra vez|Reintentar|de nuevo")).click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Seguimiento")


async def test_without_a_network_nothing_that_was_written_is_lost(clinic: Clinic, open_as: OpenAs) -> None:
    page = await open_as(CLINICIAN, False, "en")
    await page.goto(f"{clinic.base}/queue")
    row = page.get_by_role("listitem").filter(has_text=FLAGGED)
    await row.get_by_role("button", name="Admit").or_(row.locator("a[href^='/encounter']")).click()
    plan = page.locator("[data-part=plan]")
    await expect(plan).to_be_visible()
    with allowing(page, "ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "console: "):
        await page.context.set_offline(True)
        await expect(page.get_by_text("You are offline")).to_be_visible()
        await plan.fill("Written without a network")
        await expect(page.get_by_text("Kept on this device")).to_be_visible()
        await check_screen(page)
        await page.context.set_offline(False)
        await expect(page.get_by_text(re.compile("Saved at"))).to_be_visible()
    await page.reload()
    await expect(plan).to_have_value("Written without a network")
