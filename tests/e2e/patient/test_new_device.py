"""A phone that changed hands, a new tablet, and the coordinator who helps: what each sees, and what nobody does."""

from playwright.async_api import Browser, Page, expect

from tests.e2e.people import SLUG, Clinic, say_who, sign_in_staff
from tests.e2e.screens.screens import allowing, check_screen, open_watched

COORDINATOR = "kim.cole@harbor.example"
PATIENT, GIVEN = "+15185550122", "Nadia"
REFUSED = "422 POST"


async def prove_phone(page: Page, clinic: Clinic, phone: str) -> None:
    """The number and its code."""
    earlier = await clinic.codes(phone)
    await page.goto(f"{clinic.base}/c/{SLUG}/sign-in")
    await page.get_by_label("Mobile number").press_sequentially(phone)
    await page.get_by_role("button", name="Send me a code").click()
    await page.get_by_label("6-digit code").press_sequentially(await clinic.next_code(phone, earlier))
    await expect(page.get_by_role("heading", level=1)).to_have_text("Is it you?")


async def answer(page: Page, birth_date: str, family: str) -> None:
    year, month, day = birth_date.split("-")
    for label, typed in (("Month", month), ("Day", day), ("Year", year)):
        await page.get_by_label(label, exact=True).fill("")
        await page.get_by_label(label, exact=True).press_sequentially(typed)
    await page.get_by_label("Last name, ZIP code or record number").fill(family)
    await page.get_by_role("button", name="Sign in", exact=True).click()


async def test_a_new_tablet_a_stranger_and_the_coordinator(clinic: Clinic, browser: Browser) -> None:
    birth_date, family = await clinic.identity_of(PATIENT)
    home = await open_watched(browser, phone=True)
    with allowing(home, "401 GET"):
        await prove_phone(home, clinic, PATIENT)
        await check_screen(home)
        await say_who(home, birth_date, family)
        await expect(home.get_by_role("heading", level=1)).to_contain_text("Hello")
        await check_screen(home)

    # Somebody with the phone in hand, who knows nothing of its owner.
    stranger = await open_watched(browser, phone=True)
    with allowing(stranger, "401 GET", REFUSED, "403 POST"):
        await prove_phone(stranger, clinic, PATIENT)
        await answer(stranger, "1971-02-03", "Smith")
        await expect(stranger.get_by_text("4 tries left")).to_be_visible()
        await check_screen(stranger)
        for left in ("3 tries left", "2 tries left", "One try left", None):
            await stranger.get_by_role("button", name="Sign in", exact=True).click()
            if left:
                await expect(stranger.get_by_text(left)).to_be_visible()
        await expect(stranger.get_by_role("heading", level=1)).to_have_text("Please call us")
        await check_screen(stranger)

    # The owner's new tablet, and what the owner's phone says of it.
    tablet = await open_watched(browser)
    with allowing(tablet, "401 GET", "401 POST"):
        await prove_phone(tablet, clinic, PATIENT)
        await say_who(tablet, birth_date, family)
        await expect(tablet.get_by_role("heading", level=1)).to_contain_text("Hello")
        notice = home.get_by_role("region", name="Was this you?")
        await expect(notice).to_contain_text("new device")
        await check_screen(home)
        await notice.get_by_role("button", name="It was not me").click()
        await check_screen(home)
        await notice.get_by_role("button", name="Sign everybody else out").click()
        await expect(notice).to_be_hidden()
        # Out, on the spot.
        await expect(tablet.get_by_label("Mobile number")).to_be_visible()

    await _the_coordinator_helps(clinic, browser, family)


async def _the_coordinator_helps(clinic: Clinic, browser: Browser, family: str) -> None:
    """A task says to call; the chart page has the account, and nothing is done without saying how one was sure."""
    desk = await open_watched(browser)
    await sign_in_staff(desk, clinic, COORDINATOR)
    await expect(desk.get_by_text("somebody else was in their account").first).to_be_visible()
    await desk.goto(f"{clinic.base}/patients")
    await desk.get_by_role("searchbox").press_sequentially(PATIENT)
    await desk.get_by_role("link", name=f"{family}, {GIVEN}").click()
    account = desk.get_by_role("region", name="Account and sign-in")
    await expect(account).to_contain_text("Active")
    await account.get_by_role("button", name="Let in on a new device").click()
    dialog = desk.get_by_role("dialog", name="Let in on a new device")
    await dialog.get_by_role("button", name="Let in on a new device").click()
    await expect(dialog.get_by_label("How did you make sure who it is?")).to_have_attribute(
        "aria-invalid", "true"
    )
    await check_screen(desk)
    await dialog.get_by_label("How did you make sure who it is?").select_option("called_back")
    await dialog.get_by_label("What was checked").press_sequentially("Number from the referral letter.")
    await dialog.get_by_role("button", name="Let in on a new device").click()
    await expect(dialog).to_be_hidden()
    await expect(account).to_contain_text("a code alone lets the patient in")
    await check_screen(desk)

    tablet = await open_watched(browser, phone=True, language="es")
    with allowing(tablet, "401 GET"):
        earlier = await clinic.codes(PATIENT)
        await tablet.goto(f"{clinic.base}/c/{SLUG}/sign-in")
        await tablet.get_by_label("Número de celular").press_sequentially(PATIENT)
        await tablet.get_by_role("button", name="Envíenme un código").click()
        await tablet.get_by_label("Código de 6 dígitos").press_sequentially(
            await clinic.next_code(PATIENT, earlier)
        )
        await expect(tablet.get_by_role("heading", level=1)).to_contain_text(GIVEN)


async def test_whoever_got_the_number_registers_as_themselves(clinic: Clinic, browser: Browser) -> None:
    page = await open_watched(browser, phone=True)
    with allowing(page, "401 GET"):
        await prove_phone(page, clinic, "+15185550124")
        await page.get_by_role("button", name="I am new here").click()
        await page.get_by_label("First name").fill("Sam")
        await page.get_by_label("Last name").fill("Wu")
        for label, typed in (("Month", "5"), ("Day", "6"), ("Year", "2001")):
            await page.get_by_label(label, exact=True).press_sequentially(typed)
        await page.get_by_role("button", name="Register").click()
        await check_screen(page)
        await page.get_by_label("it is mine now").check()
        await check_screen(page)
        await page.get_by_role("button", name="Register").click()
        await expect(page.get_by_role("heading", level=1)).to_contain_text("Hello, Sam")
        await expect(page.get_by_text("Add a second way to sign in")).to_be_visible()
        await check_screen(page)
        await page.goto(f"{clinic.base}/record")
        await check_screen(page)
