"""Numbers typed key by key, as people type them: what is kept is what was typed, or the field says why not."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e.people import Clinic
from tests.e2e.screens.screens import allowing, check_screen
from tests.e2e.screens.test_screens_staff import CLINICIAN, DEVICES, FLAGGED, OpenAs, open_as

__all__ = ["open_as"]


async def retype(field: Locator, text: str) -> None:
    """Empty the field and type, one key after another."""
    await field.press("ControlOrMeta+a")
    await field.press("Delete")
    await field.press_sequentially(text)


async def open_encounter(page: Page, clinic: Clinic) -> None:
    await page.goto(f"{clinic.base}/queue")
    row = page.get_by_role("listitem").filter(has_text=FLAGGED)
    admit = row.get_by_role("button", name=re.compile("^(Admit|Admitir|Atender)"))
    await admit.or_(row.locator("a[href^='/encounter']")).first.click()
    await expect(page.locator("[data-part=plan]")).to_be_attached()


@pytest.mark.parametrize(("phone", "language"), DEVICES)
async def test_a_measurement_in_the_note(clinic: Clinic, open_as: OpenAs, phone: bool, language: str) -> None:
    page = await open_as(CLINICIAN, phone, language)
    await open_encounter(page, clinic)
    kind = page.get_by_label(re.compile("^(What was measured|Qué se midió)$"))
    value = page.get_by_label(re.compile(", (value|valor)$"))
    await kind.select_option(value="29463-7")
    for text, read_back in (("150.5", "150.5 lb = 68.3 kg"), ("68,3 kg", "150.6 lb = 68.3 kg")):
        await retype(value, text)
        await expect(page.get_by_text(read_back)).to_be_visible()
        await check_screen(page)
        await value.press("Enter")
        await expect(value).to_have_value("")
        added = page.get_by_role("listitem").filter(has_text=f"{read_back.split()[0]} lb")
        await expect(added).to_be_visible()
        await added.get_by_role("button").click()
        await kind.select_option(value="29463-7")
    await kind.select_option(value="8310-5")
    await retype(value, "38,5")
    await expect(page.get_by_text(re.compile(r"38\.5 °C"))).to_be_visible()
    await check_screen(page)
    await page.get_by_role("button", name=re.compile("^(Finish visit|Finalizar consulta|Terminar)")).click()
    await expect(value).to_be_focused()
    await expect(value).to_have_value("38,5")
    await page.reload()
    await expect(value).to_have_value("38,5")
    await retype(value, "98.6")
    await value.press("Enter")
    await expect(page.get_by_role("listitem").filter(has_text="98.6 °F")).to_be_visible()
    await page.get_by_role("listitem").filter(has_text="98.6 °F").get_by_role("button").click()


@pytest.mark.parametrize(("phone", "language"), DEVICES)
async def test_a_dose_and_its_supply(clinic: Clinic, open_as: OpenAs, phone: bool, language: str) -> None:
    page = await open_as(CLINICIAN, phone, language)
    await open_encounter(page, clinic)
    await page.get_by_role("tab", name=re.compile("^(Prescribe|Recetar)")).click()
    search = page.get_by_label(re.compile("^(Medicine|Medicamento)$"))
    await search.press_sequentially("lisinopril 10")
    await page.get_by_role("option").filter(has_text="lisinopril 10 mg").first.click()
    await page.get_by_role("button", name=re.compile("^(Adjust|Ajustar)$")).click()
    dose = page.get_by_label(re.compile(r"^(Dose|Dosis) \("))
    sign = page.get_by_role("button", name=re.compile("^(Sign and send|Firmar y enviar)$"))
    sentence = page.get_by_role("status").filter(has_text=re.compile("^(Take|Tome) "))
    said = {
        "1/2": "half a tablet|media tableta",
        "1½": "1.5 tablets|1.5 tabletas",
        "1-2": "1 to 2 tablets|1 a 2 tabletas",
        "1 a 2": "1 to 2 tablets|1 a 2 tabletas",
        "2": "2 tablets|2 tabletas",
    }
    with allowing(page, "422 PUT", "422 ("):
        for text, words in said.items():
            await retype(dose, text)
            await expect(sentence).to_contain_text(re.compile(words))
            await expect(sign).to_be_enabled()
            await expect(dose).to_have_value(text)
        for text in ("", "1-1/2", "1,000", "1/3", "0.3", "12/2"):
            await retype(dose, text)
            await expect(dose).to_have_attribute("aria-invalid", "true")
            await expect(sign).to_be_disabled()
            await expect(sentence).to_be_hidden()
            await expect(dose).to_have_value(text)
        await check_screen(page)
        await page.get_by_role("button", name=re.compile("^(Keep as draft|Guardar como borrador)$")).click()
        await page.get_by_role("button", name=re.compile("^(Continue|Continuar)$")).first.click()
        await expect(dose).to_have_value("12/2")
        await expect(sign).to_be_disabled()
        await retype(dose, "1 1/2")
        await expect(sign).to_be_enabled()
        quantity = page.get_by_label(re.compile(r"^(Quantity|Cantidad) \("))
        for text in ("1,000", "0", "10000", ""):
            await retype(quantity, text)
            await expect(quantity).to_have_attribute("aria-invalid", "true")
            await expect(sign).to_be_disabled()
        await retype(quantity, "1 000")
        await expect(page.get_by_text("= 1000")).to_be_visible()
        await expect(sign).to_be_enabled()
    await check_screen(page)
