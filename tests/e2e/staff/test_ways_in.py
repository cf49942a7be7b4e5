"""A colleague's first day and last: invited, in with an app, out, in by paper, in by passkey, and disabled."""

import asyncio
import re
from datetime import UTC, datetime

from playwright.async_api import Browser, Page, expect

from identity.factors import totp
from tests.e2e.people import SLUG, Clinic, sign_in_staff
from tests.e2e.screens.screens import allowing, check_screen, open_watched
from tests.patience import PATIENCE

ADMIN = "grace.lin@harbor.example"
GIVEN, FAMILY, EMAIL = "Ines", "Moreau", "ines.moreau@harbor.example"
NAME = f"{GIVEN} {FAMILY}"
PASSWORD = "seven quiet herons at noon"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


async def test_a_colleague_from_the_invitation_to_the_last_day(clinic: Clinic, browser: Browser) -> None:
    admin, ines = await open_watched(browser), await open_watched(browser)
    await sign_in_staff(admin, clinic, ADMIN)
    # Proof that is asked for again, and sessions that are ended are answered with these.
    with allowing(ines, "401 ", "403 POST"):
        await _whole_story(clinic, admin, ines)


async def _whole_story(clinic: Clinic, admin: Page, ines: Page) -> None:
    await _invite(admin)
    await ines.goto(await _link_to(clinic, EMAIL))
    codes, secret = await _set_up(ines)
    await _sign_out(ines)
    await _in_by_recovery_code(ines, codes[0])

    cdp = await ines.context.new_cdp_session(ines)
    await cdp.send("WebAuthn.enable")
    await cdp.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    await _add_a_passkey(ines, secret)
    await _sign_out(ines)
    await ines.get_by_role("button", name="Sign in with a passkey").click()
    await expect(ines.get_by_role("heading", level=1)).to_have_text("Follow-up")

    await _reset_second_factor(admin)
    await expect(ines.get_by_label("Work e-mail")).to_be_visible()
    await _in_by_a_new_passkey(ines)
    await _disable(admin)
    await expect(ines.get_by_label("Work e-mail")).to_be_visible()
    await _refused(ines)


async def _invite(admin: Page) -> None:
    await expect(admin.get_by_role("heading", level=1)).to_have_text("People")
    await admin.get_by_role("button", name="Invite someone").click()
    await admin.get_by_label("First name").fill(GIVEN)
    await admin.get_by_label("Last name").fill(FAMILY)
    await admin.get_by_role("dialog").get_by_label("Work e-mail").fill(EMAIL)
    await admin.get_by_label("Care coordinator").check()
    await admin.get_by_role("button", name="Send the invitation").click()
    await expect(admin.get_by_role("row").filter(has_text=EMAIL)).to_contain_text("Invited")
    await check_screen(admin)


async def _link_to(clinic: Clinic, email: str) -> str:
    """The link of the invitation that went out."""
    async with asyncio.timeout(PATIENCE):
        while True:
            for each in await clinic.notices(email):
                if found := re.search(r"https?://\S+/invite#\S+", each["text"]):
                    return found[0]
            await asyncio.sleep(0.1)


async def _set_up(ines: Page) -> tuple[list[str], str]:
    """A password, an authenticator app, and the codes for paper."""
    await expect(ines.get_by_role("heading", level=1)).to_contain_text(NAME)
    await ines.get_by_label(f"Password for {EMAIL}").fill("short")
    await ines.get_by_role("button", name="Set the password").click()
    await expect(ines.get_by_text("Please use at least 12 characters.")).to_be_visible()
    await check_screen(ines)
    await ines.get_by_label(f"Password for {EMAIL}").fill(PASSWORD)
    await ines.get_by_role("button", name="Set the password").click()
    await expect(ines.get_by_role("heading", level=1)).to_have_text("Set up your second factor")
    await check_screen(ines)
    secret = (await ines.locator("code").inner_text()).replace(" ", "")
    code, _ = totp.unused_code(secret, after=0, at=datetime.now(UTC))
    await ines.get_by_label("Code that the app shows now").fill(code)
    await ines.get_by_role("button", name="Confirm").click()
    kept = ines.get_by_role("list", name="Recovery codes").get_by_role("listitem")
    await expect(kept).to_have_count(10)
    await check_screen(ines)
    codes = await kept.all_inner_texts()
    await ines.get_by_role("button", name="I have kept them").click()
    await expect(ines.get_by_role("heading", level=1)).to_have_text("Follow-up")
    return codes, secret


