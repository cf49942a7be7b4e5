"""The link of a message and the passkey: two more ways in for a patient, on a phone."""

import re

from playwright.async_api import Browser, Page, expect

from tests.e2e.people import SLUG, Clinic, enter_by_code, new_page, say_who
from tests.e2e.screens.screens import allowing, check_screen, open_watched, watch


async def test_the_link_of_a_message_signs_in_once(clinic: Clinic, browser: Browser) -> None:
    phone = "+15185550114"
    page = watch(await new_page(browser, phone=True))
    earlier = await clinic.codes(phone)
    await page.goto(f"{clinic.base}/c/{SLUG}/sign-in")
    await page.get_by_label("Mobile number").fill(phone)
    await page.get_by_role("button", name="Send me a code").click()
    found = re.search(r"https?://\S+#\S+", await clinic.next_message(phone, earlier))
    assert found
    link = found[0]

    # Programs that look at messages open links too: twice opened is not yet used.
    for _ in range(2):
        scanner = await open_watched(browser)
        await scanner.goto(link)
        await expect(scanner.get_by_role("button", name="Sign in")).to_be_visible()
        await check_screen(scanner)
        await scanner.context.close()

    await page.goto(link)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Is it you?")
    await check_screen(page)
    await say_who(page, *await clinic.identity_of(phone))
    await expect(page.get_by_role("heading", level=1)).to_have_text("Hello, Priya")

    late = await open_watched(browser, phone=True, language="es")
    await late.goto(link)
    with allowing(late, "422 POST"):
        await late.get_by_role("button", name="Entrar").click()
        await expect(late.get_by_text("ya no sirve")).to_be_visible()
        await check_screen(late)
    await late.get_by_role("link", name="código nuevo").click()
    await expect(late.get_by_label("Número de celular")).to_be_visible()


async def test_a_passkey_is_added_and_opens_the_door(clinic: Clinic, browser: Browser) -> None:
    page = await open_watched(browser, phone=True)
    await _give_it_a_fingerprint_reader(page)
    await enter_by_code(page, clinic, "+15185550116", "en")
    await page.goto(f"{clinic.base}/profile")
    await page.get_by_role("button", name="Add a passkey").click()
    await expect(page.get_by_text("not used yet")).to_be_visible()
    await check_screen(page)

    await page.context.clear_cookies()
    await page.goto(f"{clinic.base}/c/{SLUG}/sign-in")
    await page.get_by_role("button", name="Sign in with a passkey").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Hello, Hannah")


async def _give_it_a_fingerprint_reader(page: Page) -> None:
    """Chromium's virtual authenticator, which always finds the right finger on it."""
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    await devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
