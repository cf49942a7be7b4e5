"""The moves of a task, what may be written in it, and when it is due: at a time when the clinic is open, over weekends,
holidays, clock changes and odd hours."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Conflict, Invalid
from followup.domain import (
    DEFAULT_DAYS,
    END_OF_DAY,
    MAX_TEXT,
    MAX_TITLE,
    OFFERED_DAYS,
    TRANSITIONS,
    TaskPriority,
    TaskStatus,
    check_move,
    clean_text,
    clean_title,
    due_at,
    in_days,
    within_hours,
)
from identity.clinic.hours import Opening
from tests.moves import shown, table


def test_the_moves_of_a_task() -> None:
    assert shown(TRANSITIONS) == table("""
        open: done cancelled
        done: open
        cancelled: open
    """)
    with pytest.raises(Conflict) as refused:
        check_move(TaskStatus.DONE, TaskStatus.CANCELLED)
    assert refused.value.code == "task_is_done"


def test_what_is_offered_and_meant_where_nothing_is_said() -> None:
    assert OFFERED_DAYS == (1, 3, 7, 14, 30)
    assert (DEFAULT_DAYS, END_OF_DAY) == (3, "17:00")
    assert [int(each) for each in TaskPriority] == [0, 1, 2]
    assert TaskPriority.ROUTINE < TaskPriority.SOON < TaskPriority.URGENT


def test_a_title_is_one_line_of_three_hundred_letters() -> None:
    assert clean_title("  Call \n about\tlabs ") == "Call about labs"
    assert clean_title("x" * 300) == "x" * MAX_TITLE
    for text, code in (("x" * 301, "too_long"), (" \n", "required")):
        with pytest.raises(Invalid) as refused:
            clean_title(text)
        assert [(each.path, each.code) for each in refused.value.fields] == [("title", code)]


def test_a_text_is_two_thousand_letters_and_its_field_is_named() -> None:
    assert clean_text("outcome", " a\nb ") == "a\nb"
    assert clean_text("outcome", "x" * 2000) == "x" * MAX_TEXT
    with pytest.raises(Invalid) as refused:
        clean_text("outcome", "x" * 2001)
    assert [(each.path, each.code) for each in refused.value.fields] == [("outcome", "too_long")]


NEW_YORK = ZoneInfo("America/New_York")
WEEK = {day: [["09:00", "12:00"], ["13:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
SATURDAYS = {**WEEK, "sat": [["10:00", "14:00"]]}
NIGHTS = {"sun": [["01:00", "03:00"], ["20:00", "24:00"]]}
THANKSGIVING = {date(2026, 11, 26): "Thanksgiving", date(2026, 11, 27): "The day after"}


def at(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("now", "days", "hours", "holidays", "due"),
    [
        # Wednesday before Thanksgiving, the day after closed as well: Monday, at the same time of day.
        ("2026-11-25T10:30", 1, WEEK, THANKSGIVING, "2026-11-30T10:30"),
        ("2026-11-25T10:30", 1, WEEK, {}, "2026-11-26T10:30"),
        # Friday: over the weekend; a clinic that opens on Saturdays from ten to two.
        ("2026-05-01T15:00", 1, WEEK, {}, "2026-05-04T15:00"),
        ("2026-05-01T15:00", 1, SATURDAYS, {}, "2026-05-02T14:00"),
        ("2026-05-01T09:30", 1, SATURDAYS, {}, "2026-05-02T10:00"),
        ("2026-05-01T15:00", 3, WEEK, {}, "2026-05-04T15:00"),
        # Pressed at noon, before opening and late at night.
        ("2026-05-05T12:30", 1, WEEK, {}, "2026-05-06T13:00"),
        ("2026-05-05T06:00", 1, WEEK, {}, "2026-05-06T09:00"),
        ("2026-05-05T23:50", 1, WEEK, {}, "2026-05-06T17:00"),
        ("2026-05-01T23:50", 1, WEEK, {}, "2026-05-04T17:00"),
        # New Year's Eve into a year that begins with a holiday, on a Friday.
        ("2026-12-31T11:00", 1, WEEK, {date(2027, 1, 1): "New Year"}, "2027-01-04T11:00"),
        # February 29.
        ("2028-02-28T11:00", 1, WEEK, {}, "2028-02-29T11:00"),
        # The clock is the clinic's: a day of 23 and one of 25 hours later it shows the same time.
        ("2026-03-07T15:00", 1, {}, {}, "2026-03-08T15:00"),
        ("2026-10-31T15:00", 1, {}, {}, "2026-11-01T15:00"),
        # 02:30 does not exist on March 8; 01:30 comes twice on November 1.
        ("2026-03-07T02:30", 1, {}, {}, "2026-03-08T03:30"),
        ("2026-10-31T01:30", 1, NIGHTS, {}, "2026-11-01T01:30"),
        ("2026-10-31T22:00", 1, NIGHTS, {}, "2026-11-01T22:00"),
        # Without hours it opens daily, but for holidays.
        ("2026-05-01T22:00", 1, {}, {}, "2026-05-02T22:00"),
        ("2026-11-25T22:00", 1, {}, THANKSGIVING, "2026-11-28T22:00"),
        # Hours with empty days are none.
        ("2026-05-01T22:00", 1, {"mon": []}, {}, "2026-05-02T22:00"),
    ],
)
def test_so_many_days_on_is_an_open_day(
    now: str, days: int, hours: dict[str, Any], holidays: dict[date, str], due: str
) -> None:
    found = in_days(days, at(now), Opening(hours, NEW_YORK, holidays))
    assert found is not None
    assert found.astimezone(NEW_YORK).isoformat()[:16] == due


@pytest.mark.parametrize(
    ("wanted", "now", "due"),
    [
        # A no-show at two is called until five; one at half past four on the next morning.
        ("2026-05-05T18:00", "2026-05-05T14:00", "2026-05-05T17:00"),
        ("2026-05-05T20:30", "2026-05-05T16:30", "2026-05-06T11:00"),
        ("2026-05-01T20:30", "2026-05-01T16:30", "2026-05-04T11:00"),
        ("2026-11-25T20:30", "2026-11-25T16:30", "2026-11-30T11:00"),
        # Open then: it stays.
        ("2026-05-05T16:59", "2026-05-05T12:59", "2026-05-05T16:59"),
        ("2026-05-05T17:00", "2026-05-05T13:00", "2026-05-05T17:00"),
        ("2026-05-05T17:00", "2026-05-05T16:30", "2026-05-05T17:00"),
        # An hour that is left is enough.
        ("2026-05-05T20:00", "2026-05-05T16:00", "2026-05-05T17:00"),
        # At night, over a weekend, in the lunch break.
        ("2026-05-05T04:00", "2026-05-05T00:00", "2026-05-05T09:00"),
        ("2026-05-02T12:00", "2026-05-02T08:00", "2026-05-04T13:00"),
        ("2026-05-05T12:30", "2026-05-05T08:30", "2026-05-05T13:00"),
    ],
)
def test_what_comes_by_itself_is_due_while_the_clinic_is_open(wanted: str, now: str, due: str) -> None:
    found = within_hours(at(wanted), at(now), Opening(WEEK, NEW_YORK, THANKSGIVING))
    assert found is not None
    assert found.astimezone(NEW_YORK).isoformat()[:16] == due


def test_a_clinic_that_stays_closed_has_no_day() -> None:
    closed = {date(2026, 5, 1) + timedelta(days=ahead): "Closed" for ahead in range(200)}
    for hours in ({}, WEEK):
        assert in_days(1, at("2026-05-01T10:00"), Opening(hours, NEW_YORK, closed)) is None
        assert (
            within_hours(at("2026-05-01T20:00"), at("2026-05-01T16:00"), Opening(hours, NEW_YORK, closed))
            is None
        )
    # Open on one Sunday two months on.
    late = Opening(
        {"sun": [["10:00", "11:00"]]}, NEW_YORK, {d: n for d, n in closed.items() if d != date(2026, 6, 28)}
    )
    found = in_days(1, at("2026-05-01T10:30"), late)
    assert found == at("2026-06-28T10:30")


SPANS = st.sampled_from(
    [[], [["09:00", "17:00"]], [["00:00", "24:00"]], [["01:30", "03:30"], ["22:00", "24:00"]]]
)


@given(
    st.integers(1_767_000_000, 1_830_000_000).map(lambda second: datetime.fromtimestamp(second, UTC)),
    st.sampled_from(OFFERED_DAYS),
    st.fixed_dictionaries({day: SPANS for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}),
    st.sets(st.integers(0, 70), max_size=40),
    st.sampled_from(["America/New_York", "Pacific/Kiritimati", "America/St_Johns", "Australia/Lord_Howe"]),
)
def test_at_any_time_of_any_clinic_it_is_open_and_not_over(
    now: datetime, days: int, hours: dict[str, Any], off: set[int], zone: str
) -> None:
    today = now.astimezone(ZoneInfo(zone)).date()
    opening = Opening(hours, ZoneInfo(zone), {today + timedelta(days=ahead): "Closed" for ahead in off})
    due = in_days(days, now, opening)
    if due is None:
        wanted = today + timedelta(days=days)
        assert not any(opening.opens_on(wanted + timedelta(days=ahead)) for ahead in range(50))
        return
    assert due > now
    if any(hours.values()):
        before = due - timedelta(seconds=1)
        assert opening.is_open(due) or opening.is_open(before)
    else:
        assert due.astimezone(ZoneInfo(zone)).date() not in opening.holidays


@given(
    st.integers(1_704_067_200, 1_893_456_000).map(lambda second: datetime.fromtimestamp(second, UTC)),
    st.integers(0, 730),
    st.sampled_from(["America/New_York", "America/Phoenix", "Pacific/Kiritimati", "America/St_Johns"]),
)
def test_a_plan_item_is_due_at_the_end_of_the_clinics_day(signed: datetime, days: int, zone: str) -> None:
    due = due_at(signed, days, Opening({}, ZoneInfo(zone), {})).astimezone(ZoneInfo(zone))
    assert due >= signed + timedelta(hours=2) or days > 0
    if days > 0:
        assert (due.hour, due.minute) == (17, 0)
        assert (due.date() - signed.astimezone(ZoneInfo(zone)).date()).days == days


@pytest.mark.parametrize(
    ("signed", "days", "due"),
    [
        # Friday; Saturday opens until noon, Sunday not at all.
        ("2026-05-01T15:00", 1, "2026-05-02T12:00"),
        ("2026-05-01T15:00", 2, "2026-05-04T17:00"),
        ("2026-05-01T15:00", 3, "2026-05-04T17:00"),
        ("2026-05-03T15:00", 0, "2026-05-04T17:00"),
        ("2026-05-01T15:00", 0, "2026-05-01T17:00"),
        # Three days on where the plan names none; and what is for today is left two hours.
        ("2026-05-05T10:00", None, "2026-05-08T17:00"),
        ("2026-05-05T16:00", 0, "2026-05-05T18:00"),
        ("2026-05-05T20:00", 0, "2026-05-05T22:00"),
    ],
)
def test_nothing_is_due_while_the_clinic_is_closed(signed: str, days: int | None, due: str) -> None:
    hours = {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")} | {
        "sat": [["09:00", "12:00"]]
    }
    found = due_at(at(signed), days, Opening(hours, NEW_YORK, {}))
    assert found.astimezone(NEW_YORK).isoformat()[:16] == due


def test_a_plan_of_a_clinic_that_stays_closed_keeps_its_day() -> None:
    closed = {date(2026, 5, 1) + timedelta(days=ahead): "Closed" for ahead in range(200)}
    assert due_at(at("2026-05-05T10:00"), 1, Opening(WEEK, NEW_YORK, closed)) == at("2026-05-06T17:00")
