"""The states of a prescription: which follows which, in whatever order things are tried."""

from datetime import timedelta
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chart.prescribing.domain import (
    CONFIRMED_WITHIN,
    FORMAT,
    GENDERS,
    LEASE,
    MAX_NOTE,
    MAX_QUANTITY,
    MAX_REASON,
    MAX_REFILLS,
    NUMBERS,
    TAKEN_WITHIN,
    TRANSITIONS,
    Failure,
    IllegalMove,
    RxStatus,
    SignedName,
    SignedPatient,
    SignedPharmacy,
    SignedPrescriber,
    back_off,
    check_move,
)
from tests.moves import shown, table

moves = st.lists(st.sampled_from(sorted(RxStatus)), max_size=30)


@given(moves)
def test_no_order_of_events_leads_astray(wanted: list[RxStatus]) -> None:
    """Whatever is tried in whatever order: it ends where TRANSITIONS says, and never sends what was cancelled."""
    status, seen = RxStatus.DRAFT, [RxStatus.DRAFT]
    for to in wanted:
        try:
            check_move(status, to)
        except IllegalMove:
            continue
        status = to
        seen.append(to)
    assert all(after in TRANSITIONS[before] for before, after in pairwise(seen))
    if RxStatus.CANCELLED in seen:
        assert seen[-1] is RxStatus.CANCELLED and RxStatus.SENDING not in seen
    if RxStatus.ACCEPTED in seen:
        assert seen[-1] is RxStatus.ACCEPTED and RxStatus.SIGNED in seen
    assert seen.count(RxStatus.SIGNED) <= 1


def test_only_an_end_has_no_way_on() -> None:
    ends = {status for status, onward in TRANSITIONS.items() if not onward}
    assert ends == {RxStatus.ACCEPTED, RxStatus.CANCELLED}
    assert set(TRANSITIONS) == set(RxStatus)


def test_the_moves_of_a_prescription() -> None:
    assert shown(TRANSITIONS) == table("""
        draft: signed cancelled
        signed: sending cancelled
        sending: sent accepted error
        sent: accepted error
        accepted:
        error: sending accepted
        cancelled:
    """)
    with pytest.raises(IllegalMove, match="draft -> sent"):
        check_move(RxStatus.DRAFT, RxStatus.SENT)


def test_a_pharmacy_that_is_away_is_asked_less_and_less_often() -> None:
    waits = [back_off(tries).total_seconds() for tries in range(1, 12)]
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]


def test_what_may_be_written_and_how_long_things_take() -> None:
    assert (MAX_QUANTITY, MAX_REFILLS, MAX_NOTE, MAX_REASON) == (9999, 11, 120, 200)
    assert (LEASE, TAKEN_WITHIN, CONFIRMED_WITHIN) == (
        timedelta(seconds=30),
        timedelta(minutes=30),
        timedelta(hours=24),
    )
    assert NUMBERS == {"sig.dose", "sig.days", "quantity", "days_supply", "refills"}


def test_what_is_signed_and_sent_has_the_words_that_others_read() -> None:
    assert FORMAT == "carethread.prescription/1"
    assert GENDERS == {"male": "M", "female": "F", "specified": "U", "declined": "U", "unknown": "U"}


def test_a_name_or_a_phone_has_no_more_parts_than_were_signed() -> None:
    """The bytes of a document of before, which has fewer fields, stay what was signed."""
    name = SignedName(given="Ana", family="Ruiz")
    assert (name.second, name.prefix, name.suffix) == ("", "", "")
    for kind in (SignedPatient, SignedPrescriber, SignedPharmacy):
        [extension] = [each for each in msgspec.structs.fields(kind) if each.name == "extension"]
        assert extension.default == "", kind


def test_why_a_prescription_failed_is_a_word_that_pages_have() -> None:
    assert set(Failure) == {"rejected", "unreachable"}
