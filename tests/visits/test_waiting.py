"""The line and its estimate."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visits.domain import Priority
from visits.waiting import ENOUGH, Estimate, InLine, estimate, line_up, people_ahead

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def some(*minutes: float) -> list[timedelta]:
    return [timedelta(minutes=m) for m in minutes]


entries = st.builds(
    InLine,
    visit_id=st.uuids(),
    priority=st.sampled_from([int(p) for p in Priority]),
    queued_at=st.integers(-120, 0).map(at),
    slot_starts_at=st.none() | st.integers(-60, 60).map(at),
)
minutes = st.integers(1, 90).map(lambda m: timedelta(minutes=m))
lines = st.lists(entries, max_size=12, unique_by=lambda entry: entry.visit_id)


@given(lines)
def test_the_line_is_complete_and_no_flagged_patient_stands_behind_a_routine_one(line: list[InLine]) -> None:
    ordered = line_up(line, NOON)
    assert {e.visit_id for e in ordered} == {e.visit_id for e in line}
    assert [e.priority for e in ordered] == sorted((e.priority for e in line), reverse=True)
    assert line_up(reversed(line), NOON) == ordered


@given(lines.filter(bool), st.data())
def test_leaving_and_coming_back_to_the_same_place_moves_nobody_else(
    line: list[InLine], data: st.DataObject
) -> None:
    ordered = line_up(line, NOON)
    gone = data.draw(st.sampled_from(ordered))
    without = line_up([e for e in line if e is not gone], NOON)
    assert [e for e in ordered if e is not gone] == without
    assert people_ahead(line_up([*without, gone], NOON), gone.visit_id) == ordered.index(gone)


def test_a_booked_time_that_has_come_goes_before_walk_ins_and_one_to_come_waits() -> None:
    walk_in = InLine(uuid4(), 0, at(-50))
    due = InLine(uuid4(), 0, at(-1), slot_starts_at=at(-1))
    early = InLine(uuid4(), 0, at(20), slot_starts_at=at(20))
    flagged = InLine(uuid4(), Priority.EMERGENCY, at(0))
    assert line_up([early, walk_in, due, flagged], NOON) == [flagged, due, walk_in, early]


def test_someone_not_in_the_line_has_no_place() -> None:
    with pytest.raises(ValueError, match="not in the line"):
        people_ahead([InLine(uuid4(), 0, NOON)], UUID(int=1))


def test_the_estimate_is_what_one_would_reckon_by_hand() -> None:
    ten = some(10, 10, 10, 10, 10)
    assert estimate(0, ten, [], 1) == Estimate(0, 0, 5)
    assert estimate(0, ten, some(4), 1) == Estimate(6, 6, 6)
    assert estimate(2, ten, some(4), 1) == Estimate(26, 26, 26)
    assert estimate(2, ten, some(4), 2) == Estimate(10, 10, 10)
    assert estimate(0, some(5, 10, 20, 30, 40), some(0), 1) == Estimate(5, 20, 30)


def test_when_somebody_is_free_and_does_not_come_nothing_is_promised() -> None:
    ten = some(10, 10, 10, 10, 10)
    assert estimate(0, ten, [], 1, unanswered=timedelta(minutes=5)) == Estimate(0, 0, 5)
    assert estimate(0, ten, [], 1, unanswered=timedelta(minutes=6)) is None
    assert estimate(1, ten, [], 1, unanswered=timedelta(minutes=6)) == Estimate(10, 10, 10)
    assert estimate(1, ten, [], 1, unanswered=timedelta(minutes=31)) is None
    # Everybody is in a visit: that the first in line waits is what was to be expected.
    assert estimate(0, ten, some(4), 1, unanswered=timedelta(minutes=30)) == Estimate(6, 6, 6)


@given(st.integers(0, 9), st.lists(minutes, max_size=ENOUGH - 1), st.integers(0, 5))
def test_with_too_little_to_go_on_it_cannot_tell(
    ahead: int, durations: list[timedelta], at_work: int
) -> None:
    assert estimate(ahead, durations, [], at_work) is None
    assert estimate(ahead, some(9, 9, 9, 9, 9, 9), [], 0) is None


@given(
    st.integers(0, 9),
    st.lists(minutes, min_size=ENOUGH, max_size=30),
    st.lists(minutes, max_size=4),
    st.integers(1, 5),
)
def test_the_range_is_in_order_and_grows_with_the_line_and_shrinks_with_help(
    ahead: int, durations: list[timedelta], elapsed: list[timedelta], at_work: int
) -> None:
    here = estimate(ahead, durations, elapsed, at_work)
    behind = estimate(ahead + 1, durations, elapsed, at_work)
    helped = estimate(ahead, durations, elapsed, max(at_work, len(elapsed)) + 1)
    assert here and behind and helped
    assert 0 <= here.low <= here.likely <= here.high
    assert (behind.low, behind.likely, behind.high) >= (here.low, here.likely, here.high)
    assert helped.likely <= here.likely and helped.high <= here.high
