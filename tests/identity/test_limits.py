"""What is promised of time and tries, and the small rules of restricted charts, relations and the second check."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.actor import Role
from identity import domain
from identity.domain import STAFF_ROLES, CodeState, valid_staff_roles
from identity.patient_account.new_device.domain import Known, is_person
from identity.person.address import Address
from identity.privacy.domain import LONGEST, OPENED_FOR, end_problem
from identity.related.domain import ONESELF, Proof, Relationship, patient_may_end, until_problem

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_how_long_things_last() -> None:
    minutes = {
        "CODE_LIFETIME": 10,
        "DIGITS_SHARED_FOR": 10,
        "VOUCHED_FOR": 30,
        "REGISTRATION_LIFETIME": 30,
        "CHALLENGE_LIFETIME": 5,
        "ENROLMENT_LIFETIME": 30,
        "SHOWN_SECRET_LIFETIME": 10,
        "RESET_LIFETIME": 60,
        "STEP_UP_LIFETIME": 5,
        "AFTER_CALL": 10,
        "IN_CALL_AT_MOST": 12 * 60,
    }
    assert {name: getattr(domain, name) for name in minutes} == {
        name: timedelta(minutes=count) for name, count in minutes.items()
    }
    days = {"DEVICE_LIFETIME": 365, "INVITE_LIFETIME": 7, "FREEZE_LIFETIME": 30}
    assert {name: getattr(domain, name) for name in days} == {
        name: timedelta(days=count) for name, count in days.items()
    }
    assert domain.RESEND_AFTER == timedelta(seconds=30)
    assert OPENED_FOR == timedelta(hours=1)
    assert LONGEST == timedelta(days=1830)


def test_a_secret_is_guessed_at_five_times() -> None:
    assert (domain.CODE_TRIES, domain.IDENTIFY_TRIES, domain.CHALLENGE_TRIES) == (5, 5, 5)


@pytest.mark.parametrize(
    "closed",
    [
        {"tries_left": 0},
        {"expires_at": NOON},
        {"used_at": NOON - SECOND},
        {"voided_at": NOON - SECOND},
    ],
)
def test_a_secret_is_open_until_any_one_thing_closes_it(closed: dict[str, object]) -> None:
    good: dict[str, object] = {"tries_left": 1, "expires_at": NOON + SECOND}
    assert CodeState(**good).open(NOON)  # type: ignore[arg-type]  # its fields
    assert not CodeState(**{**good, **closed}).open(NOON)  # type: ignore[arg-type]


def test_staff_are_clinicians_coordinators_administrators_and_privacy_officers() -> None:
    assert STAFF_ROLES == {Role.CLINICIAN, Role.COORDINATOR, Role.ADMIN, Role.PRIVACY}
    assert valid_staff_roles(["admin", "clinician"]) == frozenset({Role.ADMIN, Role.CLINICIAN})
    for wrong in ([], ["patient"], ["admin", "patient"], ["king"], ["system"], ["guest"]):
        assert valid_staff_roles(wrong) is None, wrong


@pytest.mark.parametrize(
    ("ends", "problem"),
    [
        (NOON.replace(tzinfo=None), "zone_missing"),
        (NOON - SECOND, "in_the_past"),
        (NOON, "in_the_past"),
        (NOON + SECOND, None),
        (NOON + timedelta(days=1830), None),
        (NOON + timedelta(days=1830) + SECOND, "too_far"),
    ],
)
def test_a_mark_ends_within_five_years(ends: datetime, problem: str | None) -> None:
    assert end_problem(ends, NOON) == problem


@pytest.mark.parametrize(
    ("until", "problem"),
    [
        (None, None),
        (NOON.replace(tzinfo=None), "zone_missing"),
        (NOON - SECOND, "in_the_past"),
        (NOON, "in_the_past"),
        (NOON + SECOND, None),
    ],
)
def test_a_relation_ends_in_the_future_or_never(until: datetime | None, problem: str | None) -> None:
    assert until_problem(until, NOON) == problem


@pytest.mark.parametrize(
    ("relationship", "proof", "for_minor", "may"),
    [
        (Relationship.FRIEND, Proof.PHOTO_ID, False, True),
        (Relationship.SPOUSE, None, False, True),
        (Relationship.MOTHER, Proof.BIRTH_CERTIFICATE, True, False),
        (Relationship.GUARDIAN, Proof.PHOTO_ID, False, False),
        (Relationship.FRIEND, Proof.COURT_ORDER, False, False),
    ],
)
def test_a_patient_ends_what_no_court_decided(
    relationship: Relationship, proof: Proof | None, for_minor: bool, may: bool
) -> None:
    assert patient_may_end(relationship, proof, for_minor=for_minor) is may


def test_relationships_have_the_codes_of_hl7() -> None:
    assert set(Relationship) == {
        *("MTH", "FTH", "PRN", "STPPRN", "GRPRN", "GUARD", "SPS", "DOMPART", "CHILD", "SIB", "EXT"),
        *("POWATT", "FRND"),
    }


def test_a_patients_own_account_has_the_code_that_others_read() -> None:
    assert ONESELF == "ONESELF"


BORN = date(1988, 2, 29)
HOME = Address(line=["12 Elm St"], city="Albany", state="NY", postalCode="12207-0001")
MARIA = Known("López-García de la O", BORN, "MRN-0042", HOME)


@pytest.mark.parametrize(
    "answer",
    [
        "lopez garcia de la o",
        "LÓPEZ",
        " García ",
        "de",
        "12207",
        "122070001",
        "12207-0001",
        "mrn 0042",
        "MRN_0042",
    ],
)
def test_who_knows_their_name_their_zip_code_or_their_number_is_who_they_are(answer: str) -> None:
    assert is_person(MARIA, BORN, answer)
    assert not is_person(MARIA, date(1988, 2, 28), answer)


@pytest.mark.parametrize("answer", ["", " ", "-", "_", "o", "lop", "1220", "122", "0042", "Elm"])
def test_less_than_that_opens_nothing(answer: str) -> None:
    assert not is_person(MARIA, BORN, answer)
    assert not is_person(Known("O", BORN, "", None), BORN, "" if answer == "o" else answer)


def test_who_has_a_name_of_one_letter_is_known_by_it() -> None:
    assert is_person(Known("O", BORN, "M1", None), BORN, "o")
    assert is_person(Known("O", BORN, "M1", Address()), BORN, "m1")
