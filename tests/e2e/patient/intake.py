"""Fills the intake as a patient would, step by step, whatever it asks."""

from playwright.async_api import Locator, Page, expect

HARMLESS = ("Yes, they are right", "No", "None of these", "Phone call", "Better", "Mild")


async def fill_intake(page: Page, *, words: str, name: str, reason: str) -> None:
    """From the choice of a reason to the waiting room."""
    await page.get_by_role("button", name=reason).click()
    heading = page.get_by_role("heading", level=1)
    await expect(heading).to_have_text("Is this you?")
    while True:
        title = await heading.inner_text()
        if title == "Is everything right?":
            break
        await expect(page.locator("main input, main textarea").first).to_be_attached()
        await _answer(page, words, name)
        await page.get_by_role("button", name="Next").click()
        await expect(heading).not_to_have_text(title)
    await page.get_by_role("button", name="Send to the clinic").click()


async def _answer(page: Page, words: str, name: str) -> None:
    at_home = page.get_by_role("button", name="I am at home")
    if await at_home.count():
        await at_home.click()
        return
    for group in await page.get_by_role("group").all():
        await _choose(group)
    await _tick_none(page)
    for box in await page.locator("main textarea, main input[type=text], main input:not([type])").all():
        if await box.is_visible() and not await box.input_value():
            label = await box.evaluate("field => field.labels?.[0]?.innerText ?? ''")
            await box.fill(_text_for(label, words, name))
            await box.press("Tab")


def _text_for(label: str, words: str, name: str) -> str:
    if "signature" in label:
        return name
    return "Elm Street Pharmacy" if "harmacy" in label else words


async def _choose(group: Locator) -> None:
    """The harmless answer of a question that has none yet."""
    boxes = await group.locator("input[type=radio], input[type=checkbox]").all()
    if not boxes or any([await box.is_checked() for box in boxes]):
        return
    labels = [await box.evaluate("box => box.labels?.[0]?.innerText ?? ''") for box in boxes]
    # Of one-of-many questions the first answer is the mildest; of many-of-many the last is 'none'.
    fallback = 0 if await boxes[0].get_attribute("type") == "radio" else len(boxes) - 1
    chosen = next((at for at, label in enumerate(labels) if label.strip() in HARMLESS), fallback)
    await boxes[chosen].evaluate("box => box.click()")


async def _tick_none(page: Page) -> None:
    """'I have none', where a list is empty and still has to be answered."""
    for label in ("I have no allergies that I know of", "I take no medicines"):
        box = page.get_by_label(label)
        if await box.count() and await box.is_enabled() and not await box.is_checked():
            await box.evaluate("box => box.click()")
