"""The calls of past visits, and how they went: most of them well, some badly, each in a way of its own."""

from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from uuid import UUID

import msgspec

from core.actor import Actor
from core.clock import FrozenClock
from core.database.session import open_unit, system_unit
from core.services import Services
from visits import repository as visits
from visits.calls import call_events
from visits.calls import service as calls
from visits.calls.call_events import CallEvent
from visits.domain import AttemptEnd
from visits.history import service as history
from visits.history.domain import DropCause, FailureReason, MarkReason, Path, Transport
from visits.history.schemas import Batch, DropIn, Failure, Mark, SampleIn
from visits.location import Location, Whereabouts
from visits.models import CallAttempt

_EVERY = timedelta(seconds=10)
_CLINICS_BROWSER = "Chrome 142 on Windows"


_FROM_OTHER_SIDE = {
    DropCause.MEDIA: DropCause.MEDIA,
    DropCause.OFFLINE: DropCause.OTHER_AWAY,
    DropCause.ASLEEP: DropCause.OTHER_AWAY,
    DropCause.SIGNALING: DropCause.OTHER_AWAY,
}


@dataclass(frozen=True, slots=True)
class People:
    """The two who are in the call."""

    clinician: Actor
    patient: Actor


@dataclass(frozen=True, slots=True)
class Course:
    """How a call goes. `drops` are (minute, milliseconds, cause as the patient's page sees it).

    `lost_at` is the minute in which the patient's connection does not come back, and they join again.
    """

    browser: str
    loss: float = 0.002
    round_trip_ms: int = 38
    kbps: int = 1400
    path: Path = Path.DIRECT
    transport: Transport = Transport.UDP
    drops: tuple[tuple[float, int, DropCause], ...] = ()
    lost_at: int | None = None
    failed: FailureReason | None = None
    mark: MarkReason | None = None


_GOOD = (
    Course("Safari 18 on iPhone"),
    Course("Chrome 142 on Android", round_trip_ms=64, kbps=900),
    Course("Chrome 142 on Windows", loss=0.001, round_trip_ms=24, kbps=1700),
    Course("Edge 142 on Windows", path=Path.RELAY, transport=Transport.TLS, round_trip_ms=96, kbps=800),
)
_BAD = (
    Course(
        "Chrome 141 on Android",
        loss=0.14,
        round_trip_ms=310,
        kbps=220,
        drops=((2, 4200, DropCause.MEDIA), (3.4, 1800, DropCause.SIGNALING), (5, 6100, DropCause.OFFLINE)),
        mark=MarkReason.BAD_SOUND,
    ),
    Course("Safari 17 on iPhone", failed=FailureReason.DEVICE_DENIED, drops=((4, 31_000, DropCause.ASLEEP),)),
    Course(
        "Firefox 144 on Windows",
        loss=0.05,
        round_trip_ms=120,
        lost_at=3,
        drops=((2.8, 9000, DropCause.MEDIA),),
    ),
)
COURSES = (_GOOD[0], _GOOD[1], _BAD[0], _GOOD[2], _BAD[1], _GOOD[3], _BAD[2])
"""In turn, one for each past visit."""


async def play(
    services: Services, clock: FrozenClock, people: People, visit_id: UUID, course: Course, minutes: int
) -> None:
    """A call of so many minutes; the clock ends at its end. The end of the visit ends the attempts."""
    start, end = clock.now(), clock.now() + timedelta(minutes=minutes)
    if course.failed:
        async with open_unit(services, people.patient) as unit:
            await history.fail(unit.write, visit_id, Failure(reason=course.failed), course.browser)
        clock.advance(timedelta(minutes=1))
    seen = await _join(services, people.clinician, visit_id, _CLINICS_BROWSER)
    shown = await _join(services, people.patient, visit_id, course.browser)
    if course.lost_at:
        clock.set(start + timedelta(minutes=course.lost_at))
        await _keep(services, clock, shown, people.clinician, course)
        await _said(services, shown, "dropped", AttemptEnd.TIMEOUT)
        clock.advance(timedelta(seconds=40))
        shown = await _join(services, people.patient, visit_id, course.browser)
    clock.set(end)
    await _keep(services, clock, shown, people.clinician, course)
    await _keep(services, clock, seen, people.patient, course)
    if course.mark:
        async with open_unit(services, people.patient) as unit:
            await history.mark(unit.write, visit_id, Mark(attempt_id=shown.id, reason=course.mark))


