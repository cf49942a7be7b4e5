"""What to expect of the call: one table of cases for the server and the web, and what holds for all others."""

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from visits.check.domain import Device, Facts, Network, Speaker, Verdict, troubles, verdict

VECTORS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "vectors.json").read_text())
BEST_FIRST = [Verdict.VIDEO, Verdict.VOICE, Verdict.NONE]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_the_table(vector: dict[str, Any]) -> None:
    facts = msgspec.convert(vector["facts"], Facts)
    assert (verdict(facts), troubles(facts)) == (vector["verdict"], vector["troubles"])


def measured(highest: int) -> st.SearchStrategy[int | None]:
    return st.none() | st.integers(0, highest)


FACTS = st.builds(
    Facts,
    camera=st.sampled_from(Device),
    microphone=st.sampled_from(Device),
    speaker=st.sampled_from(Speaker),
    network=st.sampled_from(Network),
    round_trip_ms=measured(1500),
    jitter_ms=measured(400),
    loss=st.none() | st.floats(0, 1),
    up_kbps=measured(1000),
    down_kbps=measured(1000),
)
WORSE = {"round_trip_ms": 1.5, "jitter_ms": 1.5, "loss": 1.5, "up_kbps": 0.5, "down_kbps": 0.5}


@given(FACTS, st.sampled_from(sorted(WORSE)))
def test_a_worse_figure_never_makes_a_better_call(facts: Facts, figure: str) -> None:
    value = getattr(facts, figure)
    if value is None:
        return
    worse = value * WORSE[figure]
    changes: dict[str, Any] = {figure: worse if figure == "loss" else int(worse)}
    changed = replace(facts, **changes)
    if figure not in ("up_kbps", "down_kbps"):
        assert getattr(changed, figure) >= value or value in (0, 1)
    assert BEST_FIRST.index(verdict(changed)) >= BEST_FIRST.index(verdict(facts))


@given(FACTS)
def test_whoever_is_promised_less_than_video_is_told_why(facts: Facts) -> None:
    assert verdict(facts) is Verdict.VIDEO or troubles(facts)


@given(FACTS)
def test_what_was_not_measured_is_nothing_against_anybody(facts: Facts) -> None:
    figures: dict[str, Any] = {each.name: None for each in fields(facts) if each.name in WORSE}
    blind = replace(facts, network=Network.UNMEASURED, **figures)
    assert BEST_FIRST.index(verdict(blind)) <= BEST_FIRST.index(verdict(facts))


@given(FACTS)
def test_there_is_room_for_all_that_can_be_wrong(facts: Facts) -> None:
    assert len(troubles(facts)) == len(set(troubles(facts))) <= 12
