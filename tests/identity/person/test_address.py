"""Addresses in parts: whole in FHIR, never split by guessing, complete before they count."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.person.address import Address, change_problems, is_split, problems, shown, tidy, typed
from identity.person.fhir_address import from_fhir, to_fhir

ALBANY = Address(line=["1 Harbor Road", "Suite 3"], city="Albany", state="NY", postalCode="12207")
PUEBLA = Address(line=["Calle 5 Sur 12"], city="Puebla", postalCode="72000", country="MX")
words = st.text(st.characters(codec="utf-8"), max_size=30)
addresses = st.builds(
    Address,
    line=st.lists(words, max_size=3),
    city=words,
    state=words,
    postalCode=st.text(max_size=20),
    country=st.sampled_from(["US", "MX", "DE"]),
).map(tidy)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (ALBANY, "1 Harbor Road, Suite 3, Albany, NY 12207"),
        (PUEBLA, "Calle 5 Sur 12, Puebla, 72000, MX"),
        (None, ""),
    ],
)
def test_it_is_shown_on_one_line(address: Address | None, expected: str) -> None:
    assert shown(address) == expected


@given(addresses)
def test_fhir_has_every_part_and_gives_it_back(address: Address) -> None:
    back = from_fhir([to_fhir(address)])
    assert back == typed(address)


def test_what_comes_as_one_text_is_kept_whole_and_not_split() -> None:
    address = from_fhir([{"text": "1 Harbor Road, Albany, NY 12207"}])
    assert address == Address(line=["1 Harbor Road, Albany, NY 12207"])
    assert not is_split(address)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([{"use": "old", "city": "Reno"}, {"use": "home", "city": "Troy"}], Address(city="Troy")),
        ([{"use": "old", "city": "Reno"}], None),
        (
            [{"city": "Bonn", "country": "Deutschland"}],
            Address(line=["Deutschland"], city="Bonn", country=""),
        ),
        ([{"line": list("abcd"), "city": "Troy"}], Address(line=["a", "b", "c, d"], city="Troy")),
        ([], None),
    ],
)
def test_an_import_takes_the_home_of_now(found: list[dict[str, Any]], expected: Address | None) -> None:
    assert from_fhir(found) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {}),
        ({"line": []}, {"line": "required"}),
        ({"line": ["1 Harbor\u202e Road"]}, {"line": "control_characters"}),
        ({"city": ""}, {"city": "required"}),
        ({"state": ""}, {"state": "required"}),
        ({"state": "New York"}, {"state": "state_unknown"}),
        ({"postalCode": "1220"}, {"postalCode": "zip_invalid"}),
        ({"postalCode": "12207-1234"}, {}),
        ({"country": "XX"}, {"country": "country_unknown"}),
        ({"country": "MX", "state": "", "postalCode": ""}, {}),
    ],
)
def test_what_is_wrong_is_named_by_part(changes: dict[str, Any], expected: dict[str, str]) -> None:
    parts = {"line": ["1 Harbor Road"], "city": "Albany", "state": "NY", "postalCode": "12207"}
    assert problems(Address(**parts | changes)) == expected


def test_one_that_nobody_has_split_may_stay_and_no_other_may_be_like_it() -> None:
    before = {"line": ["1 Harbor  Road, Albany, NY 12207"], "city": ""}
    same = typed(Address(line=["1 Harbor  Road, Albany, NY 12207"]))
    assert change_problems(same, before) == {}
    assert "address.city" in change_problems(typed(Address(line=["2 Harbor Road, Albany"])), before)
    assert change_problems(None, before) == {}
