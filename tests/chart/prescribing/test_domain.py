"""The states of a prescription: which follows which, in whatever order things are tried."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from chart.prescribing.domain import TRANSITIONS, IllegalMove, RxStatus, check_move

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
