"""Who waits hears where they stand when that has changed, and their page has nothing to fetch for it."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, aclosing, suppress
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from core.actor import Actor, Role, system_actor
from core.database.session import open_unit, system_unit
from core.ids import new_id
from core.live.hub import LiveHub
from core.live.push import LiveMessage
from core.services import Services
from identity.models import Patient
from tests.decisions import decision
from tests.patience import PATIENCE
from tests.people import actor_of
from tests.statements import counted
from tests.visits.conftest import ClinicAtWork
from visits import repository, service
from visits.domain import Priority
from visits.models import Visit
from visits.waiting import line
from visits.waiting.estimate import Estimate
from visits.waiting.line import SentPlace

CROWD = 300
AT_MOST = 50
"""Statements that one admission costs in all, however many wait."""

_CROWD = text("""
    WITH crowd AS (
        INSERT INTO patient (id, clinic_id, created_at, mrn, given, family, birth_date, sex, language)
        SELECT uuidv7(), clinic_id, now(), 'crowd-' || n, given, family, birth_date, sex, language
        FROM patient, generate_series(1, :many) AS n WHERE id = :model
        RETURNING id, clinic_id)
    INSERT INTO visit (id, clinic_id, created_at, patient_id, kind, reason_code, status, requested_at, ready_at,
                       queued_at, priority, red_flags, location)
    SELECT uuidv7(), clinic_id, now(), id, 'on_demand', 'cough', 'waiting', now(), now(),
           now() - interval '1 hour' + row_number() OVER () * interval '1 second', 0, '[]', '{"state": "NY"}'
    FROM crowd RETURNING id, patient_id
""")


@pytest.mark.parametrize("crowd", [3, CROWD])
async def test_one_admission_costs_the_same_however_many_wait(
    clinic: ClinicAtWork, owner: AsyncEngine, services: Services, crowd: int
) -> None:
    async with owner.begin() as connection:
        rows = await connection.execute(_CROWD, {"many": crowd, "model": clinic.patient.id})
        waiting = {row.patient_id: row.id for row in rows}
    for _ in range(6):
        await clinic.finished(10)
    doctor = await clinic.browser(clinic.ruth)
    await doctor.post("/api/queue/here", json={"page": "tab-1"})
    assert await line.send_places(services, clinic.clinic_id) == crowd
    hub: LiveHub = clinic.app.state.hub
    first, *others = waiting
    async with AsyncExitStack() as stack:
        pages: dict[UUID, AsyncGenerator[LiveMessage]] = {}
        for patient_id in waiting:
            page = hub.listen(_page_of(clinic, patient_id), None)
            pages[patient_id] = await stack.enter_async_context(aclosing(page))
            assert (await anext(page)).topic == "live.hello"
        with counted(services) as sent:
            admitted = await doctor.post(f"/api/visits/{waiting[first]}/admit", json={})
            assert admitted.status_code == 200, admitted.text
            assert await line.send_places(services, clinic.clinic_id) == crowd - 1
            for ahead, patient_id in enumerate(others):
                visit_id, place = await _heard(pages[patient_id])
                assert (visit_id, place.ahead) == (str(waiting[patient_id]), ahead)
                assert place.estimate and place.estimate.low <= place.estimate.likely
        assert len(sent) <= AT_MOST, "\n".join(sent)


def _page_of(clinic: ClinicAtWork, patient_id: UUID) -> Actor:
    return Actor(
        clinic_id=clinic.clinic_id,
        account_id=new_id(),
        patient_id=patient_id,
        roles=frozenset({Role.PATIENT}),
        name="Somebody",
    )


async def _heard(page: AsyncGenerator[LiveMessage]) -> tuple[str, SentPlace]:
    """The next place that a page is told, and of which visit."""
    async with asyncio.timeout(PATIENCE):
        async for message in page:
            if message.topic == "waiting.changed":
                return message.ids["visit_id"], _place(message.ids)
    raise AssertionError("the stream ended")


def _place(ids: Mapping[str, str]) -> SentPlace:
    return msgspec.json.decode(ids["place"], type=SentPlace)


async def _told(services: Services, clinic: ClinicAtWork) -> list[tuple[str, SentPlace, list[str]]]:
    """What was told of the line so far, in order: of which visit, what, and to whom."""
    async with system_unit(services, clinic.clinic_id) as unit:
        rows = await unit.read.execute(
            text("SELECT ids, audience FROM live_event WHERE topic = 'waiting.changed' ORDER BY seq")
        )
        return [(row.ids["visit_id"], _place(row.ids), row.audience) for row in rows]


async def _three(clinic: ClinicAtWork) -> list[tuple[Patient, Visit]]:
    people = [clinic.patient, await clinic.another_patient(), await clinic.another_patient()]
    return [(each, await clinic.waiting(each)) for each in people]


async def test_only_who_moved_is_told_and_only_their_own_place(
    clinic: ClinicAtWork, services: Services
) -> None:
    """The one in the middle leaves: whoever is before them hears nothing, whoever is behind hears once."""
    _, (second_patient, second), (third_patient, third) = await _three(clinic)
    assert await line.send_places(services, clinic.clinic_id) == 3
    assert await line.send_places(services, clinic.clinic_id) == 0, "told again only what is new"
    before = len(await _told(services, clinic))
    await clinic.act(second_patient, second.id, service.leave)
    await line.send_places(services, clinic.clinic_id)
    [(visit_id, place, audience)] = (await _told(services, clinic))[before:]
    assert (visit_id, place.ahead) == (str(third.id), 1)
    own = f"patient:{third_patient.id}"
    assert audience == [own, f"{own}:visit.wait"], "whose place it is is nobody else's business"


async def test_many_changes_before_the_worker_looks_are_told_once(
    clinic: ClinicAtWork, services: Services
) -> None:
    (first_patient, first), (second_patient, second), (_, third) = await _three(clinic)
    await line.send_places(services, clinic.clinic_id)
    before = len(await _told(services, clinic))
    await clinic.act(first_patient, first.id, service.leave)
    await clinic.act(second_patient, second.id, service.leave)
    await clinic.act(first_patient, first.id, service.come_back)
    await clinic.act(first_patient, first.id, service.leave)
    await line.send_places(services, clinic.clinic_id)
    [(visit_id, place, _)] = (await _told(services, clinic))[before:]
    assert (visit_id, place.ahead) == (str(third.id), 0)


async def test_two_workers_that_are_woken_by_one_change_tell_it_once(
    clinic: ClinicAtWork, services: Services
) -> None:
    await _three(clinic)
    told = await asyncio.gather(*(line.send_places(services, clinic.clinic_id) for _ in range(6)))
    assert sorted(told) == [0, 0, 0, 0, 0, 3]


async def test_the_worker_hears_of_a_change_and_of_none_that_was_rolled_back(
    clinic: ClinicAtWork, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole way: the change, the wake-up, the worker, the patient's page."""
    monkeypatch.setattr(line, "PAUSE_SECONDS", 0.01)
    visit = await clinic.waiting()
    worker = asyncio.create_task(line.run(services))
    hub: LiveHub = clinic.app.state.hub
    async with aclosing(hub.listen(actor_of(clinic.patient), 0)) as page:
        assert (await _heard(page))[1].ahead == 0
        urgent = await clinic.waiting(await clinic.another_patient())
        with pytest.raises(KeyError):
            async with open_unit(services, system_actor(clinic.clinic_id)) as unit:
                found = await repository.for_update(unit.write, visit.id)
                await service.cancel(unit.write, found)
                raise KeyError
        async with open_unit(services, system_actor(clinic.clinic_id)) as unit:
            found = await repository.for_update(unit.write, urgent.id)
            await service.raise_priority(unit.write, found, [(decision("chest_pain"), Priority.EMERGENCY)])
        assert await _heard(page) == (str(visit.id), SentPlace(1, 0))
    worker.cancel()
    with suppress(asyncio.CancelledError):
        await worker


