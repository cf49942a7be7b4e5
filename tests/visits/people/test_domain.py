"""The way of a guest, in any order of what people press."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visits.people.domain import LIVING, TRANSITIONS, GuestStatus, IllegalMove, check_move, plain_name

FINAL = set(GuestStatus) - LIVING


@given(st.lists(st.sampled_from(GuestStatus)))
def test_whoever_was_sent_away_or_went_never_comes_back(wanted: list[GuestStatus]) -> None:
    status, gone = GuestStatus.INVITED, False
    for each in wanted:
        try:
            check_move(status, each)
        except IllegalMove:
            continue
        assert not gone, f"{status} leads on to {each}"
        status, gone = each, each in FINAL


@given(st.lists(st.sampled_from(GuestStatus)))
def test_nobody_is_let_in_who_has_not_come_by_the_link(wanted: list[GuestStatus]) -> None:
    status, came = GuestStatus.INVITED, False
    for each in wanted:
        try:
            check_move(status, each)
        except IllegalMove:
            continue
        status, came = each, came or each is GuestStatus.WAITING
        assert came or status is not GuestStatus.ADMITTED


def test_every_state_has_its_line() -> None:
    assert set(TRANSITIONS) == set(GuestStatus)
    assert {GuestStatus.LEFT, GuestStatus.DECLINED, GuestStatus.REVOKED, GuestStatus.VISIT_OVER} == FINAL


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("  Ines   Ortiz ", "Ines Ortiz"),
        ("Ines\nOrtiz", "Ines Ortiz"),
        ("Ruth\u200b\u202e Adler", "Ruth Adler"),
        ("\u2028\t", ""),
    ],
)
def test_a_name_is_what_is_seen_of_it(typed: str, shown: str) -> None:
    assert plain_name(typed) == shown