async def _join(services: Services, who: Actor, visit_id: UUID, browser: str) -> CallAttempt:
    async with open_unit(services, who) as unit:
        visit = await visits.for_update(unit.write, visit_id)
        here = Whereabouts(
            location=msgspec.convert(visit.location, Location), callback_phone=visit.callback_phone or ""
        )
        attempt = await calls.begin_attempt(unit.write, visit, here if who.is_patient else None, browser)
    await _said(services, attempt, "joined")
    await _said(services, attempt, "connected")
    return attempt


async def _said(services: Services, attempt: CallAttempt, kind: str, cause: str = "") -> None:
    """What signaling says of an attempt, at the demo's time."""
    event = msgspec.convert(
        {
            "attempt_id": attempt.id,
            "visit_id": attempt.visit_id,
            "clinic_id": attempt.clinic_id,
            "kind": kind,
            "cause": str(cause),
            "at": services.clock.now().timestamp(),
        },
        CallEvent,
    )
    async with system_unit(services, attempt.clinic_id) as unit:
        await call_events.apply(unit.write, event)


async def _keep(
    services: Services, clock: FrozenClock, attempt: CallAttempt, other: Actor, course: Course
) -> None:
    """What the attempt's page noted. The trouble is the patient's line, so it shows most in what the clinician gets."""
    lasted = clock.now() - attempt.requested_at
    of_clinician = attempt.role == "clinician"
    course = course if of_clinician else replace(course, loss=course.loss / 3, kbps=int(course.kbps * 1.2))
    chance = Random(f"{attempt.role} {attempt.requested_at.isoformat()}")  # noqa: S311  for variety, not for secrets
    moments = range(int(_EVERY.total_seconds()), int(lasted.total_seconds()), int(_EVERY.total_seconds()))
    drops = [
        DropIn(
            at_ms=int(minute * 60_000),
            lasted_ms=lasted_ms,
            cause=_FROM_OTHER_SIDE[cause] if of_clinician else cause,
        )
        for minute, lasted_ms, cause in course.drops
        if timedelta(minutes=minute, milliseconds=lasted_ms) < lasted
    ]
    samples = [_sample(other, second * 1000, course, drops, chance) for second in moments]
    async with system_unit(services, attempt.clinic_id) as unit:
        await history.keep(unit.write, attempt, Batch(attempt_id=attempt.id, samples=samples, drops=drops))


def _sample(other: Actor, at_ms: int, course: Course, drops: list[DropIn], chance: Random) -> SampleIn:
    """One moment, a little different from the last; around a drop, as bad as it is."""
    near = any(-5000 < at_ms - drop.at_ms < drop.lasted_ms + 8000 for drop in drops)
    worse = 4 if near else 1
    share = chance.uniform(0.1, 0.4) if near else chance.uniform(0.85, 1.1)
    loss = course.loss * chance.uniform(0.4, 1.6) + (chance.uniform(0.05, 0.25) if near else 0)
    width, height = (320, 240) if course.kbps < 400 or near else (640, 480)
    return SampleIn(
        participant_id=other.own_account,
        at_ms=at_ms,
        path=course.path,
        transport=course.transport,
        loss=min(1, loss),
        jitter_ms=int(chance.uniform(2, 9) * worse),
        round_trip_ms=int(course.round_trip_ms * worse * chance.uniform(0.9, 1.25)),
        received_kbps=int(course.kbps * share),
        sent_kbps=int(course.kbps * chance.uniform(0.9, 1.1)),
        width=width,
        height=height,
        fps=int((12 if course.kbps < 400 else 28) * share),
    )
