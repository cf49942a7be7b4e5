"""A clinic at work in which every route that takes a key can be called once, with a body that it takes.

`ACTS` names each route that takes an Idempotency-Key, and how to get to the point where it may be called.
"""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
from litestar import Litestar
from sqlalchemy.ext.asyncio import AsyncEngine

from chart.reference import SETS
from core.actor import Role, system_actor
from core.database.reference import ensure_loaded
from core.database.session import open_unit
from core.ids import new_id
from core.services import Services
from followup import service as followup
from followup.domain import TaskKind, TaskSource
from identity.models import Account, Clinic, Patient
from identity.privacy import service as privacy
from identity.privacy.domain import Why
from tests.app.every_route.world import DRUG
from tests.chart.conftest import Scene, admitted_visit
from tests.chart.notes.test_signing import ready
from tests.conftest import new_browser
from tests.intake.conftest import World as IntakeWorld
from tests.people import actor_of, make_clinic, make_patient, make_staff, session_for, sign_in
from visits import service as visits

JSON = dict[str, Any]
Ids = dict[str, UUID | str]


@dataclass
class Stage:
    """One clinic, one person for each role, each with a browser."""

    clinic: Clinic
    services: Services
    app: Litestar
    patient: Patient
    staff: dict[Role, Account]
    browsers: dict[Role, httpx.AsyncClient] = field(default_factory=dict)

    async def visit(self) -> UUID:
        """A visit that the clinician has admitted."""
        async with open_unit(self.services, system_actor(self.clinic.id)) as unit:
            return (await admitted_visit(unit.write, self.patient, self.staff[Role.CLINICIAN])).id

    async def ready_note(self) -> tuple[UUID, UUID, str]:
        """A note shown for signing: its visit, its id, and the fingerprint shown."""
        async with open_unit(self.services, system_actor(self.clinic.id)) as unit:
            visit = await admitted_visit(unit.write, self.patient, self.staff[Role.CLINICIAN])
        scene = Scene(self.staff[Role.CLINICIAN], self.patient, visit)
        note_id, shown = await ready(self.browsers[Role.CLINICIAN], scene)
        return visit.id, UUID(note_id), str(shown["sha256"])


async def set_stage(services: Services, app: Litestar, owner: AsyncEngine, stack: AsyncExitStack) -> Stage:
    """Make one. The browsers close with the stack."""
    await ensure_loaded(owner, SETS)
    clinic = await make_clinic(owner)
    async with open_unit(services, system_actor(clinic.id)) as unit:
        patient = await make_patient(unit.write)
        staff = {role: await make_staff(unit.write, role) for role in (Role.CLINICIAN, Role.COORDINATOR)}
        staff[Role.ADMIN] = await make_staff(unit.write, Role.ADMIN)
        people: dict[Role, Account | Patient] = {Role.PATIENT: patient, **staff}
        tokens = {role: await session_for(unit.write, who) for role, who in people.items()}
    stage = Stage(clinic, services, app, patient, staff)
    for role, token in tokens.items():
        stage.browsers[role] = await stack.enter_async_context(new_browser(app))
        sign_in(stage.browsers[role], token)
    return stage


@dataclass(frozen=True)
class Act:
    """One request that creates: who sends it, the ids of its path, its body."""

    role: Role
    body: JSON
    ids: Ids = field(default_factory=dict)


def tomorrow() -> str:
    return (datetime.now(UTC) + timedelta(days=1)).isoformat()


async def _person(stage: Stage) -> Act:
    return Act(
        Role.ADMIN,
        {"given": "Kai", "family": "Moss", "email": f"{new_id()}@x.example", "roles": ["coordinator"]},
    )


async def _consent(stage: Stage) -> Act:
    return Act(Role.ADMIN, {"body_en": "I agree to be seen by video.", "body_es": "Acepto la consulta."})


async def _visit_type(stage: Stage) -> Act:
    return Act(Role.ADMIN, {"title_en": "Travel advice", "title_es": "Consejos de viaje"})


async def _location(stage: Stage) -> Act:
    return Act(Role.ADMIN, {"name": "West office", "time_zone": "America/Chicago"})


async def _contact(stage: Stage) -> Act:
    return Act(
        Role.COORDINATOR,
        {"kind": "home", "value": "(518) 555-0178"},
        {"patient_id": stage.patient.id},
    )


async def _identifier(stage: Stage) -> Act:
    return Act(
        Role.COORDINATOR,
        {"kind": "MB", "issuer": "Acme Health", "value": "W123"},
        {"patient_id": stage.patient.id},
    )


async def _visit(stage: Stage) -> Act:
    return Act(Role.PATIENT, {"reason_code": "rash"})


