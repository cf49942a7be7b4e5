"""Physical location and call-back number: what is refused, and what a real person may type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.draft import DraftContact, DraftLocation
from intake.location import check_contact, check_location, states_of

HOME = DraftLocation(line="12 Elm St", city="Boise", state="ID", zip="83702")


def codes(location: DraftLocation, *, complete: bool = True) -> list[tuple[str, str]]:
    return [(fault.path, fault.code) for fault in check_location(location, complete=complete)]


def test_a_full_address_is_fine_with_either_form_of_zip() -> None:
    assert codes(HOME) == []
    assert codes(DraftLocation(line="1 A", city="Boise", state="ID", zip="83702-1234")) == []


def test_every_missing_part_is_named_only_when_sending() -> None:
    assert codes(DraftLocation()) == [
        ("location.line", "required"),
        ("location.city", "required"),
        ("location.state", "required"),
        ("location.zip", "required"),
    ]
    assert codes(DraftLocation(), complete=False) == []


@pytest.mark.parametrize("zip_code", ["8370", "837021", "ABCDE", "00000", "٨٣٧٠٢"])
def test_a_zip_code_that_is_none(zip_code: str) -> None:
    assert codes(DraftLocation(line="1 A", city="B", state="ID", zip=zip_code)) == [
        ("location.zip", "zip_invalid")
    ]


def test_a_zip_code_of_another_state_says_which() -> None:
    fault = check_location(DraftLocation(line="1 A", city="B", state="ID", zip="10001"), complete=True)[0]
    assert (fault.path, fault.code) == ("location.zip", "zip_state_mismatch")
    assert fault.params == {"zip": "10001", "state": "NY"}


@pytest.mark.parametrize(
    ("zip_code", "state"),
    [
        ("02139", "MA"),
        ("33101", "FL"),
        ("94110", "CA"),
        ("79901", "TX"),
        ("88510", "TX"),
        ("00901", "PR"),
        ("06390", "NY"),
        ("83414", "WY"),
        ("99501", "AK"),
        ("96799", "AS"),
        ("20500", "DC"),
        ("22202", "VA"),
    ],
)
def test_zip_codes_and_their_states(zip_code: str, state: str) -> None:
    assert state in states_of(zip_code)


def test_abroad_needs_no_zip_but_a_country_that_exists() -> None:
    assert codes(DraftLocation(line="Av. Juárez 3", city="Oaxaca", country="MX")) == []
    assert codes(DraftLocation(line="x", city="y", country="ZZ")) == [("location.country", "country_unknown")]


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("(208) 342-5000", "US"),
        ("+52 951 516 0123", "US"),
        ("951 516 0123", "MX"),
        ("(208) 342-5000 ext. 204", "US"),
        ("951 516 0123 extensión 7", "MX"),
    ],
)
def test_a_call_back_number_as_people_write_it(number: str, country: str) -> None:
    assert check_contact(DraftContact(callback_phone=number, reach_by="sms"), country, complete=True) == []


def test_contact_faults_stand_beside_their_fields() -> None:
    faults = check_contact(DraftContact(callback_phone="12", reach_by="pigeon"), "US", complete=False)
    assert [(fault.path, fault.code) for fault in faults] == [
        ("contact.callback_phone", "phone_invalid"),
        ("contact.reach_by", "unknown_option"),
    ]


@given(st.text(max_size=200), st.text(max_size=200), st.sampled_from(["US", "MX", "CA", "ZZ"]))
def test_nothing_typed_breaks_the_checks(one: str, two: str, country: str) -> None:
    check_location(DraftLocation(line=one, city=two, state=one, zip=two, country=country), complete=True)
    check_contact(DraftContact(callback_phone=one, reach_by=two), country, complete=True)
