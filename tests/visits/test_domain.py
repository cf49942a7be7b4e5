"""The life of a visit, as rules."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rules.rulebook import Decision
from core.rules.text import Text
from tests.moves import shown
from visits.domain import (
    ABANDONED_AFTER,
    AWAY_GRACE,
    CHECK_IN_OPENS,
    LATE_GRACE,
    ONLY_FLAGGED,
    OPEN_STATUSES,
    PHONED_ONCE,
    QUIET_FLAGS,
    QUIET_FOR,
    TICKET_GRACE,
    TRANSITIONS,
    IllegalMove,
    Priority,
    RedFlag,
    VisitStatus,
    check_move,
    explained,
    flag,
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


def test_everybody_else_moves_without_any_danger() -> None:
    for status, allowed in TRANSITIONS.items():
        for onward in allowed:
            if (status, onward) not in ONLY_FLAGGED:
                check_move(status, onward)


def test_a_patient_whose_visit_is_over_may_ask_for_another() -> None:
    assert OPEN_STATUSES == {
        VisitStatus.INTAKE,
        VisitStatus.WAITING,
        VisitStatus.ADMITTED,
        VisitStatus.LEFT,
    }


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


def test_the_moves_are_those_that_the_map_draws() -> None:
    drawn = re.findall(r"^    (\w+) --> (\w+): ?(.*)$|^    (\w+) --> (\w+)$", ARCHITECTURE, re.M)
    arrows = {(a or c, b or d): why for a, b, why, c, d in drawn}
    assert arrows.keys() == {
        (status, onward) for status, allowed in shown(TRANSITIONS).items() for onward in allowed
    }
    assert {move for move, why in arrows.items() if "red flag" in why} == ONLY_FLAGGED


ARCHITECTURE = Path("ARCHITECTURE.md").read_text()


def test_how_long_things_last() -> None:
    assert (CHECK_IN_OPENS, LATE_GRACE, AWAY_GRACE) == (
        timedelta(minutes=30),
        timedelta(minutes=10),
        timedelta(minutes=30),
    )
    assert (ABANDONED_AFTER, PHONED_ONCE, TICKET_GRACE) == (
        timedelta(hours=24),
        timedelta(minutes=1),
        timedelta(minutes=2),
    )
    assert QUIET_FOR == timedelta(days=30)


def test_violence_and_nothing_else_keeps_the_phone_dark() -> None:
    assert QUIET_FLAGS == {"unsafe_home", "sexual_assault"}


def decision(rule: str, version: int) -> Decision:
    return Decision(rule=rule, version=version, because=Text(f"Because {version}", f"Porque {version}"))


def test_a_flag_says_how_urgent_it_is_and_why() -> None:
    for priority, level in ((Priority.EMERGENCY, "emergency"), (Priority.URGENT, "urgent")):
        made = flag(decision("chest_pain", 3), priority, NOON)
        assert made == RedFlag("chest_pain", level, NOON, version=3, because=Text("Because 3", "Porque 3"))  # type: ignore[arg-type]  # its words


def test_a_flag_has_the_newest_reason_and_keeps_the_one_it_has_where_no_rule_decided() -> None:
    old, other = flag(decision("a", 1), Priority.URGENT, NOON), flag(decision("b", 1), Priority.URGENT, NOON)
    told = explained([old, other], [decision("a", 2), decision("a", 3), decision("c", 9)])
    assert [(each.code, each.version) for each in told] == [("a", 3), ("b", 1)]
    assert told[0].because == Text("Because 3", "Porque 3")
    assert (told[0].at, told[1]) == (NOON, other)


def test_priorities_go_from_routine_to_emergency() -> None:
    assert Priority.ROUTINE < Priority.URGENT < Priority.EMERGENCY
    assert [int(each) for each in Priority] == [0, 1, 2]


def test_what_was_refused_says_from_where_to_where() -> None:
    with pytest.raises(IllegalMove, match="finished -> waiting"):
        check_move(VisitStatus.FINISHED, VisitStatus.WAITING)