async def _sign_out(ines: Page) -> None:
    """One lands at one's own door."""
    await ines.get_by_role("button", name=f"Account of {NAME}").click()
    await ines.get_by_role("menuitem", name="Sign out", exact=True).click()
    await expect(ines).to_have_url(re.compile(rf"/c/{SLUG}/staff$"))


async def _password(ines: Page) -> None:
    await ines.get_by_label("Work e-mail").fill(EMAIL)
    await ines.get_by_role("textbox", name="Password").fill(PASSWORD)
    await ines.get_by_role("button", name="Continue").click()


async def _in_by_recovery_code(ines: Page, code: str) -> None:
    await _password(ines)
    await ines.get_by_role("button", name=re.compile("use a recovery code")).click()
    await ines.get_by_label("Recovery code").fill(code)
    await ines.get_by_role("button", name="Sign in", exact=True).click()
    await expect(ines.get_by_role("heading", level=1)).to_have_text("Follow-up")


async def _add_a_passkey(ines: Page, secret: str) -> None:
    """Who came in by a code from paper shows the app before anything is added."""
    await ines.get_by_role("button", name=f"Account of {NAME}").click()
    await ines.get_by_role("menuitem", name="Profile and security").click()
    await ines.get_by_role("button", name="Add a passkey").click()
    now = datetime.now(UTC)
    code, _ = totp.unused_code(secret, after=int(now.timestamp()) // totp.STEP_SECONDS, at=now)
    await ines.get_by_label("Code from your authenticator app").fill(code)
    await ines.get_by_role("button", name="Confirm").click()
    await expect(ines.get_by_text(re.compile("Added .* not used yet"))).to_be_visible()
    await check_screen(ines)


async def _person(admin: Page) -> None:
    await admin.get_by_role("button", name=f"Edit {NAME}").click()


async def _reset_second_factor(admin: Page) -> None:
    """Ends every session of hers."""
    await admin.reload()
    await _person(admin)
    await admin.get_by_role("button", name="Reset second factor").click()
    question = admin.get_by_role("dialog", name="Reset the second factor of")
    await expect(question).to_be_visible()
    await check_screen(admin)
    await question.get_by_role("button", name="Reset second factor").click()
    await expect(admin.get_by_text(f"{NAME} will set up a new second factor.")).to_be_visible()


async def _in_by_a_new_passkey(ines: Page) -> None:
    await _password(ines)
    await expect(ines.get_by_role("heading", level=1)).to_have_text("Set up your second factor")
    await ines.get_by_role("button", name="Use a passkey of this device instead").click()
    await ines.get_by_role("button", name="I have kept them").click()
    await expect(ines.get_by_role("heading", level=1)).to_have_text("Follow-up")


async def _disable(admin: Page) -> None:
    await _person(admin)
    await admin.get_by_role("button", name="Disable", exact=True).click()
    question = admin.get_by_role("dialog", name=f"Disable {NAME}?")
    await question.get_by_role("button", name="Disable", exact=True).click()
    await expect(admin.get_by_role("row").filter(has_text=EMAIL)).to_contain_text("Disabled")
    await check_screen(admin)


async def _refused(ines: Page) -> None:
    with allowing(ines, "422 POST", "401 "):
        await _password(ines)
        await expect(ines.get_by_text("The address or the password is wrong.")).to_be_visible()
        await check_screen(ines)
