"""The reviewed tables hold together: every reference leads somewhere, and nothing is said without its source."""

import re

import pytest

from chart.prescribing.directory import is_ncpdp_id
from chart.prescribing.knowledge.reading import read_allergy, read_medicine
from chart.prescribing.knowledge.terms import Terms, base, classes_by_ingredient, of_ingredients, vocabulary
from chart.prescribing.medicines.forms import DISPENSED, FORMS
from chart.prescribing.medicines.formulary import products
from chart.prescribing.medicines.tables import read_table
from chart.prescribing.safety import rules as safety

INGREDIENTS = {ingredient for product in products() for ingredient in product.ingredients}
BASES = {part for parts in vocabulary().values() for part in parts} | {base(name) for name in INGREDIENTS}
CLASSES = {name for classes in classes_by_ingredient().values() for name in classes}


def _known(name: str) -> bool:
    return name.removeprefix("class:") in (CLASSES if name.startswith("class:") else BASES)


def test_a_few_hundred_products_each_with_its_own_id() -> None:
    ids = [product.id for product in products()]
    assert len(ids) == len(set(ids)) >= 400


def test_every_product_has_directions_in_a_form_we_can_dispense() -> None:
    for product in products():
        assert product.usual, product.id
        assert FORMS[product.form].dispensed in DISPENSED
        assert FORMS[product.form].counted or product.pack, (
            f"{product.id} is dispensed in packs of what size?"
        )


def test_codes_look_like_codes_and_are_never_shared() -> None:
    rxcuis = [product.rxcui for product in products() if product.rxcui]
    assert len(rxcuis) == len(set(rxcuis)) > 100
    assert all(re.fullmatch(r"\d{4,7}", code) for code in rxcuis)
    assert all(re.fullmatch(r"\d{11}", product.ndc) for product in products() if product.ndc)


@pytest.mark.parametrize(
    ("name", "schedule"),
    [
        ("oxycodone", "CII"),
        ("methylphenidate", "CII"),
        ("acetaminophen / codeine", "CIII"),
        ("alprazolam", "CIV"),
        ("tramadol", "CIV"),
        ("zolpidem", "CIV"),
        ("pregabalin", "CV"),
        ("amoxicillin", ""),
        ("gabapentin", ""),
    ],
)
def test_schedules_are_those_of_the_law(name: str, schedule: str) -> None:
    found = {product.schedule for product in products() if product.name == name}
    assert found == {schedule}


@pytest.mark.parametrize(
    ("id_", "rxcui"),
    [("lisinopril-10-mg-tablet", "314076"), ("amlodipine-5-mg-tablet", "197361")],
)
def test_well_known_codes(id_: str, rxcui: str) -> None:
    assert next(product.rxcui for product in products() if product.id == id_) == rxcui


def test_interactions_refer_to_medicines_we_know_and_name_their_source() -> None:
    rows = read_table("interactions")
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        assert _known(row["a"]) and _known(row["b"]), row["id"]
        assert all(row.values()), row["id"]
        safety.Severity(row["severity"])


def test_allergies_and_words_refer_to_medicines_we_know() -> None:
    for row in read_table("allergies"):
        assert _known(row["allergy"]) and _known(row["medicine"]), row
        assert all(row.values())
    for row in read_table("words"):
        assert all(base(term) == term or term.startswith("class:") for term in row["term"].split(";")), row
        assert read_medicine(row["word"]).terms | read_allergy(row["word"]).terms, row["word"]
    for row in read_table("washout"):
        assert _known(row["medicine"]) and int(row["days"]) and row["source"], row
    for row in read_table("classes"):
        assert all(base(name) == name for name in row["ingredients"].split(";")) and row["source"], row


def test_no_name_of_the_vocabulary_is_an_everyday_word_of_an_entry() -> None:
    everyday = {word for row in read_table("entry_words") for word in row["words"].split()}
    for row in read_table("entry_words"):
        if row["kind"] in {"form", "unit", "direction", "allergy", "place"}:
            assert not set(row["words"].split()) & set(vocabulary()), row["kind"]
    assert len(everyday) > 500


def test_dose_limits_refer_to_medicines_we_know() -> None:
    assert all(row["ingredient"] in INGREDIENTS and row["source"] for row in read_table("dose_limits"))


def test_pharmacies_are_fictional_and_reachable_by_id() -> None:
    rows = read_table("pharmacies")
    assert len({row["ncpdp_id"] for row in rows}) == len(rows) >= 30
    assert len({row["state"] for row in rows}) >= 10
    for row in rows:
        assert is_ncpdp_id(row["ncpdp_id"])
        assert re.fullmatch(r"\+1\d{3}55501\d\d", row["phone"]), "555-01xx numbers belong to nobody"


def test_every_ingredient_is_recognised_by_its_own_name() -> None:
    for ingredient in INGREDIENTS:
        assert base(ingredient) in read_medicine(ingredient).terms.ingredients, ingredient


@pytest.mark.parametrize(
    ("text", "ingredient"),
    [
        ("Lisinopril 10 MG Oral Tablet", "lisinopril"),
        ("ibuprofeno 400 mg cada 8 horas", "ibuprofen"),
        ("Tylenol (acetaminophen) 500", "acetaminophen"),
        ("Bactrim DS", "sulfamethoxazole"),
        ("ZOLOFT", "sertraline"),
        ("metoprolol", "metoprolol"),
    ],
)
def test_medicines_are_recognised_in_what_people_write(text: str, ingredient: str) -> None:
    assert ingredient in read_medicine(text).terms.ingredients


@pytest.mark.parametrize("text", ["", "peanuts", "bee stings", "🐝", "x" * 5000, "a " * 5000])
def test_other_words_are_not_mistaken_for_medicines(text: str) -> None:
    assert read_medicine(text).terms == Terms()


def test_the_classes_of_an_ingredient_are_those_of_its_own_products() -> None:
    assert "ace_inhibitor" in of_ingredients(frozenset({"lisinopril"})).classes
    assert "thiazide" not in of_ingredients(frozenset({"lisinopril"})).classes
    assert "opioid" not in of_ingredients(frozenset({"acetaminophen"})).classes
