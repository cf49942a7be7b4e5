"""What a clinician types and what comes first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chart.terminology import search
from chart.terminology.files import LAY_FILE, rows_of
from chart.terminology.ranking import Candidate, code_prefix, ordered
from chart.terminology.words import fold
from core.database.session import WriteSession
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


# A short form, a lay word or a Spanish one together with another word.
TOGETHER = {
    "recurrent UTI": "N39.0",
    "UTI pregnancy": "O23.40",
    "T2DM neuropathy": "E11.40",
    "t2dm ckd": "E11.22",
    "DM foot ulcer": "E11.621",
    "HTN urgency": "I16.0",
    "htn heart failure": "I11.0",
    "high blood pressure pregnancy": "O10.919",
    "CKD stage 3b": "N18.32",
    "COPD exacerbation": "J44.1",
    "asthma attack": "J45.901",
    "afib with RVR": "I48.91",
    "hx of MI": "I25.2",
    "TIA history": "Z86.73",
    "PE history": "Z86.711",
    "fam hx colon cancer": "Z80.0",
    "DVT right leg": "I82.401",
    "OA left knee": "M17.12",
    "OE left": "H60.92",
    "left ear infection": "H66.92",
    "AOM right": "H66.91",
    "right knee pain": "M25.561",
    "sprained ankle right": "S93.401A",
    "cellulitis left leg": "L03.116",
    "stye right eye": "H00.013",
    "ear wax both ears": "H61.23",
    "migraine with aura": "G43.109",
    "migraine without aura": "G43.009",
    "GERD with esophagitis": "K21.00",
    "GERD without esophagitis": "K21.9",
    "acute cystitis with hematuria": "N30.01",
    "IBS diarrhea": "K58.0",
    "ADHD inattentive": "F90.0",
    "PTSD chronic": "F43.12",
    "flu exposure": "Z20.828",
    "HIV exposure": "Z20.6",
    "STI screening": "Z11.3",
    "travel vaccines": "Z71.84",
    "suicidal thoughts": "R45.851",
    "OCD": "F42.9",
    "dog bite": "W54.0XXA",
    "tick bite": "W57.XXXA",
    "ear ache": "H92.09",
    "Sjögren syndrome": "M35.00",
    "sjogrens": "M35.00",
    "vaginal discharge": "N89.8",
    "PrEP": "Z29.81",
    "low testosterone": "E29.1",
    "rash on face": "R21",
    "uc flare": "K51.90",
    "OSA on CPAP": "G47.33",
    "infección de oído izquierdo": "H66.92",
    "dolor de rodilla derecha": "M25.561",
    "migraña con aura": "G43.109",
    "infección de orina recurrente": "N39.0",
    "pensamientos suicidas": "R45.851",
}


@pytest.mark.parametrize(("typed", "code"), TOGETHER.items())
async def test_a_short_form_with_another_word_finds_both(
    terminology: None, db: WriteSession, typed: str, code: str
) -> None:
    found = await search.diagnoses(db, typed)
    assert code in [one.code for one in found[:3]]


@pytest.mark.parametrize(
    "typed", ["recurrent UTI in a diabetic smoker", "side effect of a statin", "uti zzzqqq"]
)
async def test_words_that_nothing_has_together_still_find_what_some_of_them_mean(
    terminology: None, db: WriteSession, typed: str
) -> None:
    assert await search.diagnoses(db, typed)


@pytest.mark.parametrize(
    ("typed", "never"),
    [
        ("flu exposure", "fluid"),
        ("migraine with aura", "without aura"),
        ("diabetic retinopathy", "non-diabetic"),
    ],
)
async def test_what_comes_first_is_not_the_contrary_or_another_word(
    terminology: None, db: WriteSession, typed: str, never: str
) -> None:
    assert never not in (await search.diagnoses(db, typed))[0].display.lower()


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
