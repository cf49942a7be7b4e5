"""Lists cost the same number of queries however long they are: nothing is fetched row by row."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from litestar import Litestar
from sqlalchemy.ext.asyncio import AsyncEngine

from core.actor import Role, system_actor
from core.database.session import WriteSession, open_unit
from core.ids import new_id
from core.services import Services
from followup import service as followup
from followup.domain import TaskKind, TaskSource, TaskStatus
from identity.models import Account, Patient
from messaging import service as messaging
from tests.app.every_route.stage import Stage, set_stage
from tests.people import actor_of, make_patient, make_staff
from tests.statements import counted
from visits.domain import VisitKind, VisitStatus
from visits.models import Visit, VisitStep

LISTS = {
    "/api/queue": Role.CLINICIAN,
    "/api/patients/search": Role.CLINICIAN,
    "/api/tasks": Role.COORDINATOR,
    "/api/tasks?view=done": Role.COORDINATOR,
    "/api/tasks/team": Role.COORDINATOR,
    "/api/threads": Role.COORDINATOR,
    "/api/threads/unread": Role.COORDINATOR,
    "/api/admin/people": Role.ADMIN,
    "/api/admin/audit/search": Role.ADMIN,
    "/api/visits": Role.PATIENT,
    "/api/me/record": Role.PATIENT,
    "/api/me/accesses": Role.PATIENT,
    "/api/visits/{visit_id}/thread": Role.PATIENT,
    "/api/visits/{visit_id}/connection": Role.COORDINATOR,
    "/api/calls/health": Role.ADMIN,
}


@pytest.fixture
async def stage(services: Services, app: Litestar, owner: AsyncEngine) -> AsyncIterator[Stage]:
    async with AsyncExitStack() as stack:
        yield await set_stage(services, app, owner, stack)


async def test_a_longer_list_takes_no_more_queries(stage: Stage) -> None:
    visit_id = await _fill(stage, 2)
    short = await _costs(stage, visit_id)
    await _fill(stage, 10, visit_id)
    assert await _costs(stage, visit_id) == short


async def _costs(stage: Stage, visit_id: UUID) -> dict[str, int]:
    """How many statements each list takes."""
    costs = {}
    for path, role in LISTS.items():
        with counted(stage.services) as sent:
            address, browser = path.format(visit_id=visit_id), stage.browsers[role]
            answer = await (
                browser.post(address, json={}) if path.endswith("/search") else browser.get(address)
            )
        assert answer.status_code == 200, (path, answer.text)
        costs[path] = len(sent)
    return costs


async def _fill(stage: Stage, rows: int, visit_id: UUID | None = None) -> UUID:
    """Give every list so many rows more; the visit is the one whose thread is read."""
    async with open_unit(stage.services, system_actor(stage.clinic.id)) as unit:
        write = unit.write
        for _ in range(rows):
            await make_staff(write, Role.CLINICIAN)
            other = await make_patient(write)
            write.add(_visit(write.now(), other, VisitStatus.WAITING))
            seen = _visit(write.now(), stage.patient, VisitStatus.FINISHED, stage.staff[Role.CLINICIAN])
            write.add(seen)
            await write.flush()
            visit_id = visit_id or seen.id
            write.add(VisitStep(visit_id=visit_id, kind="visit.left", at=write.now()))
            await _task(write, other)
            await followup.close(write, await _task(write, other), TaskStatus.DONE, "Reached", 1)
    for _ in range(rows):
        async with open_unit(stage.services, actor_of(stage.patient)) as unit:
            thread = await messaging.open_thread(unit.write, stage.patient.id, "A question")
            await messaging.send(unit.write, thread.id, new_id(), "Is it normal?")
    assert visit_id
    return visit_id


def _visit(now: datetime, patient: Patient, status: VisitStatus, clinician: Account | None = None) -> Visit:
    return Visit(
        patient_id=patient.id,
        clinician_id=clinician.id if clinician else None,
        kind=VisitKind.ON_DEMAND,
        reason_code="rash",
        status=status,
        requested_at=now,
        queued_at=now,
        admitted_at=now if clinician else None,
        finished_at=now if clinician else None,
    )


async def _task(write: WriteSession, patient: Patient) -> UUID:
    task_id = await followup.create(
        write,
        patient_id=patient.id,
        visit_id=None,
        source=TaskSource.MANUAL,
        source_id=new_id(),
        kind=TaskKind.CALL,
        title="Call",
        due_at=write.now() + timedelta(days=1),
    )
    assert task_id
    return task_id
