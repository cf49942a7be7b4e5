"""What a check finds, and what to expect of the call after it. Knows no database.

`web/src/lib/check/verdict.ts` decides the same; `tests/visits/check/vectors.json` holds both to one table of cases.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from visits.history.domain import Path, Transport

TICKET_SECONDS = 60

SOON = timedelta(days=1)
"""Whose appointment is this near is called about a failed check. Before that there is time to check again."""

AGAIN = timedelta(minutes=10)
"""A check that fails again within this time tells the clinic nothing new."""


class Device(StrEnum):
    """How a camera or a microphone is. What is wrong has the words of `history.domain.FailureReason`."""

    OK = "ok"
    SILENT = "silent"
    """A microphone that works and through which nothing was heard: it may be muted, or nobody spoke."""
    DENIED = "denied"
    IN_USE = "in_use"
    MISSING = "missing"
    INSECURE = "insecure"
    IN_APP = "in_app"
    PAUSED = "paused"
    UNKNOWN = "unknown"


WORKS = frozenset({Device.OK, Device.SILENT})
"""Microphones with which one is heard, as far as can be told."""


class Speaker(StrEnum):
    """What the person said to 'Did you hear it?'"""

    HEARD = "heard"
    NOT_HEARD = "not_heard"
    UNSAID = "unsaid"


class Network(StrEnum):
    FOUND = "found"
    NO_PATH = "no_path"
    """Our peer was there, and no connection to it came about."""
    UNMEASURED = "unmeasured"
    """It was not there for us: that says nothing about the person's network."""


class Verdict(StrEnum):
    """What to expect of the call."""

    VIDEO = "video"
    VOICE = "voice"
    """Voice, and most likely no picture."""
    NONE = "none"
    """Not to be seen and heard this way: the clinic calls by telephone."""


class Trouble(StrEnum):
    """What is not as it should be. A camera or a microphone is named with why, as `camera_denied`."""

    SPEAKER = "speaker"
    NO_PATH = "no_path"
    UNMEASURED = "unmeasured"
    DELAY = "delay"
    JITTER = "jitter"
    LOSS = "loss"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True)
class Limits:
    """What a kind of call still bears. Times are of the way there and back, loss is of one way."""

    round_trip_ms: int
    jitter_ms: int
    loss: float
    kbps: int


VIDEO = Limits(round_trip_ms=800, jitter_ms=100, loss=0.05, kbps=350)
"""ITU-T G.114: beyond 400 ms one way nobody plans a conversation. Y.1541, class 0: 50 ms of variation one way. WebRTC's
congestion control gives way to loss from 2% on and halves the rate at 10%; at 350 kbit/s a face in 320x240 moves."""

VOICE = Limits(round_trip_ms=800, jitter_ms=200, loss=0.2, kbps=64)
"""The same delay. Opus with what it repeats (RED, FEC) is understood up to 20% loss. It needs 32 kbit/s, and as much
again for headers at 50 packets a second. A browser's buffer evens out some 100 ms each way; more adds to the delay,
with which G.107 rates a call below 60, 'nearly all users dissatisfied'."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a check found. The figures are there when a path was, each unless the browser could not tell it."""

    camera: Device
    microphone: Device
    speaker: Speaker
    network: Network
    path: Path | None = None
    transport: Transport | None = None
    round_trip_ms: int | None = None
    jitter_ms: int | None = None
    loss: float | None = None
    up_kbps: int | None = None
    down_kbps: int | None = None


def beyond(facts: Facts, limits: Limits) -> list[Trouble]:
    """Which figures are worse than the limits."""
    found = (
        (Trouble.DELAY, facts.round_trip_ms, limits.round_trip_ms),
        (Trouble.JITTER, facts.jitter_ms, limits.jitter_ms),
        (Trouble.LOSS, facts.loss, limits.loss),
    )
    rates = ((Trouble.UP, facts.up_kbps), (Trouble.DOWN, facts.down_kbps))
    above = [trouble for trouble, value, most in found if value is not None and value > most]
    return above + [trouble for trouble, value in rates if value is not None and value < limits.kbps]


def verdict(facts: Facts) -> Verdict:
    """What to expect of the call. A network that was not measured is nothing against it."""
    if facts.microphone not in WORKS or facts.speaker is Speaker.NOT_HEARD:
        return Verdict.NONE
    if facts.network is Network.NO_PATH or beyond(facts, VOICE):
        return Verdict.NONE
    if facts.camera is not Device.OK or beyond(facts, VIDEO):
        return Verdict.VOICE
    return Verdict.VIDEO


def troubles(facts: Facts) -> list[str]:
    """What is not as it should be, in the order in which one sees to it."""
    found = [
        f"{name}_{device}"
        for name, device in (("microphone", facts.microphone), ("camera", facts.camera))
        if device is not Device.OK
    ]
    if facts.speaker is Speaker.NOT_HEARD:
        found.append(Trouble.SPEAKER.value)
    if facts.network is Network.NO_PATH:
        found.append(Trouble.NO_PATH.value)
    if facts.network is Network.UNMEASURED:
        found.append(Trouble.UNMEASURED.value)
    return found + [each.value for each in beyond(facts, VIDEO)]
