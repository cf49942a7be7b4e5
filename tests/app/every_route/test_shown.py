"""Whoever is shown in a list is on record as shown: held against every route that there is, in a clinic of several.

A new route is in here by being registered. What counts is the answer: each patient whose name, number or id stands in
it is named by an audit row of the same request, as the one whom it is about or among those whom it showed.
"""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from enum import StrEnum
from types import UnionType
from typing import Any, get_args, get_origin
from uuid import UUID

import httpx
import pytest
from litestar import Litestar
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from chart.reference import SETS
from core.actor import Role, system_actor
from core.database.reference import ensure_loaded
from core.database.session import WriteSession, open_unit
from core.ids import new_id
from core.services import Services
from followup import service as followup
from followup.domain import TaskKind, TaskSource, TaskStatus
from identity.models import Patient
from identity.permissions import GRANTS, Permission
from messaging import service as messaging
from tests.app.every_route.test_matrix import GUARDED, Route, call
from tests.app.every_route.world import World, make_world
from tests.conftest import make_clinic_row, new_browser
from tests.people import actor_of, make_patient, make_staff, session_for, sign_in
from visits import service as visits

STAFF = (Role.CLINICIAN, Role.COORDINATOR, Role.ADMIN)
FAMILIES = ("Abernathy", "Bellweather", "Castellanos")
_ABOUT = text("SELECT patient_id, patients FROM audit_event WHERE request_id = :request")
# What is looked for where a route takes words. Any other route is asked with what fits its schema.
_BODIES: dict[str, list[Any]] = {
    "POST /api/patients/search": [{"q": ""}, {"q": FAMILIES[0]}],
    "POST /api/admin/audit/search": [{}, *({"patient": family} for family in FAMILIES)],
    "POST /api/admin/audit/export": [{}],
}
LISTS = {
    "GET /api/queue",
    "GET /api/tasks",
    "GET /api/threads",
    *_BODIES,
}
READS = [route for route in GUARDED if route.method == "GET" or str(route) in _BODIES]


class Clinic:
    """The world of the matrix with more patients in it, each of them in every list, and colleagues who look."""

    def __init__(self, services: Services, world: World, crowd: list[Patient]) -> None:
        self.services = services
        self.world = world
        self.patients = [world.own.patient, world.other.patient, *crowd]
        self.browsers: dict[Role, httpx.AsyncClient] = {}

    def told_of(self, answer: httpx.Response) -> set[UUID]:
        """The patients of whom an answer tells: by id, record number, phone or name."""
        return {
            each.id
            for each in self.patients
            if any(
                mark in answer.text
                for mark in (str(each.id), each.mrn, each.phone or each.mrn, each.full_name)
            )
        }

    async def on_record(self, answer: httpx.Response) -> set[UUID]:
        """Those whom the audit rows of the request name."""
        async with open_unit(self.services, system_actor(self.world.own.patient.clinic_id)) as unit:
            rows = await unit.read.execute(_ABOUT, {"request": answer.headers["x-request-id"]})
            return {each for row in rows for each in (row.patient_id, *(row.patients or ()))}

    async def asked(self, role: Role, route: Route) -> list[httpx.Response]:
        """The answers to every form of the question: each value of each choice that the route offers."""
        browser, ids = self.browsers[role], dict(self.world.own.ids)
        if str(route) in _BODIES:
            return [await browser.post(route.path, json=body) for body in _BODIES[str(route)]]
        answers = [await call(browser, route, ids)]
        for query in choices(route):
            answers.append(await browser.get(str(answers[0].request.url.copy_with(params=query))))
        return answers


def choices(route: Route) -> Iterator[dict[str, str]]:
    """Each value of each query parameter that is one of several words."""
    for name, parameter in route.handler.parsed_fn_signature.parameters.items():
        kind = parameter.annotation
        options = get_args(kind) if get_origin(kind) in (UnionType,) else (kind,)
        for option in options:
            if isinstance(option, type) and issubclass(option, StrEnum):
                yield from ({name: str(each)} for each in option)


@pytest.fixture(scope="module")
async def clinic(services: Services, owner: AsyncEngine, app: Litestar) -> AsyncIterator[Clinic]:
    await ensure_loaded(owner, SETS)
    world = await make_world(services, await make_clinic_row(owner), await make_clinic_row(owner))
    clinic_id = world.own.patient.clinic_id
    async with open_unit(services, system_actor(clinic_id)) as unit:
        crowd = [await make_patient(unit.write, given="Quill", family=family) for family in FAMILIES]
        staff = {role: await make_staff(unit.write, role) for role in STAFF}
        tokens = {role: await session_for(unit.write, who) for role, who in staff.items()}
    for patient in crowd:
        async with open_unit(services, actor_of(patient)) as unit:
            await visits.request(unit.write, patient.id, "rash")
            thread = await messaging.open_thread(unit.write, patient.id, "A question")
            await messaging.send(unit.write, thread.id, new_id(), "Is it normal?")
    async with open_unit(services, system_actor(clinic_id)) as unit:
        for patient in (world.own.patient, world.other.patient, *crowd):
            for person in (None, staff[Role.CLINICIAN].id, staff[Role.COORDINATOR].id):
                await followup.assign(unit.write, await task_of(unit.write, patient), person, 1)
            await followup.close(unit.write, await task_of(unit.write, patient), TaskStatus.DONE, "Done", 1)
    made = Clinic(services, world, crowd)
    for role, token in tokens.items():
        made.browsers[role] = new_browser(app)
        sign_in(made.browsers[role], token)
    yield made
    for browser in made.browsers.values():
        await browser.aclose()


async def task_of(write: WriteSession, patient: Patient) -> UUID:
    """A task that is overdue."""
    task_id = await followup.create(
        write,
        patient_id=patient.id,
        visit_id=None,
        source=TaskSource.MANUAL,
        source_id=new_id(),
        kind=TaskKind.CALL,
        title="Call",
        due_at=write.now() - timedelta(hours=1),
    )
    assert task_id
    return task_id


@pytest.mark.parametrize("route", READS, ids=str)
async def test_everybody_whom_an_answer_shows_is_on_record(route: Route, clinic: Clinic) -> None:
    for role in GRANTS[Permission(route.permission)] & set(STAFF):
        for answer in await clinic.asked(role, route):
            missed = clinic.told_of(answer) - await clinic.on_record(answer)
            assert not missed, f"{role}: {answer.request.url} shows {missed} and names nobody: {answer.text}"


@pytest.mark.parametrize("route", [route for route in READS if str(route) in LISTS], ids=str)
async def test_the_lists_do_show_several(route: Route, clinic: Clinic) -> None:
    """Without it, a clinic in which a list is empty would prove nothing about that list."""
    [role, *_] = GRANTS[Permission(route.permission)] & set(STAFF)
    shown = [clinic.told_of(answer) for answer in await clinic.asked(role, route)]
    assert len(set().union(*shown)) >= len(FAMILIES), shown


async def test_a_new_list_that_names_nobody_would_be_noticed(clinic: Clinic) -> None:
    """What the test above looks at is the answer and the audit, and it sees when the two differ."""
    [queue] = [route for route in READS if str(route) == "GET /api/queue"]
    [answer] = await clinic.asked(Role.CLINICIAN, queue)
    answer.headers["x-request-id"] = "a request that nobody audited"
    assert len(clinic.told_of(answer) - await clinic.on_record(answer)) >= len(FAMILIES)
