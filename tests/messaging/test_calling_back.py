"""Whoever is next and away from the page is written to, and whoever has booked is reminded: once, and only then."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from core.actor import system_actor
from core.clock import FrozenClock
from core.database.session import open_unit
from identity.models import Account, Patient
from messaging.notices.demo_outbox import OutboxItem, newest
from tests.conftest import Deliver
from tests.visits.conftest import ClinicAtWork, clinic, make_clinic_at_work
from tests.visits.test_booking import open_hours, times, wish
from visits import service
from visits.booking import reminders
from visits.waiting import line, turn
from visits.waiting.patience import AWAY_FOR, Presence, is_away

# The clinic at work, used by its fixtures' names.
__all__ = ["clinic", "make_clinic_at_work"]

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
NOON = datetime.fromisoformat("2026-11-20T12:00Z")
AWAKE, ASLEEP = {"page": "tab-1"}, {"page": "tab-1", "asleep": True}


class Texts:
    """The clinic's worker by a clock of its own, and what it has written to patients."""

    def __init__(self, clinic: ClinicAtWork, deliver: Deliver) -> None:
        self.clinic, self._deliver = clinic, deliver
        self.clock = FrozenClock(clinic.services.clock.now())
        self.services = replace(clinic.services, clock=self.clock)

    async def at_work(self, who: Account) -> None:
        browser = await self.clinic.browser(who)
        assert (await browser.post("/api/queue/here", json=AWAKE)).status_code == 204

    async def page(self, visit_id: UUID, page: Mapping[str, object], verb: str = "here") -> None:
        """What the patient's page says of itself."""
        browser = await self.clinic.browser(self.clinic.patient)
        answer = await browser.post(f"/api/visits/{visit_id}/{verb}", json=page)
        assert answer.status_code == 204

    async def after(self, wait: timedelta) -> list[OutboxItem]:
        """Let so much time pass and the worker look twice; everything written so far, the oldest first."""
        self.clock.advance(wait)
        for _ in range(2):
            await turn.tell(self.services)
            await reminders.tell(self.services)
            await self._deliver()
        async with open_unit(self.clinic.services, system_actor(self.clinic.clinic_id)) as unit:
            kinds = ("next", "starting", "reminder")
            return [each for each in await newest(unit.read) if each.kind in kinds][::-1]


@pytest.fixture
async def texts(clinic: ClinicAtWork, deliver: Deliver) -> Texts:
    return Texts(clinic, deliver)


async def _next_in_line(texts: Texts) -> UUID:
    """The clinic's patient is the next of two, and a clinician is at work."""
    clinic = texts.clinic
    await texts.at_work(clinic.ruth)
    visit = await clinic.waiting()
    await clinic.waiting(await clinic.another_patient())
    await texts.page(visit.id, AWAKE)
    await line.send_places(clinic.services, clinic.clinic_id)
    return visit.id


@pytest.mark.parametrize(("verb", "page"), [("here", ASLEEP), ("away", AWAKE)])
async def test_who_is_next_and_away_is_called_back_once_to_the_same_place(
    texts: Texts, verb: str, page: Mapping[str, object]
) -> None:
    visit_id = await _next_in_line(texts)
    await texts.page(visit_id, page, verb)
    assert await texts.after(AWAY_FOR - 10 * SECOND) == [], "who glances at another app is left in peace"
    [told] = await texts.after(15 * SECOND)
    assert (told.kind, told.to) == ("next", texts.clinic.patient.phone)
    assert told.text.endswith(f"/visit/{visit_id}/waiting")
    assert len(await texts.after(10 * MINUTE)) == 1, "once in each wait"


async def test_who_is_at_the_page_or_further_back_is_not_written_to(texts: Texts) -> None:
    clinic = texts.clinic
    first = await clinic.another_patient()
    await texts.at_work(clinic.ruth)
    await clinic.waiting(first)
    visit = await clinic.waiting()
    await texts.page(visit.id, AWAKE, "away")
    await line.send_places(clinic.services, clinic.clinic_id)
    told = await texts.after(40 * SECOND)
    assert [each.to for each in told] == [first.phone], "the first one never opened the page"


async def test_nobody_is_next_where_nobody_is_at_work(texts: Texts) -> None:
    visit = await texts.clinic.waiting()
    await texts.page(visit.id, AWAKE, "away")
    await line.send_places(texts.clinic.services, texts.clinic.clinic_id)
    assert await texts.after(5 * MINUTE) == []


async def test_who_waits_again_is_called_back_again(texts: Texts) -> None:
    clinic, visit_id = texts.clinic, await _next_in_line(texts)
    await texts.page(visit_id, ASLEEP)
    assert len(await texts.after(MINUTE)) == 1
    texts.clock.advance(SECOND)
    later = replace(clinic, services=texts.services)
    await later.act(clinic.patient, visit_id, service.leave)
    await later.act(clinic.patient, visit_id, service.come_back)
    await line.send_places(clinic.services, clinic.clinic_id)
    assert [each.kind for each in await texts.after(MINUTE)] == ["next", "next"]


