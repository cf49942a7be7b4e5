"""An administrator adds a location, and a coordinator writes down another telephone and a license of a patient: on a
laptop and a phone."""

import re

import pytest
from playwright.async_api import expect

from tests.e2e.people import Clinic
from tests.e2e.screens.screens import check_screen
from tests.e2e.screens.test_screens_staff import ADMIN, DEVICES, OpenAs, open_as

__all__ = ["open_as"]

COORDINATOR = "kim.cole@harbor.example"
SAVE = re.compile("^(Save|Guardar)$")


@pytest.mark.parametrize(("phone", "language"), DEVICES)
async def test_a_location_is_added_with_its_own_zone_and_a_closed_day(
    clinic: Clinic, open_as: OpenAs, phone: bool, language: str
) -> None:
    page = await open_as(ADMIN, phone, language)
    await page.goto(f"{clinic.base}/admin/locations")
    await expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^(Locations|Sedes)$"))
    await check_screen(page)
    name = f"Denver {language}"
    await page.get_by_role("button", name=re.compile("^(Add a location|Agregar una sede)$")).press("Enter")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label(re.compile("^(Name|Nombre)$")).fill(name)
    await dialog.get_by_label(re.compile("^(Time zone|Zona horaria)$")).select_option("America/Denver")
    await dialog.get_by_role("button", name=re.compile("closed day|día de cierre")).press("Enter")
    await dialog.get_by_role("button", name=SAVE).press("Enter")
    await expect(dialog.get_by_label(re.compile("^(Date|Fecha)$"))).to_be_focused()
    await dialog.get_by_label(re.compile("^(Date|Fecha)$")).fill("2027-06-01")
    await dialog.get_by_label(re.compile("^(Why|Motivo)$")).fill("Inventory")
    await check_screen(page)
    await dialog.get_by_role("button", name=SAVE).press("Enter")
    await expect(dialog).to_be_hidden()
    row = page.get_by_role("listitem").filter(has_text=name)
    await expect(row).to_contain_text(re.compile("Mountain Time|Montañas Rocosas"))
    await row.get_by_role("button", name=re.compile("^(Change|Cambiar) ")).press("Enter")
    await expect(dialog.get_by_label(re.compile("^(Why|Motivo)$"))).to_have_value("Inventory")
    await dialog.get_by_label(re.compile("^(Retired|Retirada)$")).check()
    await dialog.get_by_role("button", name=SAVE).press("Enter")
    await expect(row).to_contain_text(re.compile("Retired|Fuera de uso"))


@pytest.mark.parametrize(("phone", "language"), DEVICES)
async def test_a_telephone_without_messages_and_a_license_stand_on_the_patients_page(
    clinic: Clinic, open_as: OpenAs, phone: bool, language: str
) -> None:
    # Each device writes down its own: the clinic of the tests is one.
    number, state = ("(518) 555-0196 ext. 7", "Texas") if phone else ("(518) 555-0195 ext. 7", "Ohio")
    page = await open_as(COORDINATOR, phone, language)
    await page.goto(f"{clinic.base}/patients")
    await page.locator("main").get_by_role("link").nth(6).click()
    await page.get_by_role("button", name=re.compile("^(Add a phone|Agregar un tel)")).press("Enter")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label(re.compile("^(Phone number|Número de tel)")).fill(number)
    await dialog.get_by_label(re.compile("^(A message may|Aquí se puede)")).uncheck()
    await check_screen(page)
    await dialog.get_by_role("button", name=SAVE).press("Enter")
    await expect(dialog).to_be_hidden()
    row = page.get_by_role("listitem").filter(has_text=number)
    await expect(row).to_contain_text(re.compile("Leave no message|No dejar mensaje"))
    await page.get_by_role("button", name=re.compile("^(Add an|Agregar un) identifi")).press("Enter")
    await dialog.get_by_role("combobox").select_option("DL")
    await dialog.get_by_label(re.compile("^(State or country|Estado o país)$")).fill(state)
    await dialog.get_by_label(re.compile("^(Number|Número)$")).fill("RT 123 456 789")
    await dialog.get_by_role("button", name=SAVE).press("Enter")
    await expect(dialog).to_be_hidden()
    license = page.get_by_role("listitem").filter(has_text=state)
    await expect(license).to_contain_text("••• 6789")
    await license.get_by_role("button", name=re.compile("^(Show|Mostrar)")).press("Enter")
    await expect(license).to_contain_text("RT 123 456 789")
    await check_screen(page)
    await row.get_by_role("button").press("Enter")
    await dialog.get_by_role("button", name=re.compile("^(Remove|Quitar)$")).press("Enter")
    await expect(row).to_be_hidden()
