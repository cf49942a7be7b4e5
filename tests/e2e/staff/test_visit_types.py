"""An administrator changes what one can come for, and a clinician is away: on a laptop and a phone."""

import re

import pytest
from playwright.async_api import expect

from tests.e2e.people import Clinic
from tests.e2e.screens.screens import check_screen
from tests.e2e.screens.test_screens_staff import ADMIN, CLINICIAN, DEVICES, OpenAs, open_as

__all__ = ["open_as"]


@pytest.mark.parametrize(("phone", "language"), DEVICES)
async def test_a_visit_type_is_added_moved_and_retired(
    clinic: Clinic, open_as: OpenAs, phone: bool, language: str
) -> None:
    page = await open_as(ADMIN, phone, language)
    await page.goto(f"{clinic.base}/admin/visit-types")
    await expect(page.get_by_role("heading", level=1)).to_have_text(
        re.compile("^(Visit types|Tipos de consulta)$")
    )
    await check_screen(page)
    name = f"Travel {language}"
    await page.get_by_role("button", name=re.compile("^(Add a visit type|Agregar un tipo)")).press("Enter")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label(re.compile("^(Name, in English|Nombre, en inglés)")).press_sequentially(name)
    await dialog.get_by_label(re.compile("^(Name, in Spanish|Nombre, en español)")).press_sequentially(name)
    await dialog.get_by_label(re.compile("^(Length|Duración)")).press_sequentially("40")
    await check_screen(page)
    await dialog.get_by_role("button", name=re.compile("^(Save|Guardar)$")).press("Enter")
    await expect(dialog).to_be_hidden()
    row = page.get_by_role("listitem").filter(has_text=name)
    await expect(row).to_contain_text("40 min")
    await row.get_by_role("button", name=re.compile("^(Move .* up|Subir )")).press("Enter")
    last = page.get_by_role("list").get_by_role("listitem").last
    await expect(last).not_to_contain_text(name)
    await row.get_by_role("button", name=re.compile("^(Change|Cambiar) ")).press("Enter")
    await dialog.get_by_role("checkbox").check()
    await dialog.get_by_role("button", name=re.compile("^(Save|Guardar)$")).press("Enter")
    await expect(row).to_contain_text(re.compile("Retired|Fuera de uso"))
    await check_screen(page)


@pytest.mark.parametrize(("phone", "language"), DEVICES)
async def test_a_clinician_enters_days_away(
    clinic: Clinic, open_as: OpenAs, phone: bool, language: str
) -> None:
    page = await open_as(CLINICIAN, phone, language)
    await page.goto(f"{clinic.base}/hours")
    add = page.get_by_role("form", name=re.compile("^(Add|Agregar)$"))
    year = "2027" if language == "en" else "2028"
    await add.get_by_label(re.compile("^(First day|Primer día)")).fill(f"{year}-06-01")
    await add.get_by_label(re.compile("^(Last day|Último día)")).fill(f"{year}-06-14")
    await add.get_by_role("button").press("Enter")
    line = page.get_by_role("listitem").filter(has_text=year)
    await expect(line).to_contain_text(re.compile("Away|Ausente"))
    await check_screen(page)
    await line.get_by_role("button").press("Enter")
    await expect(line).to_have_count(0)
