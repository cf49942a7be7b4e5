"""An administrator changes a clinician's account, shows their second factor for it, and a colleague confirms it."""

import asyncio
import re

import asyncpg
import pyotp
from playwright.async_api import Browser, Page, expect

from app.embedded import postgres
from app.home import Home
from tests.e2e import by_api
from tests.e2e.people import SLUG, Clinic, sign_in_staff
from tests.e2e.screens.screens import allowing, check_screen, open_watched
from tests.patience import PATIENCE
from tests.people import parts_of

ADMIN = "grace.lin@harbor.example"
COLLEAGUE = "amara.okafor@harbor.example"
CODE = "Code from your authenticator app"


async def _hired(clinic: Clinic, admin: by_api.Person, name: str, email: str, npi: str) -> by_api.Person:
    """Somebody new, with password and app set up, signed in."""
    form = {**parts_of(name), "email": email, "roles": ["clinician"], "npi": npi, "licences": ["NY"]}
    await admin.post("/api/admin/people", form)
    link = await _notice(clinic, email, "invite")
    new, door = by_api.somebody(clinic), f"/api/clinics/{SLUG}"
    accept = {"token": link.partition("#")[2], "password": "seven slow boats to harbor"}
    step = {"challenge": (await new.post(f"{door}/invites/accept", accept))["challenge"]}
    app = pyotp.TOTP((await new.post(f"{door}/staff/enrolment", step))["secret"])
    await new.post(f"{door}/staff/enrolment/confirm", step | {"code": app.now()})
    return new


async def _notice(clinic: Clinic, to: str, kind: str) -> str:
    """The link of the newest notice of a kind to an address, once it is there."""
    async with asyncio.timeout(PATIENCE):
        while True:
            for each in await clinic.notices(to):
                if each["kind"] == kind:
                    return str(re.findall(r"\S+#\S+", each["text"])[0])
            await asyncio.sleep(0.1)


async def _shown_a_day_ago(clinic: Clinic) -> None:
    """Everybody's second factor."""
    connection = await asyncpg.connect(postgres.url(Home(clinic.home), postgres.SUPERUSER, "carethread"))
    await connection.execute("UPDATE auth_session SET stepped_up_at = now() - interval '1 day'")
    await connection.close()


async def _confirm_who_one_is(page: Page, clinic: Clinic, email: str) -> None:
    code = page.get_by_label(CODE)
    await expect(code).to_be_focused()
    await check_screen(page)
    await code.press_sequentially(await clinic.authenticator_code(email))
    await page.keyboard.press("Enter")
    await expect(code).to_be_hidden()


async def test_a_changed_clinician_signs_once_a_colleague_has_confirmed_it(
    clinic: Clinic, browser: Browser
) -> None:
    admin = await by_api.staff(clinic, ADMIN)
    hired = await _hired(clinic, admin, "Nia Webb", "nia.webb@harbor.example", "1992000004")
    theirs = await open_watched(browser, phone=True, language="es-MX")
    await theirs.add_init_script("localStorage.setItem('carethread.locale', 'es')")
    await hired.lend_cookie(theirs.context)
    await theirs.goto(f"{clinic.base}/queue")
    off = theirs.get_by_text("Por ahora no puede firmar")
    await expect(off).to_be_visible()
    await check_screen(theirs)

    await admin.lend_cookie((desk := await open_watched(browser)).context)
    await desk.goto(f"{clinic.base}/admin/people")
    await expect(desk.get_by_text("One person cannot sign")).to_be_visible()
    await check_screen(desk)
    await _shown_a_day_ago(clinic)
    await desk.get_by_role("button", name="Edit Nia Webb").click()
    await desk.get_by_label("Credentials").press_sequentially("NP")
    save = desk.get_by_role("button", name="Save", exact=True)
    with allowing(desk, "403 PUT"):
        await save.click()
        # Given up: what was typed is still there.
        await expect(desk.get_by_label(CODE)).to_be_focused()
        await desk.keyboard.press("Escape")
        await expect(desk.get_by_text("Please confirm that it is you first.")).to_be_visible()
        await expect(desk.get_by_label("Credentials")).to_have_value("NP")
        await save.click()
        await _confirm_who_one_is(desk, clinic, ADMIN)
    await expect(desk.get_by_text("Nia Webb, NP").first).to_be_visible()
    await expect(desk.get_by_role("dialog")).to_be_hidden()

    await desk.goto(f"{clinic.base}/confirmations")
    await expect(desk.get_by_text("You made this change.").first).to_be_visible()
    await check_screen(desk)

    colleague = await open_watched(browser)
    await sign_in_staff(colleague, clinic, COLLEAGUE)
    await colleague.get_by_role("link", name="Look at it").click()
    await expect(colleague.get_by_role("heading", name="Nia Webb, NP")).to_be_visible()
    await expect(colleague.get_by_text("Credentials: none → NP")).to_be_visible()
    await check_screen(colleague)
    await expect(colleague.get_by_role("button", name="Confirm")).to_be_disabled()
    await colleague.get_by_label("I have spoken to Nia Webb").check()
    await colleague.get_by_role("button", name="Confirm").click()
    await expect(colleague.get_by_text("Nothing waits")).to_be_visible()
    await check_screen(colleague)
    # It comes back by itself, where the clinician is.
    await expect(off).to_be_hidden()
    for page in (theirs, desk, colleague):
        await page.context.close()
    for person in (admin, hired):
        await person.close()


async def test_whoever_did_not_expect_the_change_freezes_the_account(
    clinic: Clinic, browser: Browser
) -> None:
    admin = await by_api.staff(clinic, ADMIN)
    hired = await _hired(clinic, admin, "Oto Brand", "oto.brand@harbor.example", "1992000012")
    people = (await admin.get("/api/admin/people?q=oto"))["people"]
    form = {key: people[0][key] for key in ("given", "family", "roles", "npi", "licences", "version")}
    await admin.put(f"/api/admin/people/{people[0]['id']}", form | {"email": "mine@elsewhere.example"})
    link = await _notice(clinic, "oto.brand@harbor.example", "staff_security")

    page = await open_watched(browser, phone=True, language="es-MX")
    await page.goto(link)
    freeze = page.get_by_role("button", name="Bloquear mi cuenta")
    await expect(freeze).to_be_visible()
    await check_screen(page)
    await page.reload()
    await freeze.click()
    await expect(page.get_by_role("heading", name="Su cuenta está bloqueada")).to_be_visible()
    await check_screen(page)
    assert (await hired.attempt("GET", "/api/session")).status_code == 401
    with allowing(page, "409 POST"):
        await page.reload()
        await expect(page.get_by_role("heading", name="Este enlace ya no sirve")).to_be_visible()
        await check_screen(page)

    await admin.lend_cookie((desk := await open_watched(browser)).context)
    await desk.goto(f"{clinic.base}/admin/people")
    await expect(desk.get_by_text("Frozen").first).to_be_visible()
    await check_screen(desk)
    await desk.get_by_role("button", name="Edit Oto Brand").click()
    await expect(desk.get_by_text("Frozen: somebody said")).to_be_visible()
    await check_screen(desk)
    for each in (page, desk):
        await each.context.close()
    for person in (admin, hired):
        await person.close()
