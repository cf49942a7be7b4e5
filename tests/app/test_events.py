"""Every event is for somebody: a process whose slices define one that nobody hears does not start."""

from collections import Counter
from dataclasses import replace

import pytest

from app import registry
from app.registry import RETIRED_EVENTS, SLICES, all_subscribers
from core.events.outbox import events_defined_in, name_of
from core.slices import Slice


def test_every_event_has_a_subscriber_and_none_is_both_retired_and_in_use() -> None:
    heard = {name_of(event) for event in all_subscribers().events}
    defined = {name_of(event) for event in events_defined_in(part.name for part in SLICES)}
    assert heard == defined
    assert {"visit.finished", "note.signed", "identity.session_ended"} <= heard
    assert not heard & RETIRED_EVENTS


def sole_listeners() -> list[Slice]:
    """The slices without which nobody would hear some event."""
    heard = Counter(each.event for part in SLICES for each in part.subscribers)
    return [part for part in SLICES if any(heard[each.event] == 1 for each in part.subscribers)]


@pytest.mark.parametrize("part", sole_listeners(), ids=lambda part: part.name)
def test_without_a_slices_subscribers_nothing_starts(part: Slice, monkeypatch: pytest.MonkeyPatch) -> None:
    deaf = [replace(each, subscribers=[]) if each is part else each for each in SLICES]
    monkeypatch.setattr(registry, "SLICES", deaf)
    with pytest.raises(ValueError, match="nobody subscribes to"):
        all_subscribers()