@pytest.mark.parametrize(("verb", "page", "kinds"), [("away", AWAKE, ["starting"]), ("here", AWAKE, [])])
async def test_who_is_admitted_while_the_page_is_closed_is_called_in(
    clinic: ClinicAtWork,
    deliver: Deliver,
    texts: Texts,
    verb: str,
    page: Mapping[str, object],
    kinds: list[str],
) -> None:
    visit = await clinic.waiting()
    await texts.page(visit.id, AWAKE)
    await texts.page(visit.id, page, verb)
    await _push_back(clinic, MINUTE if verb == "away" else timedelta())
    await clinic.act(clinic.ruth, visit.id, service.admit)
    assert [each.kind for each in await texts.after(timedelta())] == kinds


async def _push_back(clinic: ClinicAtWork, ago: timedelta) -> None:
    """Let everything that is known of pages lie so much further back."""
    redis = clinic.services.redis
    async for key in redis.scan_iter("carethread:presence:*"):
        for name in await redis.zrange(key, 0, -1):
            await redis.zincrby(key, -ago.total_seconds(), name)


async def test_nobody_is_written_to_where_the_wrong_person_may_read_the_phone(texts: Texts) -> None:
    visit_id = await _next_in_line(texts)
    async with open_unit(texts.clinic.services, system_actor(texts.clinic.clinic_id)) as unit:
        await unit.write.execute(
            text(
                "UPDATE visit SET red_flags = jsonb_build_array(jsonb_build_object("
                "'code', 'unsafe_home', 'raised_at', now())) WHERE id = :visit"
            ),
            {"visit": visit_id},
        )
    await texts.page(visit_id, ASLEEP)
    assert await texts.after(MINUTE) == []


async def _booked(
    clinic: ClinicAtWork, patient: Patient, before: timedelta = timedelta(days=3)
) -> tuple[UUID, datetime]:
    """A visit booked for the last of the open times before then, and when it is."""
    await open_hours(clinic, clinic.ruth)
    browser = await clinic.browser(patient)
    end = clinic.services.clock.now() + before
    open_times = await times(browser, days="3")
    slot = [each for each in open_times if datetime.fromisoformat(each["starts_at"]) < end][-1]
    visit = (await browser.post("/api/bookings", json=wish(slot))).json()["id"]
    return UUID(visit), datetime.fromisoformat(slot["starts_at"])


async def test_a_booked_visit_is_reminded_of_a_day_before_and_again_shortly_before(texts: Texts) -> None:
    visit_id, starts_at = await _booked(texts.clinic, texts.clinic.patient)
    ahead = starts_at - texts.clock.now()
    assert await texts.after(ahead - reminders.A_DAY_BEFORE - MINUTE) == []
    [day] = await texts.after(2 * MINUTE)
    assert (day.kind, str(visit_id) in day.text) == ("reminder", True)
    assert "cough" not in day.text and "Ruth" not in day.text
    assert len(await texts.after(reminders.A_DAY_BEFORE - reminders.SHORTLY_BEFORE - 2 * MINUTE)) == 1
    assert len(await texts.after(2 * MINUTE)) == 2
    assert len(await texts.after(reminders.SHORTLY_BEFORE)) == 2


async def test_a_visit_that_was_called_off_is_not_reminded_of(texts: Texts) -> None:
    visit_id, starts_at = await _booked(texts.clinic, texts.clinic.patient)
    browser = await texts.clinic.browser(texts.clinic.patient)
    await browser.post(f"/api/visits/{visit_id}/cancel", json={})
    assert await texts.after(starts_at - texts.clock.now() - MINUTE) == []


async def test_who_booked_less_than_a_day_before_was_told_then(texts: Texts) -> None:
    _, starts_at = await _booked(texts.clinic, texts.clinic.patient, before=timedelta(hours=23))
    assert starts_at - texts.clock.now() > timedelta(hours=1)
    assert await texts.after(MINUTE) == []
    ahead = starts_at - texts.clock.now()
    assert len(await texts.after(ahead - reminders.SHORTLY_BEFORE)) == 1


@given(st.timedeltas(-MINUTE, MINUTE))
def test_one_is_away_after_a_while_and_not_at_once(since: timedelta) -> None:
    assert is_away(Presence("asleep", NOON - since), NOON) == (since >= AWAY_FOR)
    assert not is_away(Presence("here", NOON - since), NOON)


def test_of_whom_nothing_is_known_nothing_is_said() -> None:
    assert not is_away(None, NOON)
    assert is_away(Presence("left"), NOON)