async def test_a_patients_page_shows_what_they_are_told(clinic: ClinicAtWork, services: Services) -> None:
    """The message and the page's own request agree."""
    visit = await clinic.waiting()
    for _ in range(6):
        await clinic.finished(10)
    doctor, patient = await clinic.browser(clinic.ruth), await clinic.browser(clinic.patient)
    await doctor.post("/api/queue/here", json={"page": "tab-1"})
    await line.send_places(services, clinic.clinic_id)
    shown = (await patient.get(f"/api/visits/{visit.id}/waiting")).json()
    [*_, (_, told, _)] = await _told(services, clinic)
    assert msgspec.to_builtins(told).items() <= shown.items()
    assert told.estimate


@pytest.mark.parametrize(
    ("earlier", "now", "differs"),
    [
        (None, SentPlace(0, 1), True),
        (SentPlace(1, 1), SentPlace(1, 1), False),
        (SentPlace(1, 1), SentPlace(0, 1), True),
        (SentPlace(1, 0), SentPlace(1, 1), True),
        (SentPlace(1, 1), SentPlace(1, 1, Estimate(5, 10, 20)), True),
        (SentPlace(1, 1, Estimate(5, 10, 20)), SentPlace(1, 1), True),
        (SentPlace(1, 1, Estimate(5, 10, 20)), SentPlace(1, 1, Estimate(1, 6, 16)), False),
        (SentPlace(1, 1, Estimate(5, 10, 20)), SentPlace(1, 1, Estimate(0, 5, 15)), True),
        (SentPlace(1, 1, Estimate(5, 10, 20)), SentPlace(1, 1, Estimate(10, 15, 25)), True),
    ],
)
def test_a_minute_more_or_less_is_no_news(earlier: SentPlace | None, now: SentPlace, differs: bool) -> None:
    assert now.differs(earlier) is differs


def test_lines_are_looked_at_more_often_than_an_estimate_is_wrong_by_much() -> None:
    assert timedelta(seconds=line.POLL_SECONDS) < timedelta(minutes=line.WORTH_TELLING)
