"""The rules of locations, identifiers and ways to reach a patient by themselves."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from directory.contact_points.domain import ContactKind, Value, Way, read_value, value_problem, ways
from directory.contact_points.models import ContactPoint
from directory.identifiers.domain import (
    MASKED,
    IdentifierKind,
    is_social_security,
    key_of,
    kind_of,
    masked,
    searched,
)
from directory.locations import domain
from directory.locations.domain import ClinicLocation, ClosedDay, closed_days_problems, name_problem
from directory.locations.models import Location
from identity.models import Account, Clinic, Patient

TODAY = date(2026, 11, 27)
CLINIC = {
    "name": "Harbor Clinic",
    "time_zone": "America/New_York",
    "phone": "+15185550199",
    "emergency_number": "911",
    "address": {"line": ["1 Main Street"], "city": "Albany"},
    "hours": {"mon": [["09:00", "17:00"]]},
}
OWN = {
    "name": "West office",
    "time_zone": "America/Chicago",
    "phone": "+13125550140",
    "emergency_number": "112",
    "address": {"line": ["2 Lake Street"], "city": "Chicago"},
    "hours": {"tue": [["10:00", "12:00"]]},
}


def place(**fields: Any) -> ClinicLocation:
    """A location of a clinic, with what it has of its own."""
    row = Location(**{"id": UUID(int=1), "closed_days": {}} | fields)
    return ClinicLocation(Clinic(**CLINIC), row)


def said_of(at: ClinicLocation) -> dict[str, Any]:
    return {
        "name": at.name,
        "time_zone": at.time_zone,
        "phone": at.phone,
        "emergency_number": at.emergency_number,
        "city": at.address and at.address.city,
        "hours": at.hours,
    }


@pytest.mark.parametrize(
    ("at", "has"),
    [
        (place(**OWN), OWN),
        (place(), CLINIC),
        (ClinicLocation(Clinic(**CLINIC), None), CLINIC),
        *((place(**{name: OWN[name]}), CLINIC | {name: OWN[name]}) for name in OWN),
    ],
)
def test_a_location_has_its_own_and_all_else_of_its_clinic(at: ClinicLocation, has: dict[str, Any]) -> None:
    expected = {name: has[name] for name in has if name != "address"} | {"city": has["address"]["city"]}
    assert said_of(at) == expected
    assert at.zone == ZoneInfo(has["time_zone"])


def test_a_location_that_is_never_open_is_not_open_when_its_clinic_is() -> None:
    assert place(hours={}).hours == {}


def test_a_location_is_in_use_until_it_is_retired() -> None:
    retired = place(retired_at=datetime(2026, 1, 1, tzinfo=UTC))
    itself = ClinicLocation(Clinic(**CLINIC), None)
    assert [each.is_in_use for each in (place(), retired, itself)] == [True, False, True]
    assert (place().id, itself.id) == (UUID(int=1), None)


def test_a_location_is_closed_on_its_own_days_and_on_the_clinics() -> None:
    at = place(closed_days={"2026-12-30": "Inventory", "2026-12-25": "Party"})
    holidays = {date(2026, 12, 25): "Christmas Day", date(2026, 12, 1): "Founders' Day"}
    assert list(at.opening(holidays).holidays.items()) == [
        (date(2026, 12, 1), "Founders' Day"),
        (date(2026, 12, 25), "Christmas Day"),
        (date(2026, 12, 30), "Inventory"),
    ]
    itself = ClinicLocation(Clinic(**CLINIC), None)
    assert itself.opening(holidays).holidays == holidays


EAST, WEST = place(name="East office"), place(name="West office")


@pytest.mark.parametrize(
    ("name", "others", "retired", "problem"),
    [
        ("", [], False, None),
        ("", [EAST], False, None),
        ("", [EAST, place()], False, "required"),
        ("harbor CLINIC", [place(), EAST], False, "location_name_taken"),
        ("West Office", [EAST, WEST], False, "location_name_taken"),
        ("West Office", [EAST, WEST], True, None),
        ("North office", [EAST, WEST], False, None),
        ("North\u202eoffice", [EAST, WEST], False, "control_characters"),
        ("North\u202eoffice", [], True, "control_characters"),
    ],
)
def test_locations_in_use_are_told_apart_by_their_names(
    name: str, others: list[ClinicLocation], retired: bool, problem: str | None
) -> None:
    assert name_problem(name, others, retired=retired) == problem


def test_a_day_is_closed_once_with_a_reason_and_at_most_five_years_ahead() -> None:
    days = [
        ClosedDay(TODAY - timedelta(days=9), "Long ago"),
        ClosedDay(TODAY + timedelta(days=1830), "Far"),
        ClosedDay(TODAY + timedelta(days=1831), "Too far"),
        ClosedDay(TODAY, "  "),
        ClosedDay(TODAY - timedelta(days=9), "a\nb"),
    ]
    assert closed_days_problems(TODAY, days) == {
        "closed_days.2.day": "day_too_far",
        "closed_days.3.name": "required",
        "closed_days.4.name": "control_characters",
        "closed_days.4.day": "closed_day_exists",
    }
    assert closed_days_problems(TODAY, []) == {}


def test_how_much_is_kept_of_locations() -> None:
    limits = (domain.MAX_LOCATIONS, domain.MAX_NAME, domain.MAX_CLOSED_DAYS, domain.MAX_DAY_NAME)
    assert limits == (100, 120, 200, 100)


def test_identifiers_are_of_the_standards_kinds_and_those_that_open_doors_are_masked() -> None:
    assert [str(kind) for kind in IdentifierKind] == ["MR", "MB", "DL", "PPN", "other"]
    assert {str(kind) for kind in MASKED} == {"DL", "PPN"}


@pytest.mark.parametrize(
    ("codes", "system", "secret"),
    [
        (["MR", "SS"], "", True),
        ([], "http://hl7.org/fhir/sid/us-ssn", True),
        (["MR"], "urn:oid:2.16.840.1.113883.4.1", True),
        (["MR"], "urn:oid:2.16.840.1.113883.4.100", False),
        ([], "", False),
    ],
)
def test_a_social_security_number_is_one_by_its_type_or_its_system(
    codes: list[str], system: str, secret: bool
) -> None:
    assert is_social_security(codes, system) is secret


PASSPORT = "http://hl7.org/fhir/sid/passport-MEX"


@pytest.mark.parametrize(
    ("codes", "system", "kind"),
    [
        (["MB"], PASSPORT, "MB"),
        (["XX", "DL"], "", "DL"),
        (["XX"], PASSPORT, "PPN"),
        (["other"], PASSPORT, "PPN"),
        ([], "urn:oid:2.16.840.1.113883.4.3.36", "DL"),
        ([], "urn:oid:2.16.840.1.113883.4.330.840", "PPN"),
        (["XX"], "http://plan.example", "other"),
    ],
)
def test_an_identifiers_kind_is_its_types_or_else_its_systems(
    codes: list[str], system: str, kind: str
) -> None:
    assert str(kind_of(codes, system)) == kind


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("w 12.3-4/5_6\x007", "W1234567"),
        ("123", None),
        ("1234", "1234"),
        ("abc1", "ABC1"),
        ("Lopez", None),
    ],
)
def test_a_search_for_a_number_has_four_signs_of_which_one_is_a_digit(query: str, key: str | None) -> None:
    assert searched(query) == key


def test_a_masked_number_shows_its_last_four_signs_where_more_than_half_stays_hidden() -> None:
    assert [masked(each) for each in ("1234-5678", "1234-56789", "")] == ["•••", "••• 6789", "•••"]
    assert key_of("ab-1") == "AB1"


@pytest.mark.parametrize(
    ("kind", "text", "value", "problem"),
    [
        (ContactKind.EMAIL, "Maya@Mail.Example", Value("maya@mail.example"), None),
        (ContactKind.EMAIL, "(518) 555-0177", None, "email_invalid"),
        (ContactKind.HOME, "(518) 555-0177", Value("+15185550177"), None),
        (ContactKind.WORK, "(518) 555-0177 ext. 12", Value("+15185550177", "12"), None),
        (ContactKind.MOBILE, "maya@mail.example", None, "phone_invalid"),
        (ContactKind.EMAIL, " ", None, "required"),
        (ContactKind.OTHER, "", None, "required"),
    ],
)
def test_what_was_typed_is_read_as_its_kind_says(
    kind: ContactKind, text: str, value: Value | None, problem: str | None
) -> None:
    assert (read_value(kind, text), value_problem(kind, text)) == (value, problem)


def point(value: str, **fields: Any) -> ContactPoint:
    usual = {"kind": "home", "extension": "", "may_leave_message": True, "preferred": False}
    return ContactPoint(id=UUID(int=7), value=value, **usual | fields)


PATIENT = Patient(phone="+15185550100;ext=4", email="maya@mail.example")


def listed(found: list[Way]) -> list[tuple[str, str, bool, bool]]:
    return [(each.kind, each.dialed, each.signs_in, each.disputed) for each in found]


def test_a_patient_is_reached_by_what_they_sign_in_by_and_then_by_the_rest() -> None:
    account = Account(phone_disputed_at=datetime(2026, 1, 1, tzinfo=UTC))
    points = [
        point("+15185550177", extension="12"),
        point("+15185550100", extension="4", kind="work", may_leave_message=False),
        # The same number beneath another extension is another way.
        point("+15185550100", extension="5"),
        point("+15185550178", preferred=True),
    ]
    found = ways(PATIENT, account, points)
    assert listed(found) == [
        ("home", "+15185550178", False, False),
        ("work", "+15185550100;ext=4", True, True),
        ("email", "maya@mail.example", True, False),
        ("home", "+15185550177;ext=12", False, False),
        ("home", "+15185550100;ext=5", False, False),
    ]
    assert [each.preferred for each in found] == [True, False, False, False, False]
    assert [each.may_leave_message for each in found] == [True, False, True, True, True]
    assert [each.id for each in found] == [UUID(int=7), UUID(int=7), None, UUID(int=7), UUID(int=7)]


def test_a_mailbox_is_disputed_by_itself() -> None:
    account = Account(email_disputed_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert [each.disputed for each in ways(PATIENT, account, [])] == [False, True]


def test_without_an_account_nobody_signs_in_and_they_are_reached_all_the_same() -> None:
    assert listed(ways(PATIENT, None, [])) == [
        ("mobile", "+15185550100;ext=4", False, False),
        ("email", "maya@mail.example", False, False),
    ]
    assert ways(Patient(), None, []) == []


def test_contacts_are_of_kinds_that_the_screens_know() -> None:
    assert [str(kind) for kind in ContactKind] == ["mobile", "home", "work", "other", "email"]
