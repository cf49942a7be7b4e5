"""Who is about to give up waiting, and who has been forgotten. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

State = Literal["here", "asleep", "left"]
Reason = Literal["left", "asleep", "overdue", "came_back"]

LEFT_FOR = timedelta(minutes=2)
"""Who closed the page this long ago is not just loading it anew or looking something up."""

ASLEEP_FOR = timedelta(minutes=5)
"""A phone that was put down this long ago may have been forgotten. It may not ring when the turn comes."""

OVERDUE_BY = timedelta(minutes=15)
"""Somebody waits far beyond what they were told when even the latest minute of it has passed this long ago."""

AWAY_FOR = timedelta(seconds=30)
"""Whoever is next and has been away from the page this long is called back."""

NOBODY_CAME_AFTER = timedelta(minutes=30)
"""Somebody is forgotten when nobody has admitted them this long after the latest minute that they were told; where
nobody could tell, after they came, or after their booked time."""


@dataclass(frozen=True, slots=True)
class Presence:
    """`asleep`: the page is hidden or silent, as behind a locked phone. `left`: it was closed, or never opened, and
    then there is no `since`."""

    state: State
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """How somebody waits: where they are, by when they were first told to be admitted, and whether they closed the page
    and were back."""

    presence: Presence
    promised_by: datetime | None = None
    came_back: bool = False


def doubts(wait: Wait, now: datetime) -> list[Reason]:
    """Why this patient may be about to give up, the strongest first; nothing while there is no reason to think so."""
    return list(_doubts(wait, now))


def _doubts(wait: Wait, now: datetime) -> Iterator[Reason]:
    state, since = wait.presence.state, wait.presence.since
    if state == "left" and since is not None and now - since >= LEFT_FOR:
        yield "left"
    if state == "asleep" and since is not None and now - since >= ASLEEP_FOR:
        yield "asleep"
    if wait.promised_by is not None and now - wait.promised_by >= OVERDUE_BY:
        yield "overdue"
    if wait.came_back:
        yield "came_back"


def is_away(presence: Presence | None, now: datetime) -> bool:
    """Whether somebody who is next has to be called back to the page. None is somebody of whom nothing is known."""
    if presence is None or presence.state == "here":
        return False
    return presence.since is None or now - presence.since >= AWAY_FOR


def is_forgotten(
    began: datetime, slot_starts_at: datetime | None, promised_by: datetime | None, now: datetime
) -> bool:
    """Whether nobody has come for somebody who began to wait then, although their time has come and gone."""
    due = max(at for at in (began, slot_starts_at, promised_by) if at is not None)
    return now - due >= NOBODY_CAME_AFTER
