"""What goes over the wire: batches of a page, marks, and what support staff see."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from visits.domain import AttemptEnd, VisitStatus
from visits.history.domain import (
    MAX_DROPS,
    MAX_SAMPLES,
    DropCause,
    FailureReason,
    MarkReason,
    Path,
    Transport,
)
from visits.schemas import Body

DAY_MS = 86_400_000

Moment = Annotated[int, Meta(ge=0, le=DAY_MS)]
"""Milliseconds since the page had its ticket."""
Milliseconds = Annotated[int, Meta(ge=0, le=60_000)]
Kbps = Annotated[int, Meta(ge=0, le=1_000_000)]
Pixels = Annotated[int, Meta(ge=0, le=16_384)]


class SampleIn(Body):
    """How one other person was received, and sent to, since the last sample. Null is what the browser does not say."""

    participant_id: UUID
    at_ms: Moment
    path: Path | None = None
    transport: Transport | None = None
    loss: Annotated[float, Meta(ge=0, le=1)] | None = None
    jitter_ms: Milliseconds | None = None
    round_trip_ms: Milliseconds | None = None
    received_kbps: Kbps | None = None
    sent_kbps: Kbps | None = None
    width: Pixels | None = None
    height: Pixels | None = None
    fps: Annotated[int, Meta(ge=0, le=240)] | None = None


class DropIn(Body):
    """A while without network, server or the other person. `recovered`: it was over before the call was."""

    at_ms: Moment
    lasted_ms: Annotated[int, Meta(ge=0, le=DAY_MS)]
    cause: DropCause
    recovered: bool = True


class Batch(Body):
    """What a page noted since it last sent. The same sent twice is kept once."""

    attempt_id: UUID
    samples: Annotated[list[SampleIn], Meta(max_length=MAX_SAMPLES)] = msgspec.field(default_factory=list)
    drops: Annotated[list[DropIn], Meta(max_length=MAX_DROPS)] = msgspec.field(default_factory=list)


class Failure(Body):
    """What kept a person from the call; `attempt_id` once there was a ticket."""

    reason: FailureReason
    attempt_id: UUID | None = None


class Mark(Body):
    """'Bad call', of one's own attempt. Said again with a reason, it is the same mark."""

    attempt_id: UUID
    reason: MarkReason = MarkReason.UNSAID


class AttemptOut(msgspec.Struct, kw_only=True):
    """Who was there when: a role, never a name. `browser` is a class such as 'Chrome 140 on Android'."""

    id: UUID
    role: str
    browser: str | None
    requested_at: datetime
    joined_at: datetime | None
    connected_at: datetime | None
    ended_at: datetime | None
    end_cause: AttemptEnd | None


class SampleOut(msgspec.Struct, kw_only=True):
    """One moment of what an attempt's page received. `from_role` is who it was received from."""

    attempt_id: UUID
    from_role: str
    at: datetime
    path: Path | None
    transport: Transport | None
    loss: float | None
    jitter_ms: int | None
    round_trip_ms: int | None
    received_kbps: int | None
    sent_kbps: int | None
    width: int | None
    height: int | None
    fps: int | None


class DropOut(msgspec.Struct):
    attempt_id: UUID
    at: datetime
    lasted_ms: int
    cause: DropCause
    recovered: bool


class FailureOut(msgspec.Struct):
    at: datetime
    role: str
    reason: FailureReason
    browser: str | None


class MarkOut(msgspec.Struct):
    attempt_id: UUID
    at: datetime
    reason: MarkReason


class ConnectionOut(msgspec.Struct, kw_only=True):
    """How the calls of one visit went. `thinned`: of each stretch of samples only the worst is here."""

    visit_id: UUID
    status: VisitStatus
    admitted_at: datetime | None
    finished_at: datetime | None
    attempts: list[AttemptOut]
    samples: list[SampleOut]
    thinned: bool
    drops: list[DropOut]
    failures: list[FailureOut]
    marks: list[MarkOut]


class FailureCount(msgspec.Struct):
    """How often something kept people from a call, in one class of browsers.

    `reason` is a `FailureReason`, or 'never_joined' for a ticket that nobody used.
    """

    reason: str
    browser: str | None
    count: int


class WorstVisit(msgspec.Struct, kw_only=True):
    """A visit whose calls went badly: drops, marks, failures, and the means of what its pages measured."""

    visit_id: UUID
    at: datetime
    drops: int
    marks: int
    failures: int
    loss: float | None
    round_trip_ms: int | None
    relayed: bool


class Health(msgspec.Struct, kw_only=True):
    """The clinic's calls of the last days: how many, what failed by browser, and the worst visits first.

    Which carrier somebody used is not known: browsers do not tell it, and addresses are not kept.
    """

    days: int
    visits: int
    attempts: int
    drops: int
    marks: int
    failed: int
    failures: list[FailureCount]
    worst: list[WorstVisit]
