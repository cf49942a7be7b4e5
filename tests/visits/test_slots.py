"""Bookable times across clock changes (case 29)."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visits.booking.slots import (
    AmbiguousLocalTime,
    At,
    Duration,
    ExtraHours,
    Hours,
    NoSuchLocalTime,
    OpenSlot,
    Taken,
    offered_at,
    open_slots,
    to_instant,
)

NEW_YORK = ZoneInfo("America/New_York")
DOC = UUID(int=7)
HERE = At(UUID(int=9), NEW_YORK)
# In 2027 New York's clocks go forward on Sunday 14 March at 02:00 and back on Sunday 7 November at 02:00.
SPRING, AUTUMN = date(2027, 3, 14), date(2027, 11, 7)


def day_of(day: date) -> tuple[datetime, datetime]:
    midnight = datetime.combine(day, time(), NEW_YORK)
    following = datetime.combine(day + timedelta(days=1), time(), NEW_YORK)
    return midnight.astimezone(UTC), following.astimezone(UTC)


def local_starts(slots: list[OpenSlot]) -> list[str]:
    return [slot.starts_at.astimezone(NEW_YORK).strftime("%H:%M%z") for slot in slots]


def night(weekday: int) -> Hours:
    return Hours(DOC, HERE, weekday, time(1), time(4), 30)


def test_no_slot_has_a_local_time_that_the_clock_skips() -> None:
    slots = open_slots([night(SPRING.weekday())], [], day_of(SPRING))
    assert local_starts(slots) == ["01:00-0500", "01:30-0500", "03:00-0400", "03:30-0400"]


def test_a_local_time_that_comes_twice_is_two_slots_an_hour_apart() -> None:
    slots = open_slots([night(AUTUMN.weekday())], [], day_of(AUTUMN))
    assert local_starts(slots) == [
        "01:00-0400", "01:30-0400", "01:00-0500", "01:30-0500",
        "02:00-0500", "02:30-0500", "03:00-0500", "03:30-0500",
    ]  # fmt: skip


def test_hours_that_begin_inside_the_gap_begin_after_it() -> None:
    hours = Hours(DOC, HERE, SPRING.weekday(), time(2, 30), time(4), 30)
    assert local_starts(open_slots([hours], [], day_of(SPRING))) == ["03:30-0400"]


def test_hours_may_go_past_midnight() -> None:
    hours = Hours(DOC, HERE, 0, time(23), time(0), 30)
    monday = date(2027, 6, 7)
    assert local_starts(open_slots([hours], [], day_of(monday))) == ["23:00-0400", "23:30-0400"]
    late = Hours(DOC, HERE, 0, time(23), time(1), 60)
    tuesday = open_slots([late], [], day_of(monday + timedelta(days=1)))
    assert local_starts(tuesday) == ["00:00-0400"]


def test_the_leap_day_has_slots() -> None:
    leap = date(2028, 2, 29)
    slots = open_slots([Hours(DOC, HERE, leap.weekday(), time(9), time(10), 30)], [], day_of(leap))
    assert [slot.starts_at for slot in slots] == [
        datetime(2028, 2, 29, 14, tzinfo=UTC),
        datetime(2028, 2, 29, 14, 30, tzinfo=UTC),
    ]


def test_a_typed_time_that_does_not_exist_or_comes_twice_is_refused() -> None:
    with pytest.raises(NoSuchLocalTime):
        to_instant(datetime(2027, 3, 14, 2, 30), NEW_YORK)  # noqa: DTZ001 typed without a zone, that is the point
    with pytest.raises(AmbiguousLocalTime):
        to_instant(datetime(2027, 11, 7, 1, 30), NEW_YORK)  # noqa: DTZ001 typed without a zone
    summer = to_instant(datetime(2027, 7, 1, 9), NEW_YORK)  # noqa: DTZ001 typed without a zone
    assert summer == datetime(2027, 7, 1, 13, tzinfo=UTC)


@given(
    st.dates(date(2026, 1, 1), date(2030, 12, 31)),
    st.times(),
    st.times(),
    st.integers(5, 120),
    st.lists(st.tuples(st.integers(0, 1500), st.integers(1, 180)), max_size=4),
    st.sampled_from(
        ["America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"]
    ),
)
def test_open_slots_keep_their_length_meet_nothing_taken_and_can_be_booked_as_offered(
    day: date, starts: time, ends: time, length: int, taken_at: list[tuple[int, int]], zone_name: str
) -> None:
    zone = ZoneInfo(zone_name)
    at = At(HERE.location_id, zone)
    hours = [
        Hours(DOC, at, day.weekday(), starts.replace(microsecond=0), ends.replace(microsecond=0), length)
    ]
    midnight = datetime.combine(day, time(), zone).astimezone(UTC)
    window = (midnight, midnight + timedelta(days=1))
    taken = [
        Taken(DOC, midnight + timedelta(minutes=a), midnight + timedelta(minutes=a + b)) for a, b in taken_at
    ]
    slots = open_slots(hours, taken, window)
    for slot in slots:
        assert slot.ends_at - slot.starts_at == timedelta(minutes=length)
        assert window[0] <= slot.starts_at < window[1]
        assert not any(slot.starts_at < t.ends_at and t.starts_at < slot.ends_at for t in taken)
        assert offered_at(hours, DOC, slot.starts_at) == slot
        assert offered_at(hours, UUID(int=8), slot.starts_at) is None
    for earlier, later in pairwise(slots):
        assert earlier.ends_at <= later.starts_at


@given(
    st.integers(5, 60),
    st.builds(Duration, st.none() | st.integers(5, 240), st.integers(0, 120), st.integers(0, 120)),
    st.lists(st.tuples(st.integers(0, 1500), st.integers(1, 180)), max_size=4),
)
def test_a_time_of_a_visit_type_lasts_its_length_and_keeps_its_buffers_free(
    pace: int, duration: Duration, taken_at: list[tuple[int, int]]
) -> None:
    window = day_of(date(2027, 1, 4))
    hours = [Hours(DOC, HERE, 0, time(8), time(17), pace)]
    opens, closes = (window[0] + timedelta(hours=hour) for hour in (8, 17))
    taken = [
        Taken(DOC, window[0] + timedelta(minutes=a), window[0] + timedelta(minutes=a + b))
        for a, b in taken_at
    ]
    slots = open_slots(hours, taken, window, duration=duration)
    assert len(set(slots)) == len(slots)
    for slot in slots:
        assert slot.ends_at - slot.starts_at == timedelta(minutes=duration.minutes or pace)
        assert opens <= slot.starts_at < slot.ends_at <= closes
        assert (slot.starts_at - opens) % timedelta(minutes=pace) == timedelta()
        busy_from = slot.starts_at - timedelta(minutes=duration.before)
        busy_until = slot.ends_at + timedelta(minutes=duration.after)
        assert not any(busy_from < each.ends_at and each.starts_at < busy_until for each in taken)
        assert offered_at(hours, DOC, slot.starts_at, duration) == slot
    left_out = set(open_slots(hours, [], window, duration=duration)) - set(slots)
    for slot in left_out:
        assert any(
            slot.starts_at - timedelta(minutes=duration.before) < each.ends_at
            and each.starts_at < slot.ends_at + timedelta(minutes=duration.after)
            for each in taken
        )


def test_a_time_of_weekly_and_extra_hours_is_offered_once_and_as_long_as_it_is_booked() -> None:
    day = date(2027, 6, 7)
    hours = Hours(DOC, HERE, day.weekday(), time(9), time(12), 30)
    nine = datetime.combine(day, time(9), NEW_YORK).astimezone(UTC)
    extra = ExtraHours(DOC, HERE.location_id, nine, nine + timedelta(hours=1), 15)
    found = open_slots([hours], [], day_of(day), extra=[extra])
    assert len({slot.starts_at for slot in found}) == len(found)
    assert found[0] == OpenSlot(nine, nine + timedelta(minutes=15), DOC, HERE.location_id)


def test_hours_are_read_in_the_zone_of_their_location_and_not_on_its_closed_days() -> None:
    day = date(2027, 6, 7)
    west = At(UUID(int=10), ZoneInfo("America/Los_Angeles"))
    hours = [
        Hours(DOC, HERE, day.weekday(), time(9), time(10), 30),
        Hours(DOC, west, day.weekday(), time(9), time(10), 30),
    ]
    found = [(slot.location_id, slot.starts_at.hour) for slot in open_slots(hours, [], day_of(day))]
    assert found == [(HERE.location_id, 13)] * 2 + [(west.location_id, 16)] * 2
    closed = [hours[0], replace(hours[1], at=replace(west, closed={day}))]
    assert {slot.location_id for slot in open_slots(closed, [], day_of(day))} == {HERE.location_id}
    nine_there = datetime(2027, 6, 7, 16, tzinfo=UTC)
    assert offered_at(closed, DOC, nine_there) is None
    assert offered_at(hours, DOC, nine_there) is not None
