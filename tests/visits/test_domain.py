"""The life of a visit, as rules."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visits.domain import (
    AWAY_GRACE,
    CHECK_IN_OPENS,
    LATE_GRACE,
    OPEN_STATUSES,
    TRANSITIONS,
    IllegalMove,
    Priority,
    VisitStatus,
    check_move,
    may_check_in,
    place_after_absence,
    place_in_time,
    raised,
)

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
statuses = st.sampled_from(list(VisitStatus))


@given(st.lists(statuses, max_size=30), st.booleans())
def test_no_order_of_wishes_leads_out_of_an_ended_visit_or_past_the_clinician(
    wishes: list[VisitStatus], flagged: bool
) -> None:
    status = VisitStatus.INTAKE
    seen = [status]
    for wish in wishes:
        try:
            check_move(status, wish, flagged=flagged)
        except IllegalMove as refusal:
            assert (refusal.current, refusal.wanted) == (status, wish)
        else:
            assert status in OPEN_STATUSES
            status = wish
            seen.append(status)
    if VisitStatus.FINISHED in seen:
        assert seen[-2:] == [VisitStatus.ADMITTED, VisitStatus.FINISHED]
    if VisitStatus.ADMITTED in seen and not flagged:
        assert seen[seen.index(VisitStatus.ADMITTED) - 1] is VisitStatus.WAITING


def test_every_open_visit_can_be_brought_to_an_end() -> None:
    for start in OPEN_STATUSES:
        reached, frontier = {start}, [start]
        while frontier:
            for onward in TRANSITIONS[frontier.pop()] - reached:
                reached.add(onward)
                frontier.append(onward)
        assert reached & {VisitStatus.FINISHED, VisitStatus.CANCELLED, VisitStatus.NO_SHOW}


@pytest.mark.parametrize("where", [VisitStatus.INTAKE, VisitStatus.LEFT])
def test_only_a_patient_in_danger_is_admitted_from_outside_of_the_waiting_room(where: VisitStatus) -> None:
    check_move(where, VisitStatus.ADMITTED, flagged=True)
    with pytest.raises(IllegalMove):
        check_move(where, VisitStatus.ADMITTED)


def test_a_patient_who_is_in_a_visit_cannot_cancel_it_by_accident() -> None:
    with pytest.raises(IllegalMove):
        check_move(VisitStatus.ADMITTED, VisitStatus.CANCELLED)


@given(st.lists(st.lists(st.sampled_from(list(Priority)), max_size=3), max_size=6))
def test_priority_only_ever_rises(rounds: list[list[Priority]]) -> None:
    current = Priority.ROUTINE
    for each in rounds:
        before, current = current, raised(current, each)
        assert current >= before and all(current >= priority for priority in each)
    assert current == max((p for each in rounds for p in each), default=Priority.ROUTINE)


def test_a_booked_patient_checks_in_near_the_slot_and_keeps_its_place_when_a_little_late() -> None:
    assert not may_check_in(NOON, NOON - CHECK_IN_OPENS - timedelta(seconds=1))
    assert may_check_in(NOON, NOON - CHECK_IN_OPENS)
    assert may_check_in(None, NOON)
    assert place_in_time(NOON, NOON - timedelta(minutes=20)) == NOON
    assert place_in_time(NOON, NOON + LATE_GRACE) == NOON
    late = NOON + LATE_GRACE + timedelta(seconds=1)
    assert place_in_time(NOON, late) == late
    assert place_in_time(None, late) == late


def test_a_short_absence_keeps_the_place_and_a_long_one_does_not() -> None:
    queued, left = NOON, NOON + timedelta(minutes=5)
    assert place_after_absence(queued, left, left + AWAY_GRACE) == queued
    back = left + AWAY_GRACE + timedelta(seconds=1)
    assert place_after_absence(queued, left, back) == back
