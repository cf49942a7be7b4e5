"""What a type of the record describes is on screen: added by keyboard, read by the patient's side, taken back."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e.people import Clinic
from tests.e2e.screens.screens import allowing, check_screen
from tests.e2e.screens.test_screens_staff import CLINICIAN, DEVICES, OpenAs, open_as

__all__ = ["open_as"]
MENU = re.compile("^(What to do with|Qué hacer con)")


@pytest.mark.parametrize(("phone", "language"), DEVICES)
async def test_a_vaccine_and_a_relatives_illness(
    clinic: Clinic, open_as: OpenAs, phone: bool, language: str
) -> None:
    page = await open_as(CLINICIAN, phone, language)
    await page.goto(f"{clinic.base}/patients")
    await page.locator("main input").first.fill("Quinn, Chloe")
    await page.get_by_role("link", name=re.compile("Quinn, Chloe")).first.click()
    vaccines = page.get_by_role("region", name=re.compile("^(Vaccines|Vacunas)$"))
    await expect(vaccines).to_contain_text(re.compile("No vaccines recorded|No hay vacunas registradas"))
    await vaccines.get_by_role("button", name=re.compile("^(Add a vaccine|Agregar una vacuna)$")).press(
        "Enter"
    )
    name = vaccines.get_by_label(re.compile("^(Vaccine|Vacuna)$"))
    await expect(name).to_be_focused()
    when = vaccines.get_by_label(re.compile("^(Given on|Fecha de aplicación)$"))
    await name.press_sequentially("Tetanus")
    await when.press_sequentially("spring")
    with allowing(page, "422 POST"):
        await when.press("Enter")
        await expect(when).to_have_attribute("aria-invalid", "true")
        await check_screen(page)
    await when.fill("2019-03")
    await when.press("Enter")
    line = vaccines.get_by_role("listitem").filter(has_text="Tetanus")
    await expect(line).to_contain_text(re.compile("Given · March 2019|Aplicada · marzo de 2019"))
    # Closed, the form gives the keyboard back to its button.
    await expect(name).to_have_count(0)
    family = page.get_by_role("region", name=re.compile("^(Family history|Antecedentes familiares)$"))
    await family.get_by_role("button").first.press("Enter")
    await family.get_by_role("combobox").select_option(value="MTH")
    illness = family.get_by_label(re.compile("^(Illness|Enfermedad)$"))
    await illness.press_sequentially("Diabetes")
    await illness.press("Enter")
    mother = family.get_by_role("listitem").filter(has_text=re.compile("Mother|Madre"))
    await expect(mother).to_contain_text("Diabetes")
    await expect(illness).to_have_count(0)
    await check_screen(page)
    await mother.get_by_role("button", name=MENU).press("Enter")
    await page.get_by_role("menuitem", name=re.compile("^(Change|Cambiar)$")).press("Enter")
    await expect(family.get_by_role("combobox")).to_be_focused()
    await illness.fill("Diabetes, type 2")
    await check_screen(page)
    await illness.press("Enter")
    await expect(mother).to_contain_text("Diabetes, type 2")
    await expect(illness).to_have_count(0)
    await mother.get_by_role("button", name=re.compile("^(History of|Historial de)")).press("Enter")
    versions = page.get_by_role("dialog").get_by_role("listitem")
    await expect(versions).to_have_count(2)
    await expect(versions.first).to_contain_text(
        re.compile("(Illness|Enfermedad)(Before: |Antes: )?Diabetes(After: |Después: )?Diabetes, type 2")
    )
    await check_screen(page)
    await page.keyboard.press("Escape")
    await _take_back(page, line, vaccines)
    await _take_back(page, mother, family)
    in_error = page.get_by_role("region", name=re.compile("^(Entered in error|Registrado por error)$"))
    await expect(in_error).to_contain_text("Another patient's")
    again = in_error.get_by_role("button", name=re.compile("(It was right|Era correcto): .*Tetanus"))
    await again.first.press("Enter")
    await expect(line).to_have_count(1)
    await check_screen(page)
    await _take_back(page, line, vaccines)


async def _take_back(page: Page, line: Locator, section: Locator) -> None:
    await line.get_by_role("button", name=MENU).click()
    await page.get_by_role("menuitem", name=re.compile("^(Entered in error|Registrado por error)$")).click()
    reason = section.get_by_label(re.compile("^(Why it is a mistake|Por qué es un error)$"))
    await expect(reason).to_be_focused()
    await reason.press("Enter")
    await expect(reason).to_have_attribute("aria-invalid", "true")
    await check_screen(page)
    await reason.press_sequentially("Another patient's")
    await reason.press("Enter")
    await expect(line).to_have_count(0)
