"""Where a waiting patient is: at the page, asleep behind a locked phone, or gone; and who may be about to give up."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.services import Services
from tests.visits.conftest import Browser, ClinicAtWork
from visits.domain import VisitStatus
from visits.waiting import line, patience, presence
from visits.waiting.patience import Presence, Reason, State, Wait, doubts, is_forgotten
from visits.waiting.presence import GONE_AFTER, RELOADED, SILENT_FOR, where_they_are

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
AWAKE, ASLEEP = {"page": "tab-1"}, {"page": "tab-1", "asleep": True}


async def _shown(doctor: Browser) -> dict[str, Any]:
    (entry,) = (await doctor.get("/api/queue")).json()["entries"]
    shown: dict[str, Any] = entry
    return shown


async def _state(doctor: Browser) -> str:
    return str((await _shown(doctor))["presence"]["state"])


async def _push_back(services: Services, ago: timedelta) -> None:
    """Let everything that is known of pages and promises lie so much further back."""
    async for key in services.redis.scan_iter("carethread:presence:*"):
        for name in await services.redis.zrange(key, 0, -1):
            await services.redis.zincrby(key, -ago.total_seconds(), name)


async def test_a_patient_asleep_is_told_from_one_who_left(clinic: ClinicAtWork) -> None:
    visit = await clinic.waiting()
    doctor, patient = await clinic.browser(clinic.ruth), await clinic.browser(clinic.patient)
    said = [
        ("here", AWAKE, "here"),
        ("here", ASLEEP, "asleep"),
        ("here", AWAKE, "here"),
        ("away", AWAKE, "left"),
    ]
    for verb, page, state in said:
        answer = await patient.post(f"/api/visits/{visit.id}/{verb}", json=page)
        assert answer.status_code == 204
        assert await _state(doctor) == state


async def test_who_has_another_page_in_sight_is_here_and_who_closed_one_of_two_is_not_gone(
    clinic: ClinicAtWork,
) -> None:
    visit = await clinic.waiting()
    doctor, patient = await clinic.browser(clinic.ruth), await clinic.browser(clinic.patient)
    address = f"/api/visits/{visit.id}"
    await patient.post(f"{address}/here", json=ASLEEP)
    await patient.post(f"{address}/here", json={"page": "tab-2"})
    assert await _state(doctor) == "here"
    await patient.post(f"{address}/away", json={"page": "tab-2"})
    assert await _state(doctor) == "asleep"


async def test_sleep_is_counted_from_when_it_began_and_not_from_the_last_report(
    clinic: ClinicAtWork, services: Services
) -> None:
    visit = await clinic.waiting()
    doctor, patient = await clinic.browser(clinic.ruth), await clinic.browser(clinic.patient)
    await patient.post(f"/api/visits/{visit.id}/here", json=ASLEEP)
    since = (await _shown(doctor))["presence"]["since"]
    await patient.post(f"/api/visits/{visit.id}/here", json=ASLEEP)
    assert (await _shown(doctor))["presence"] == {"state": "asleep", "since": since}


async def test_a_page_that_falls_silent_sleeps_and_is_closed_in_the_end(
    clinic: ClinicAtWork, services: Services
) -> None:
    visit = await clinic.waiting()
    doctor, patient = await clinic.browser(clinic.ruth), await clinic.browser(clinic.patient)
    await patient.post(f"/api/visits/{visit.id}/here", json=AWAKE)
    await _push_back(services, GONE_AFTER + SECOND)
    await presence.sweep(services)
    assert await _state(doctor) == "asleep"
    await _push_back(services, SILENT_FOR)
    await presence.sweep(services)
    assert await _state(doctor) == "left"
    await patient.post(f"/api/visits/{visit.id}/here", json=AWAKE)
    shown = await _shown(doctor)
    assert (shown["presence"]["state"], shown["doubts"]) == ("here", ["came_back"])


@pytest.mark.parametrize(("gone", "doubted"), [(RELOADED - SECOND, []), (RELOADED, ["came_back"])])
async def test_loading_the_page_anew_is_not_going_and_coming_back(
    clinic: ClinicAtWork, services: Services, gone: timedelta, doubted: list[Reason]
) -> None:
    visit = await clinic.waiting()
    doctor, patient = await clinic.browser(clinic.ruth), await clinic.browser(clinic.patient)
    for verb in ("here", "away"):
        await patient.post(f"/api/visits/{visit.id}/{verb}", json=AWAKE)
    await _push_back(services, gone)
    await patient.post(f"/api/visits/{visit.id}/here", json=AWAKE)
    assert (await _shown(doctor))["doubts"] == doubted


async def test_the_queue_says_who_may_give_up_and_why_and_keeps_its_order(
    clinic: ClinicAtWork, services: Services
) -> None:
    for _ in range(6):
        await clinic.finished(10)
    first = await clinic.waiting()
    second = await clinic.waiting(await clinic.another_patient())
    doctor, patient = await clinic.browser(clinic.ruth), await clinic.browser(clinic.patient)
    await doctor.post("/api/queue/here", json={"page": "queue"})
    await patient.post(f"/api/visits/{first.id}/here", json=AWAKE)
    assert await line.send_places(services, clinic.clinic_id) == 2
    await patient.post(f"/api/visits/{first.id}/here", json=ASLEEP)
    entries = (await doctor.get("/api/queue")).json()["entries"]
    assert [entry["doubts"] for entry in entries] == [[], []]

    await _push_back(services, timedelta(minutes=40))
    # What they are told later does not take back what they were told first.
    await line.send_places(services, clinic.clinic_id)
    entries = (await doctor.get("/api/queue")).json()["entries"]
    assert [(UUID(entry["visit_id"]), entry["doubts"]) for entry in entries] == [
        (first.id, ["asleep", "overdue"]),
        (second.id, ["overdue"]),
    ]


async def test_nobody_who_is_seen_or_has_stepped_out_is_marked(
    clinic: ClinicAtWork, services: Services
) -> None:
    visit = await clinic.waiting()
    doctor, patient = await clinic.browser(clinic.ruth), await clinic.browser(clinic.patient)
    await patient.post(f"/api/visits/{visit.id}/here", json=ASLEEP)
    await _push_back(services, 10 * MINUTE)
    assert (await _shown(doctor))["doubts"] == ["asleep"]
    await patient.post(f"/api/visits/{visit.id}/leave")
    shown = await _shown(doctor)
    assert (shown["status"], shown["doubts"]) == (VisitStatus.LEFT, [])


async def test_a_clinician_whose_queue_is_behind_another_window_is_at_work(clinic: ClinicAtWork) -> None:
    visit = await clinic.waiting()
    doctor, patient = await clinic.browser(clinic.ruth), await clinic.browser(clinic.patient)
    await doctor.post("/api/queue/here", json={"page": "queue", "asleep": True})
    assert (await patient.get(f"/api/visits/{visit.id}/waiting")).json()["clinicians"] == 1


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


VISITS = [uuid4(), uuid4()]
names = st.builds(lambda visit, tab: f"visit:{visit}:{tab}", st.sampled_from(VISITS), st.sampled_from("abc"))
times = st.integers(-7200, 0).map(lambda seconds: (NOON + seconds * SECOND).timestamp())


@given(
    st.dictionaries(names, times, max_size=5),
    st.data(),
    st.dictionaries(st.sampled_from(VISITS).map(str), times),
)
def test_whoever_has_an_open_page_is_here_or_asleep_and_nobody_else_is(
    pages: dict[str, float], data: st.DataObject, left: dict[str, float]
) -> None:
    asleep = {
        name: data.draw(times)
        for name in data.draw(st.sets(st.sampled_from(sorted(pages))) if pages else st.just(set()))
    }
    found = where_they_are(pages, asleep, left, NOON)
    for visit_id in VISITS:
        own = {name: report for name, report in pages.items() if str(visit_id) in name}
        fresh = [name for name in own if NOON.timestamp() - own[name] <= GONE_AFTER.total_seconds()]
        state = found[visit_id].state if visit_id in found else None
        assert (state == "here") is any(name not in asleep for name in fresh)
        assert (state in ("here", "asleep")) is bool(own)
        assert (state == "left") is (not own and str(visit_id) in left)
    # One more page that is awake makes its patient be here, whatever else is known.
    more = pages | {f"visit:{VISITS[0]}:z": NOON.timestamp()}
    assert where_they_are(more, asleep, left, NOON)[VISITS[0]] == Presence("here")


states: st.SearchStrategy[State] = st.sampled_from(["here", "asleep", "left"])
moments = st.integers(-180, 60).map(at)
waits = st.builds(Wait, st.builds(Presence, states, st.none() | moments), st.none() | moments, st.booleans())


@given(waits, st.integers(0, 120))
def test_doubts_grow_with_time_each_is_said_once_and_being_here_silences_two(wait: Wait, later: int) -> None:
    now, then = doubts(wait, NOON), doubts(wait, at(later))
    assert set(now) <= set(then)
    assert len(set(then)) == len(then)
    here = doubts(replace(wait, presence=Presence("here")), NOON)
    assert here == [reason for reason in now if reason not in ("asleep", "left")]
    assert ("came_back" in now) is wait.came_back


@pytest.mark.parametrize(
    ("wait", "reason", "after"),
    [
        (Wait(Presence("left", NOON)), "left", patience.LEFT_FOR),
        (Wait(Presence("asleep", NOON)), "asleep", patience.ASLEEP_FOR),
        (Wait(Presence("here"), promised_by=NOON), "overdue", patience.OVERDUE_BY),
    ],
)
def test_each_doubt_begins_when_its_time_has_passed(wait: Wait, reason: Reason, after: timedelta) -> None:
    assert doubts(wait, NOON + after - SECOND) == []
    assert doubts(wait, NOON + after) == [reason]


def test_who_never_opened_the_page_gives_no_sign_of_giving_up() -> None:
    assert doubts(Wait(Presence("left")), NOON) == []


@given(moments, st.none() | moments, st.none() | moments)
def test_nobody_is_forgotten_before_the_last_of_what_they_may_count_on(
    began: datetime, slot: datetime | None, promised: datetime | None
) -> None:
    last = max(each for each in (began, slot, promised) if each)
    after = patience.NOBODY_CAME_AFTER
    assert not is_forgotten(began, slot, promised, last + after - SECOND)
    assert is_forgotten(began, slot, promised, last + after)