async def _booking(stage: Stage) -> Act:
    clinician = stage.staff[Role.CLINICIAN].id
    hours = [{"weekday": day, "starts": "00:00", "ends": "00:00", "slot_minutes": 30} for day in range(7)]
    await stage.browsers[Role.CLINICIAN].put(f"/api/clinicians/{clinician}/hours", json={"hours": hours})
    days = (await stage.browsers[Role.PATIENT].get("/api/slots", params={"days": "3"})).json()["days"]
    slot = [slot for day in days for slot in day["slots"]][5]
    return Act(
        Role.PATIENT,
        {"reason_code": "rash", "clinician_id": str(clinician), "starts_at": slot["starts_at"]},
    )


async def _exception(stage: Stage) -> Act:
    day = tomorrow()[:10]
    body = {"kind": "away", "first_day": day, "last_day": day}
    return Act(Role.CLINICIAN, body, {"clinician_id": stage.staff[Role.CLINICIAN].id})


def _chart(body: JSON) -> "Prepare":
    async def prepare(stage: Stage) -> Act:
        return Act(Role.CLINICIAN, body, {"patient_id": stage.patient.id})

    return prepare


async def _section(stage: Stage) -> Act:
    body = {"values": {"goal": "Walk every day"}}
    return Act(Role.CLINICIAN, body, {"patient_id": stage.patient.id, "resource_type": "Goal"})


def _change(kind: str, added: JSON, change: JSON) -> "Prepare":
    """To a record that was just added under `patients/{patient_id}/{kind}`."""

    async def prepare(stage: Stage) -> Act:
        ids: Ids = {"patient_id": stage.patient.id, "resource_type": kind.removeprefix("sections/")}
        record = await _record(stage, kind, added)
        return Act(Role.CLINICIAN, {**change, "version": 1}, {**ids, "record_id": record})

    return prepare


async def _record(stage: Stage, kind: str = "allergies", added: JSON | None = None) -> str:
    at = f"/api/patients/{stage.patient.id}/{kind}"
    answer = await stage.browsers[Role.CLINICIAN].post(at, json=added or {"display": "Latex"})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def _in_error(stage: Stage) -> Act:
    ids: Ids = {"patient_id": stage.patient.id, "record_id": await _record(stage)}
    return Act(Role.CLINICIAN, {"reason": "Another patient's"}, ids)


async def _in_error_undo(stage: Stage) -> Act:
    act = await _in_error(stage)
    at = "/api/patients/{patient_id}/records/{record_id}/in-error".format(**act.ids)
    await stage.browsers[Role.CLINICIAN].post(at, json=act.body)
    return Act(Role.CLINICIAN, {"version": 2}, act.ids)


async def _sign(stage: Stage) -> Act:
    _, note_id, sha256 = await stage.ready_note()
    return Act(Role.CLINICIAN, {"sha256": sha256}, {"note_id": note_id})


async def _finish(stage: Stage) -> Act:
    visit_id, _, sha256 = await stage.ready_note()
    return Act(Role.CLINICIAN, {"sha256": sha256}, {"visit_id": visit_id})


async def _addendum(stage: Stage) -> Act:
    _, note_id, sha256 = await stage.ready_note()
    await stage.browsers[Role.CLINICIAN].post(f"/api/notes/{note_id}/sign", json={"sha256": sha256})
    return Act(Role.CLINICIAN, {"text": "The culture is clean."}, {"note_id": note_id})


async def _prescription(stage: Stage) -> Act:
    return Act(Role.CLINICIAN, {"drug_id": DRUG}, {"visit_id": await stage.visit()})


async def _guest(stage: Stage) -> Act:
    return Act(Role.CLINICIAN, {"kind": "interpreter"}, {"visit_id": await stage.visit()})


async def _phone(stage: Stage) -> Act:
    return Act(Role.CLINICIAN, {"own_number": "(518) 555-0190"}, {"visit_id": await stage.visit()})


async def _thread(stage: Stage) -> Act:
    return Act(Role.PATIENT, {"subject": "My rash", "body": "Is it catching?", "client_id": str(new_id())})


async def _submit(stage: Stage) -> Act:
    async with open_unit(stage.services, actor_of(stage.patient)) as unit:
        visit_id = (await visits.request(unit.write, stage.patient.id, "follow-up")).id
    browsers = stage.browsers[Role.PATIENT], stage.browsers[Role.CLINICIAN]
    world = IntakeWorld(
        stage.clinic, stage.patient, stage.staff[Role.CLINICIAN], visit_id, *browsers, stage.app
    )
    saved = await world.put(0, await world.complete_draft())
    return Act(Role.PATIENT, {"version": saved.json()["version"]}, {"visit_id": visit_id})


async def _restriction(stage: Stage) -> Act:
    body = {"why": "staff", "reason": "Works at the desk", "ends_at": tomorrow(), "named": []}
    return Act(Role.COORDINATOR, body, {"patient_id": stage.patient.id})


async def _related(stage: Stage) -> Act:
    body = {"given": "Ana", "relationship": "MTH", "scope": "full", "reason": "She called and asked for it"}
    return Act(Role.COORDINATOR, body, {"patient_id": stage.patient.id})


