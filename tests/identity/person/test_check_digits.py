"""Check digits catch the slip of a finger."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.person.check_digits import is_dea, is_npi


def test_published_examples() -> None:
    assert is_npi("1234567893")
    assert is_dea("AB1234563")


@pytest.mark.parametrize(
    "text", ["", "1234567890", "123456789", "12345678933", "3234567893", "१२३४५६७८९३", "NPI"]
)
def test_other_numbers_are_not_npis(text: str) -> None:
    assert not is_npi(text)


@given(place=st.integers(1, 9), digit=st.integers(0, 9))
def test_one_wrong_digit_is_always_caught(place: int, digit: int) -> None:
    right = "1234567893"
    wrong = right[:place] + str(digit) + right[place + 1 :]
    assert is_npi(wrong) is (wrong == right)


@pytest.mark.parametrize("text", ["AB1234560", "A11234563", "ab1234563", "AB123456", ""])
def test_other_numbers_are_not_dea_numbers(text: str) -> None:
    assert not is_dea(text)
