"""What is kept of a call's connection, in which words and for how long. Knows no database."""

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import TypeVar

from identity.sessions.devices import device_name

KEEP = timedelta(days=90)
"""Samples, drops, failures and marks are forgotten after this time."""

MAX_SAMPLES, MAX_DROPS = 60, 20
"""How many a page may send at once."""

TICK = timedelta(seconds=2)
"""Of one attempt and one other person, one sample is kept in each tick, so that nobody can fill the table."""

AHEAD = timedelta(seconds=30)
"""A page's clock may be this much ahead of the attempt."""

LATE = timedelta(days=1)
"""What could not be sent during the call is taken for this long after it."""

SHOWN = 240
"""A picture has at most so many points for each page and other person."""

MAX_ROWS = 20_000
"""At most so many samples of a visit are read: a call of two people for about a day."""

WORST = 20
"""How many visits the clinic-wide page lists."""

MAX_DAYS = 90


class Path(StrEnum):
    """Whether media go straight to the other person, or through the relay (TURN)."""

    DIRECT = "direct"
    RELAY = "relay"


class Transport(StrEnum):
    """What carries media; with a relay, what carries them as far as the relay."""

    UDP = "udp"
    TCP = "tcp"
    TLS = "tls"


class DropCause(StrEnum):
    """Why a page was without something for a while, as it saw it. Whatever its cause, the attempt went on."""

    OFFLINE = "offline"
    """The device itself had no network."""
    SIGNALING = "signaling"
    """The socket to our server was lost. Media may have gone on."""
    MEDIA = "media"
    """The connection to the other person was lost."""
    OTHER_AWAY = "other_away"
    """The other person's socket was lost."""
    ASLEEP = "asleep"
    """The page stood still: a lid was closed, a telephone was put away."""


class FailureReason(StrEnum):
    """What kept somebody from the call, or from being seen and heard in it."""

    DEVICE_DENIED = "device_denied"
    DEVICE_IN_USE = "device_in_use"
    DEVICE_MISSING = "device_missing"
    DEVICE_INSECURE = "device_insecure"
    DEVICE_IN_APP = "device_in_app"
    DEVICE_UNKNOWN = "device_unknown"
    UNREACHABLE = "unreachable"
    """The API did not answer when the person pressed Join."""
    NO_SIGNALING = "no_signaling"
    """There was a ticket, and the signaling server was not reached with it."""
    NO_MEDIA = "no_media"
    """Both were there, and no connection came about."""
    ROOM_FULL = "room_full"
    OUTDATED = "outdated"


NEVER_JOINED = "never_joined"
"""An attempt whose ticket nobody used and of which the page said nothing: counted with the failures."""


class MarkReason(StrEnum):
    """What was bad about a call, in the words of whoever tapped 'bad call'."""

    UNSAID = "unsaid"
    NO_SOUND = "no_sound"
    BAD_SOUND = "bad_sound"
    BAD_PICTURE = "bad_picture"
    DROPPED = "dropped"
    OTHER = "other"


_VERSION = {
    "Edge": re.compile(r"Edg\w*/(\d{1,4})"),
    "Opera": re.compile(r"OPR/(\d{1,4})"),
    "Samsung Internet": re.compile(r"SamsungBrowser/(\d{1,4})"),
    "Firefox": re.compile(r"(?:Firefox|FxiOS)/(\d{1,4})"),
    "Chrome": re.compile(r"(?:CriOS|Chrome)/(\d{1,4})"),
    "Safari": re.compile(r"Version/(\d{1,4})"),
}


def browser_class(user_agent: str) -> str | None:
    """`Chrome 140 on Android`: nothing by which a person could be told from another. None for what is unknown."""
    browser, on, system = device_name(user_agent).partition(" on ")
    found = _VERSION[browser].search(user_agent) if browser in _VERSION else None
    return f"{browser} {found[1]}{on}{system}" if found else f"{browser}{on}{system}" or None


T = TypeVar("T")


def thinned(points: Sequence[T], most: int, badness: Callable[[T], float]) -> list[T]:
    """At most so many of the points, in their order: the worst of each stretch, so that no trouble is thinned away."""
    stretch = max(1, -(-len(points) // most))
    return [max(points[at : at + stretch], key=badness) for at in range(0, len(points), stretch)]


def badness(loss: float | None, round_trip_ms: int | None, fps: int | None) -> float:
    """How bad a sample is beside others: loss above all, then delay, then stutter."""
    stutter = 0.05 if fps is not None and fps < 5 else 0.0
    return (loss or 0.0) + (round_trip_ms or 0) / 5000 + stutter
