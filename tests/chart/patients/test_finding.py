"""A patient is found by what somebody types: however the name is written, by birth date, record number, phone."""

import unicodedata
from collections.abc import AsyncIterator
from datetime import date

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from chart.patients.finding import sought
from core.database.session import WriteSession
from core.text.search_key import search_key
from tests.chart.conftest import Browser, Scene
from tests.conftest import ActAs
from tests.people import make_patient

TODAY = date(2026, 11, 26)
NINTH_OF_MARCH = date(1984, 3, 9)
THIRD_OF_SEPTEMBER = date(1984, 9, 3)


@pytest.mark.parametrize(
    ("typed", "keys", "born", "digits"),
    [
        ("maria lopez", ("maria", "lopez"), (), None),
        ("Lopez, Maria", ("lopez", "maria"), (), None),
        ("2/29/1988", (), (date(1988, 2, 29),), None),
        ("lopez 1988-02-29", ("lopez",), (date(1988, 2, 29),), None),
        ("(212) 555-0142", (), (), "2125550142"),
        ("tel. +1 212 555 0142", (), (), "12125550142"),
        ("(212) 555-0142 ext. 204", (), (), "2125550142"),
        ("212-555-0142 #204", (), (), "2125550142"),
        ("+12125550142;ext=204", (), (), "12125550142"),
        ("lopez 212 555 0142 x204", ("lopez",), (), "2125550142"),
        ("13/45/1988", ("13451988",), (), None),
        ("MRN 1000611", (), (), "1000611"),
        ("mrn: 4711", ("4711",), (), None),
        ("#1000611", (), (), "1000611"),
        ("historial 1000611", (), (), "1000611"),
        ("DOB 12/31/1999", (), (date(1999, 12, 31),), None),
        ("", (), (), None),
        ("' - .", (), (), None),
    ],
)
def test_a_search_tells_names_dates_and_numbers_apart(
    typed: str, keys: tuple[str, ...], born: tuple[date, ...], digits: str | None
) -> None:
    found = sought(typed, TODAY)
    assert (found.keys, found.born, found.digits) == (keys, born, digits)


@pytest.mark.parametrize(
    "typed",
    [
        "1984-03-09", "1984/3/9", "1984.03.09", "19840309", "Mar 9, 1984", "mar 9 1984", "March 9th, 1984",
        "9 March 1984", "9 de marzo de 1984", "9 mar. 1984",
        "9 MARZO DE 1984", "Mar. 9, 84", "born Mar 9, 1984", "9 de marzo del 1984",
    ],
)  # fmt: skip
def test_a_birth_date_is_understood_as_people_write_it(typed: str) -> None:
    assert sought(typed, TODAY) == sought("1984-03-09", TODAY)
    assert sought(typed, TODAY).born == (NINTH_OF_MARCH,)


@pytest.mark.parametrize("typed", ["9.3.1984", "3/9/1984", "03-09-1984", "3/9/84", "9/3/1984"])
def test_where_day_and_month_could_be_either_both_are_looked_for(typed: str) -> None:
    assert set(sought(typed, TODAY).born) == {NINTH_OF_MARCH, THIRD_OF_SEPTEMBER}


@given(st.text(max_size=120))
def test_whatever_is_typed_is_taken_apart(typed: str) -> None:
    assert all(sought(typed, TODAY).keys)