async def _opening(stage: Stage) -> Act:
    async with open_unit(stage.services, actor_of(stage.staff[Role.COORDINATOR])) as unit:
        patient = await make_patient(unit.write)
        ends = unit.write.now() + timedelta(days=1)
        await privacy.restrict(unit.write, patient.id, Why.STAFF, "Works at the desk", ends, [])
    return Act(Role.CLINICIAN, {"reason": "Called about a fever"}, {"patient_id": patient.id})


async def _task(stage: Stage) -> Act:
    return Act(
        Role.COORDINATOR,
        {"patient_id": str(stage.patient.id), "title": "Call", "kind": "call", "due_at": tomorrow()},
    )


async def _open_task(stage: Stage) -> UUID:
    async with open_unit(stage.services, system_actor(stage.clinic.id)) as unit:
        task_id = await followup.create(
            unit.write,
            patient_id=stage.patient.id,
            visit_id=None,
            source=TaskSource.MANUAL,
            source_id=new_id(),
            kind=TaskKind.CALL,
            title="Call",
            due_at=unit.write.now() + timedelta(days=1),
        )
    assert task_id
    return task_id


async def _outreach(stage: Stage) -> Act:
    body = {"channel": "phone", "outcome": "no_answer"}
    return Act(Role.COORDINATOR, body, {"task_id": await _open_task(stage)})


def _on_task(body: JSON) -> "Prepare":
    async def prepare(stage: Stage) -> Act:
        return Act(Role.COORDINATOR, {**body, "version": 1}, {"task_id": await _open_task(stage)})

    return prepare


async def _reopen(stage: Stage) -> Act:
    task_id = await _open_task(stage)
    closing = {"outcome": "Reached", "version": 1}
    await stage.browsers[Role.COORDINATOR].post(f"/api/tasks/{task_id}/complete", json=closing)
    return Act(Role.COORDINATOR, {"version": 2}, {"task_id": task_id})


async def _yes(stage: Stage) -> Act:
    return Act(Role.PATIENT, {"rule": "chest_pain"})


Prepare = Callable[[Stage], Awaitable[Act]]

ACTS: dict[str, Prepare] = {
    "/api/admin/people": _person,
    "/api/admin/consent": _consent,
    "/api/admin/locations": _location,
    "/api/admin/visit-types": _visit_type,
    "/api/visits": _visit,
    "/api/patients/{patient_id}/contacts": _contact,
    "/api/patients/{patient_id}/identifiers": _identifier,
    "/api/patients/{patient_id}/related": _related,
    "/api/patients/{patient_id}/restriction": _restriction,
    "/api/patients/{patient_id}/open": _opening,
    "/api/bookings": _booking,
    "/api/clinicians/{clinician_id}/exceptions": _exception,
    "/api/patients/{patient_id}/problems": _chart({"display": "Eczema"}),
    "/api/patients/{patient_id}/allergies": _chart({"display": "Latex"}),
    "/api/patients/{patient_id}/medicines": _chart({"display": "Melatonin 3 mg"}),
    "/api/patients/{patient_id}/sections/{resource_type}": _section,
    "/api/patients/{patient_id}/vitals": _chart({"code": "8867-4", "value": 70}),
    "/api/patients/{patient_id}/problems/{record_id}": _change(
        "problems", {"display": "Eczema"}, {"active": False}
    ),
    "/api/patients/{patient_id}/allergies/{record_id}": _change("allergies", {"display": "Latex"}, {}),
    "/api/patients/{patient_id}/medicines/{record_id}": _change(
        "medicines", {"display": "Melatonin 3 mg"}, {"status": "stopped"}
    ),
    "/api/patients/{patient_id}/sections/{resource_type}/{record_id}": _change(
        "sections/Goal", {"values": {"goal": "Walk"}}, {"values": {"goal": "Run"}}
    ),
    "/api/patients/{patient_id}/records/{record_id}/in-error": _in_error,
    "/api/patients/{patient_id}/records/{record_id}/in-error/undo": _in_error_undo,
    "/api/notes/{note_id}/sign": _sign,
    "/api/visits/{visit_id}/finish-visit": _finish,
    "/api/notes/{note_id}/addenda": _addendum,
    "/api/visits/{visit_id}/prescriptions": _prescription,
    "/api/visits/{visit_id}/people": _guest,
    "/api/visits/{visit_id}/phone": _phone,
    "/api/threads": _thread,
    "/api/intake/red-flags": _yes,
    "/api/visits/{visit_id}/intake/submit": _submit,
    "/api/tasks": _task,
    "/api/tasks/{task_id}/outreach": _outreach,
    "/api/tasks/{task_id}/assign": _on_task({"assignee_id": None}),
    "/api/tasks/{task_id}/put-off": _on_task({"due_at": "2100-03-01T15:00:00Z"}),
    "/api/tasks/{task_id}/complete": _on_task({"outcome": "Reached"}),
    "/api/tasks/{task_id}/cancel": _on_task({"outcome": "Not needed"}),
    "/api/tasks/{task_id}/reopen": _reopen,
}
