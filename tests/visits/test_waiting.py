"""The line and its estimate."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from visits.domain import Priority
from visits.waiting.estimate import ENOUGH, Estimate, InLine, estimates, line_up

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
    assert line_up([*without, gone], NOON) == ordered


def test_a_booked_time_that_has_come_goes_before_walk_ins_and_one_to_come_waits() -> None:
    walk_in = InLine(uuid4(), 0, at(-50))
    due = InLine(uuid4(), 0, at(-1), slot_starts_at=at(-1))
    early = InLine(uuid4(), 0, at(20), slot_starts_at=at(20))
    flagged = InLine(uuid4(), Priority.EMERGENCY, at(0))
    assert line_up([early, walk_in, due, flagged], NOON) == [flagged, due, walk_in, early]


DOCTORS = [UUID(int=number) for number in range(1, 10)]


def estimate(
    ahead: Sequence[Collection[UUID]],
    able: Collection[UUID],
    durations: Sequence[timedelta],
    elapsed: Mapping[UUID, timedelta],
    unanswered: timedelta = timedelta(),
) -> Estimate | None:
    """The estimate of the last in a line."""
    waited = [timedelta()] * len(ahead) + [unanswered]
    return estimates([*ahead, able], durations, elapsed, waited)[-1]


def reckon(
    ahead: int,
    durations: list[timedelta],
    elapsed: list[timedelta],
    at_work: int,
    unanswered: timedelta = timedelta(),
) -> Estimate | None:
    """The estimate where everybody at work may see everybody."""
    able = frozenset(DOCTORS[: max(at_work, len(elapsed))])
    busy = dict(zip(DOCTORS, elapsed, strict=False))
    return estimate([able] * ahead, able, durations, busy, unanswered)


def test_the_estimate_is_what_one_would_reckon_by_hand() -> None:
    ten = some(10, 10, 10, 10, 10)
    assert reckon(0, ten, [], 1) == Estimate(0, 0, 5)
    assert reckon(0, ten, some(4), 1) == Estimate(6, 6, 6)
    assert reckon(2, ten, some(4), 1) == Estimate(26, 26, 26)
    assert reckon(2, ten, some(4), 2) == Estimate(10, 10, 10)
    assert reckon(0, some(5, 10, 20, 30, 40), some(0), 1) == Estimate(5, 20, 30)


def test_when_somebody_is_free_and_does_not_come_nothing_is_promised() -> None:
    ten = some(10, 10, 10, 10, 10)
    assert reckon(0, ten, [], 1, unanswered=timedelta(minutes=5)) == Estimate(0, 0, 5)
    assert reckon(0, ten, [], 1, unanswered=timedelta(minutes=6)) is None
    assert reckon(1, ten, [], 1, unanswered=timedelta(minutes=6)) == Estimate(10, 10, 10)
    assert reckon(1, ten, [], 1, unanswered=timedelta(minutes=31)) is None
    # Everybody is in a visit: that the first in line waits is what was to be expected.
    assert reckon(0, ten, some(4), 1, unanswered=timedelta(minutes=30)) == Estimate(6, 6, 6)


@given(st.integers(0, 9), st.lists(minutes, max_size=ENOUGH - 1), st.integers(0, 5))
def test_with_too_little_to_go_on_it_cannot_tell(
    ahead: int, durations: list[timedelta], at_work: int
) -> None:
    assert reckon(ahead, durations, [], at_work) is None
    assert reckon(ahead, some(9, 9, 9, 9, 9, 9), [], 0) is None


@given(
    st.integers(0, 9),
    st.lists(minutes, min_size=ENOUGH, max_size=30),
    st.lists(minutes, max_size=4),
    st.integers(1, 5),
)
def test_the_range_is_in_order_and_grows_with_the_line_and_shrinks_with_help(
    ahead: int, durations: list[timedelta], elapsed: list[timedelta], at_work: int
) -> None:
    here = reckon(ahead, durations, elapsed, at_work)
    behind = reckon(ahead + 1, durations, elapsed, at_work)
    helped = reckon(ahead, durations, elapsed, max(at_work, len(elapsed)) + 1)
    assert here and behind and helped
    assert 0 <= here.low <= here.likely <= here.high
    assert (behind.low, behind.likely, behind.high) >= (here.low, here.likely, here.high)
    assert helped.likely <= here.likely and helped.high <= here.high


def test_only_whoever_is_licensed_where_the_patient_is_counts() -> None:
    ten = some(10, 10, 10, 10, 10)
    oregon, texas = DOCTORS[0], DOCTORS[1]
    both, busy = {oregon, texas}, {oregon: timedelta(minutes=4)}
    assert estimate([], {oregon}, ten, busy) == Estimate(6, 6, 6), "that somebody else is free is no help"
    assert estimate([], both, ten, busy) == Estimate(0, 0, 5)
    assert estimate([], set(), ten, busy) is None, "nobody at work may see them"
    assert estimate([{texas}] * 3, {oregon}, ten, busy) == Estimate(6, 6, 6), "those ahead are another's"
    assert estimate([both], {texas}, ten, busy) == Estimate(10, 10, 10), "whoever is free first takes them"
    assert estimate([set()], {oregon}, ten, busy) == Estimate(6, 6, 6), (
        "one whom nobody may see holds nobody up"
    )
    waited = timedelta(minutes=6)
    assert estimate([], {oregon}, ten, busy, waited) == Estimate(6, 6, 6), "all who may come are in a visit"
    assert estimate([{texas}], {oregon}, ten, {}, waited) is None, (
        "who is ahead of nobody in this line is no rival"
    )


teams = st.frozensets(st.sampled_from(DOCTORS[:5]))


@given(
    st.lists(teams, max_size=6),
    teams.filter(bool),
    teams,
    st.lists(minutes, min_size=ENOUGH, max_size=30),
    st.dictionaries(st.sampled_from(DOCTORS[:5]), minutes),
)
def test_fewer_who_may_see_one_never_make_it_sooner(
    ahead: list[frozenset[UUID]],
    able: frozenset[UUID],
    others: frozenset[UUID],
    durations: list[timedelta],
    elapsed: dict[UUID, timedelta],
) -> None:
    few, many = (estimate(ahead, each, durations, elapsed) for each in (able, able | others))
    assert few and many
    assert (few.low, few.likely, few.high) >= (many.low, many.likely, many.high)
    alone = estimate([each - able for each in ahead], able, durations, elapsed)
    assert alone and alone.likely <= few.likely
