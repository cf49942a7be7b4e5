"""The life of an appointment by itself: which steps it takes as its visit goes on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.moves import shown, table
from visits.appointments.domain import (
    TRANSITIONS,
    AppointmentStatus,
    AppointmentStepKind,
    behind,
    status_after,
    steps_to,
)
from visits.domain import TRANSITIONS as OF_VISITS
from visits.domain import VisitStatus


def test_its_words_are_those_of_fhir_and_a_move() -> None:
    words = ["booked", "arrived", "fulfilled", "cancelled", "noshow"]
    assert [str(each) for each in AppointmentStatus] == words
    assert [str(each) for each in AppointmentStepKind] == ["booked", "moved", *words[1:]]
    assert [str(status_after(each)) for each in AppointmentStepKind] == ["booked", *words]


def test_what_another_release_did_to_a_visit_is_caught_up_with() -> None:
    ways = {"waiting": "arrived", "left": "arrived", "admitted": "arrived"}
    ends = {"finished": "fulfilled", "cancelled": "cancelled", "no_show": "noshow"}
    late = {(visit, "booked") for visit in ways | ends} | {(visit, "arrived") for visit in ends}
    assert {(str(visit), str(appointment)) for visit, appointment in behind()} == late


@given(st.lists(st.tuples(st.sampled_from(VisitStatus), st.booleans()), max_size=12))
def test_whatever_a_visit_does_its_appointment_goes_by_its_transitions(
    wanted: list[tuple[VisitStatus, bool]],
) -> None:
    visit = VisitStatus.INTAKE
    [first] = steps_to(None, visit, moved=False)
    appointment = status_after(first)
    for to, moved in wanted:
        if to not in OF_VISITS[visit] and to is not visit:
            continue
        visit = to
        ended = not TRANSITIONS[appointment]
        steps = steps_to(appointment, visit, moved=moved and visit is VisitStatus.INTAKE)
        assert not (ended and steps)
        for step in steps:
            assert status_after(step) in TRANSITIONS[appointment]
            appointment = status_after(step)
        assert (not TRANSITIONS[appointment]) == (not OF_VISITS[visit])
        assert steps.count(AppointmentStepKind.MOVED) <= 1
        # What has been said is not said again.
        assert steps_to(appointment, visit, moved=False) == []


@given(st.none() | st.sampled_from(AppointmentStatus), st.sampled_from(VisitStatus), st.booleans())
def test_from_any_state_a_step_is_allowed(
    current: AppointmentStatus | None, visit: VisitStatus, moved: bool
) -> None:
    for step in steps_to(current, visit, moved=moved):
        after = status_after(step)
        assert current is None or after in TRANSITIONS[current]
        current = after


def test_the_moves_of_an_appointment() -> None:
    assert shown(TRANSITIONS) == table("""
        booked: booked arrived cancelled noshow
        arrived: booked fulfilled cancelled noshow
        fulfilled:
        cancelled:
        noshow:
    """)


@pytest.mark.parametrize(
    ("current", "visit", "moved", "steps"),
    [
        (None, "intake", False, "booked"),
        (None, "finished", False, "booked arrived fulfilled"),
        ("booked", "intake", False, ""),
        ("booked", "intake", True, "moved"),
        ("booked", "waiting", False, "arrived"),
        ("booked", "waiting", True, "moved arrived"),
        ("booked", "admitted", False, "arrived"),
        ("arrived", "left", False, ""),
        ("arrived", "intake", False, ""),
        ("arrived", "intake", True, "moved"),
        ("arrived", "finished", False, "fulfilled"),
        ("booked", "cancelled", False, "cancelled"),
        ("booked", "no_show", False, "noshow"),
        ("arrived", "no_show", False, "noshow"),
        ("fulfilled", "finished", True, ""),
        ("cancelled", "cancelled", True, ""),
    ],
)
def test_what_has_happened_to_an_appointment(
    current: str | None, visit: str, moved: bool, steps: str
) -> None:
    was = AppointmentStatus(current) if current else None
    assert " ".join(steps_to(was, VisitStatus(visit), moved=moved)) == steps