NAMES = [
    "O'Hara", "O\u2019Hara", "O\u00b4Hara", "O`Hara", "O\u2018Hara", "O\u2032Hara", "OHara", "o hara", "O\u02bcHara",
    "O-Hara", "Gil\u00b7la", "ハナ・コ", "\u0645\u062d\u0645\u062f\u200c\u0631\u0636\u0627", "Anne\u2010Marie",
    "Anne\u2011Marie", "(Bob)", "3rd", "Søren", "Łukasz", "Großmann", "İbrahim", "Æsa", "Œuvray", "Þóra", "Đặng",
    "Μάρκος", "Щербак", "Ёлкин", "أحمد", "إيمان", "מֹשֶׁה", "नेहा", "김철수", "陳大文", "\uff76\uff85", "①",
    "\u02bbOkina", "Nguyễn Thị", "R2D2", "\u1e9e",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
async def test_the_database_makes_the_same_key(db: WriteSession, name: str) -> None:
    assert await db.scalar(text("SELECT search_key(:name)"), {"name": name}) == search_key(name)


async def test_the_database_makes_the_same_key_of_every_letter_of_the_plane(db: WriteSession) -> None:
    """Letters that are newer than this Python are left out."""
    letters = [chr(code) for code in range(1, 0x3100) if unicodedata.category(chr(code)) != "Cn"]
    rows = await db.execute(
        text("SELECT letter, search_key(letter) AS key FROM unnest(cast(:letters AS text[])) AS letter"),
        {"letters": letters},
    )
    assert {row.letter: row.key for row in rows if row.key != search_key(row.letter)} == {}


PEOPLE = (
    ("Ana", "Lopez-Diaz"),
    ("Bo", "Nguyen"),
    ("Íñigo", "Peña"),
    ("さくら", "ながの"),
    ("Seán", "O\u2019Hara"),
    ("Jean", "d'Arcy"),
    ("Mary Jane", "Watson"),
    ("大文", "陳"),
    ("أحمد", "الزهراني"),
    ("Søren", "Kierkegaard"),
    ("Sukarno", ""),
)


@pytest.fixture
async def crowd(act_as: ActAs, scene: Scene) -> AsyncIterator[None]:
    async with act_as(scene.actor) as unit:
        for given_name, family in PEOPLE:
            await make_patient(unit.write, given=given_name, family=family)
    yield


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("lopez", {"Lopez", "Lopez-Diaz"}),
        ("ana lop", {"Lopez-Diaz"}),
        ("lopezdiaz", {"Lopez-Diaz"}),
        ("lopez diaz", {"Lopez-Diaz"}),
        ("2/29/1988 nguy", {"Nguyen"}),
        ("inigo pena", {"Peña"}),
        ("PEÑA", {"Peña"}),
        ("Pen\u0303a", {"Peña"}),
        ("nguyễn", {"Nguyen"}),
        ("ながの", {"ながの"}),
        ("ohara", {"O\u2019Hara"}),
        ("O'Hara", {"O\u2019Hara"}),
        ("o\u2019hara sean", {"O\u2019Hara"}),
        ("o`hara", {"O\u2019Hara"}),
        ("Jean D\u2019Arcy", {"d'Arcy"}),
        ("darcy", {"d'Arcy"}),
        ("MaryJane", {"Watson"}),
        ("mary-jane watson", {"Watson"}),
        ("陳大文", {"陳"}),
        ("大文", {"陳"}),
        ("احمد", {"الزهراني"}),
        ("soren", {"Kierkegaard"}),
        ("sukarno", {""}),
        ("%", set()),
        ("_", set()),
        ("'; drop", set()),
    ],
)
async def test_a_name_is_found_however_it_is_typed(
    clinician: httpx.AsyncClient, crowd: None, typed: str, found: set[str]
) -> None:
    answer = await clinician.post("/api/patients/search", json={"q": typed})
    assert answer.status_code == 200
    assert {each["family"] for each in answer.json()["items"]} == found


@pytest.mark.parametrize("typed", ["", " ", "\x00"])
async def test_without_a_word_the_latest_patients_are_shown(
    clinician: httpx.AsyncClient, crowd: None, typed: str
) -> None:
    answer = await clinician.post("/api/patients/search", json={"q": typed})
    assert len(answer.json()["items"]) == len(PEOPLE) + 1


async def test_a_patient_is_found_by_phone_and_by_record_number(
    clinician: httpx.AsyncClient, scene: Scene, browser: Browser
) -> None:
    for typed in (
        scene.patient.phone,
        f"MRN {scene.patient.mrn}",
        f"#{scene.patient.mrn}",
        scene.patient.mrn,
    ):
        answer = await clinician.post("/api/patients/search", json={"q": typed})
        assert [each["id"] for each in answer.json()["items"]] == [str(scene.patient.id)], typed
