"""What a clinician types and what comes first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chart.terminology import search
from chart.terminology.files import LAY_FILE, rows_of
from chart.terminology.ranking import Candidate, code_prefix, ordered
from chart.terminology.words import fold
from core.db import WriteSession
from tests.chart.conftest import Browser, Scene

FIRST = {
    "uti": "N39.0",
    "UTI": "N39.0",
    "heart attack": "I21.9",
    "high blood pressure": "I10",
    "sugar": "E11.9",
    "pink eye": "H10.9",
    "strep throat": "J02.0",
    "stomach flu": "A08.4",
    "I10": "I10",
    "n390": "N39.0",
    "N39.0": "N39.0",
    "headache": "R51.9",
    "migrane": "G43.909",
    "pnemonia": "J18.9",
    "diabetes type 2": "E11.9",
    "asthma": "J45.909",
    "anxiety": "F41.9",
    "low back pain": "M54.50",
    "yeast infection": "B37.31",
    "swimmer's ear": "H60.90",
    "sprain ankle left": "S93.402A",
    "presión alta": "I10",
    "presion alta": "I10",
    "azúcar": "E11.9",
    "infección de orina": "N39.0",
    "dolor de cabeza": "R51.9",
    "culebrilla": "B02.9",
    "gripe": "J11.1",
    "no puedo dormir": "G47.00",
    "piedra en el riñón": "N20.0",
}


@pytest.mark.parametrize(("typed", "code"), FIRST.items())
async def test_what_people_type_finds_the_code_they_mean(
    terminology: None, db: WriteSession, typed: str, code: str
) -> None:
    found = await search.diagnoses(db, typed)
    assert found, f"{typed!r} finds nothing"
    assert found[0].code == code
    assert found[0].billable


async def test_a_category_is_shown_before_what_it_holds_and_billable_codes_next(
    terminology: None, db: WriteSession
) -> None:
    found = await search.diagnoses(db, "I21")
    assert found[0].code == "I21" and not found[0].billable
    assert all(one.code.startswith("I21.") for one in found[1:5])
    assert found[1].billable


@pytest.mark.whole
async def test_every_lay_term_is_a_billable_code_and_finds_itself_on_the_first_page(
    terminology: None, db: WriteSession
) -> None:
    for code, english, spanish, _ in rows_of(LAY_FILE):
        for name in (english, spanish):
            found = await search.diagnoses(db, name)
            assert code in [one.code for one in found], f"{name!r} does not find {code}"
            assert next(one for one in found if one.code == code).billable


async def test_a_word_that_fits_twenty_thousand_codes_answers_a_page(
    terminology: None, db: WriteSession
) -> None:
    assert len(await search.diagnoses(db, "fracture")) == search.MAX_RESULTS


@pytest.mark.parametrize("typed", ["", " ", "%", "_", "'", "&|!", "a\x00b", "(:*", "x" * 5000, "'; DROP"])
async def test_nothing_that_is_typed_breaks_the_search(
    terminology: None, scene: Scene, browser: Browser, typed: str
) -> None:
    client = await browser(scene.clinician)
    answer = await client.get("/api/terminology/icd10", params={"q": typed})
    assert answer.status_code == 200


@given(st.text(max_size=60))
def test_folding_is_stable_and_plain(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert all(letter.isascii() for letter in fold(text))


@pytest.mark.parametrize(
    ("typed", "prefix"),
    [
        ("i10", "I10"),
        ("I21.9", "I21.9"),
        ("i219", "I21.9"),
        ("s93402a", "S93.402A"),
        ("uti", None),
        ("h", None),
    ],
)
def test_a_code_is_recognized_with_and_without_its_dot(typed: str, prefix: str | None) -> None:
    assert code_prefix(typed) == prefix


@given(
    st.permutations([Candidate("A00", True, "cold", 5), Candidate("B00", True, "cold sore", 3, ("cold",))])
)
def test_the_order_does_not_depend_on_how_candidates_were_found(candidates: list[Candidate]) -> None:
    assert [one.code for one in ordered("cold", candidates)] == ["B00", "A00"]
