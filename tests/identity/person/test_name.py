"""Names in parts: shown in one order, the same in SQL, whole in FHIR, found by each part."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from core.database.session import WriteSession
from core.ids import new_id
from core.text.folding import containing
from core.text.search_key import search_key
from identity.models import Patient
from identity.person.human_name import from_fhir, to_fhir
from identity.person.name import PARTS, Name, alike, name_in, part_problem, problems, shown
from tests.people import make_patient

letters = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co", "Zl", "Zp"))
words = st.text(letters, max_size=12).map(lambda each: " ".join(each.split()))
part = st.just("") | words.filter(lambda each: part_problem(each) is None)
names = st.builds(
    Name, given=part, family=part, second=part, prefix=part, suffix=part, used_name=part
).filter(lambda name: not problems(name))

EXAMPLES = [
    ({"given": "Maria", "family": "Lopez"}, "Maria Lopez"),
    ({"family": "Suharto"}, "Suharto"),
    ({"given": "Björk"}, "Björk"),
    ({"given": "Roberto", "second": "Luis", "family": "Núñez Salas"}, "Roberto Luis Núñez Salas"),
    ({"prefix": "Dr.", "given": "Martin", "family": "King", "suffix": "Jr."}, "Dr. Martin King, Jr."),
    ({"given": "Roberto", "second": "Luis", "family": "Núñez", "used_name": "Beto"}, "Beto (Roberto Luis) Núñez"),
    ({"given": "Roberto", "family": "Núñez", "used_name": "Roberto"}, "Roberto Núñez"),
    ({"family": "Suharto", "used_name": "Harto"}, "Harto (Suharto)"),
    ({"given": "Björk", "used_name": "B"}, "B (Björk)"),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "expected"), EXAMPLES)
async def test_a_name_is_shown_in_one_order_on_screens_and_in_sql(
    db: WriteSession, parts: dict[str, str], expected: str
) -> None:
    name = Name(**parts)
    assert problems(name) == {}
    assert shown(name) == expected
    call = ", ".join(f":{each}" for each in PARTS)
    values = {each: getattr(name, each) for each in PARTS}
    assert await db.scalar(text(f"SELECT person_name({call})"), values) == expected


@given(names)
def test_a_name_comes_back_whole_from_fhir(name: Name) -> None:
    back = from_fhir(to_fhir(name))
    if name.used_name == name.given:
        name.used_name = back.used_name
    assert back == name


@pytest.mark.parametrize(
    ("fhir", "expected"),
    [
        ([{"text": "Ana Ruiz Soto"}], Name(family="Ana Ruiz Soto")),
        ([{"given": ["Ana", "Luz", "Sol"], "family": "Ruiz"}], Name(given="Ana", second="Luz Sol", family="Ruiz")),
        ([{"use": "nickname", "given": ["Ani"]}, {"given": ["Ana"]}], Name(given="Ana", used_name="Ani")),
        ([{"use": "usual", "given": ["Ana"], "family": "Ruiz"}], Name(given="Ana", family="Ruiz")),
        ([], Name()),
    ],
)  # fmt: skip
def test_names_of_other_systems_are_taken_as_they_are(fhir: list[dict[str, Any]], expected: Name) -> None:
    assert from_fhir(fhir) == expected


@pytest.mark.parametrize(
    ("parts", "wrong"),
    [
        ({}, {"family": "required"}),
        ({"used_name": "Ana"}, {"family": "required"}),
        ({"family": "Ruiz", "second": "Luz"}, {"given": "required"}),
        ({"given": "Ana", "suffix": "a\nb"}, {"suffix": "control_characters"}),
        ({"given": "Ana", "family": "\u200d"}, {"family": "required"}),
        ({"given": "Ana", "prefix": "x" * 101}, {"prefix": "too_long"}),
    ],
)
def test_a_name_has_one_part_at_least(parts: dict[str, str], wrong: dict[str, str]) -> None:
    assert problems(Name(**parts)) == wrong


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("Ana", "Ruiz", ""), ("ANA", "Ruíz", ""), True),
        (("Ana", "Ruiz", "Luz"), ("Ana", "Ruiz", ""), True),
        (("Ana Luz", "Ruiz", ""), ("Ana", "Ruiz", "Luz"), True),
        (("Ana", "Ruiz", "Luz"), ("Ana", "Ruiz", "Sol"), False),
        (("Cher", "", ""), ("", "Cher", ""), True),
        (("!", "", ""), ("?", "", ""), False),
    ],
)
def test_who_writes_the_same_name_may_be_the_same_person(one: Any, other: Any, same: bool) -> None:
    first, second = (Name(given=each[0], family=each[1], second=each[2]) for each in (one, other))
    assert alike(first, second) is alike(second, first) is same


async def test_a_patient_is_found_by_every_part(db: WriteSession) -> None:
    mark = f"q{new_id().hex[-6:]}"
    made = await make_patient(db)
    made.rename(
        Name(
            given="Roberto",
            second=f"Luis{mark}",
            family="Núñez",
            prefix="Rev.",
            suffix="III",
            used_name="Beto",
        )
    )
    await db.flush()
    for typed in (
        ["roberto", "nunez"],
        [f"roberto luis{mark} nunez"],
        [f"nunez roberto luis{mark}"],
        ["beto nunez"],
        ["nunez beto"],
        ["nunez iii"],
        ["rev nunez"],
    ):
        keys = [containing(search_key(each)) for each in (*typed, mark)]
        found = await db.scalars(
            text("SELECT find_patients(CAST(:words AS text[]), NULL, NULL, 10)"), {"words": keys}
        )
        assert list(found) == [made.id], typed


def test_a_row_gives_its_parts_without_stray_blanks() -> None:
    row = Patient(given=" Ana  Luz ", family="Ruiz", second="", prefix="", suffix="", used_name="")
    assert name_in(row) == row.name == Name(given="Ana Luz", family="Ruiz")
    assert row.full_name == "Ana Luz Ruiz"
